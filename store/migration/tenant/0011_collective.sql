-- SPDX-License-Identifier: Apache-2.0
-- Leave that is booked for many at once.

-- +goose Up
CREATE TABLE collective (
    id           TEXT PRIMARY KEY NOT NULL,
    type         TEXT NOT NULL REFERENCES leave_type (id),
    from_date    TEXT NOT NULL,
    to_date      TEXT NOT NULL,
    first_part   TEXT NOT NULL,
    last_part    TEXT NOT NULL,
    reason       TEXT NOT NULL,
    booked_by    TEXT NOT NULL,
    booked_at_us BIGINT NOT NULL,
    undone_by    TEXT, -- NULL: it stands
    undone_at_us BIGINT,
    undone_why   TEXT NOT NULL
);

ALTER TABLE leave_request ADD COLUMN collective TEXT; -- NULL: somebody asked for it

CREATE INDEX leave_request_collective ON leave_request (collective);
