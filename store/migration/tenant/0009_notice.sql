-- SPDX-License-Identifier: Apache-2.0
-- Letters that told somebody of leave that ends, with the proof of delivery and reading.

-- +goose Up
CREATE TABLE notice (
    id           TEXT PRIMARY KEY NOT NULL,
    person       TEXT NOT NULL REFERENCES person (id),
    type         TEXT NOT NULL REFERENCES leave_type (id),
    ends         TEXT NOT NULL, -- the last day to take it
    amount       TEXT NOT NULL, -- exact, in the unit of the type
    rest         TEXT NOT NULL, -- what becomes of it; empty: it lapses
    made_by      TEXT NOT NULL,
    at_us        BIGINT NOT NULL,
    delivered_us BIGINT, -- NULL: not yet
    gave_up_us   BIGINT,
    read_us      BIGINT
);

CREATE INDEX notice_person ON notice (person);
