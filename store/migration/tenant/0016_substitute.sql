-- SPDX-License-Identifier: Apache-2.0
-- Who does the work of somebody on leave.

-- +goose Up
ALTER TABLE leave_type ADD COLUMN substitute TEXT NOT NULL DEFAULT ''; -- empty: none is named
ALTER TABLE leave_type ADD COLUMN substitute_agrees BIGINT NOT NULL DEFAULT 0;
ALTER TABLE leave_request ADD COLUMN substitutes TEXT NOT NULL DEFAULT ''; -- all who were named, in that order, with their answers; JSON
ALTER TABLE leave_request ADD COLUMN substitute TEXT; -- the last of them; NULL: nobody

CREATE INDEX leave_request_substitute ON leave_request (substitute, to_date);
