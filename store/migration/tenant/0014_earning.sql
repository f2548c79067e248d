-- SPDX-License-Identifier: Apache-2.0
-- When somebody was born, and what one leave year grants somebody by agreement.

-- +goose Up
ALTER TABLE person ADD COLUMN born TEXT; -- NULL: not known

CREATE TABLE fixed_entitlement (
    id      TEXT PRIMARY KEY NOT NULL,
    person  TEXT NOT NULL REFERENCES person (id),
    type    TEXT NOT NULL REFERENCES leave_type (id),
    year    BIGINT NOT NULL, -- in which the leave year begins
    amount  TEXT NOT NULL, -- exact, in the unit of the type
    reason  TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at_us   BIGINT NOT NULL,
    UNIQUE (person, type, year)
);
