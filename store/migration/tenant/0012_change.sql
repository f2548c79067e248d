-- SPDX-License-Identifier: Apache-2.0
-- What a leave type says of changes, and of the time for an answer.

-- +goose Up
ALTER TABLE leave_type ADD COLUMN free_return BIGINT NOT NULL DEFAULT 0;
ALTER TABLE leave_type ADD COLUMN answer_days BIGINT NOT NULL DEFAULT 0; -- 0: however long
