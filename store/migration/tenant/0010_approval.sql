-- SPDX-License-Identifier: Apache-2.0
-- Who decides on leave, in what order, who stands in for whom, and what is too much.

-- +goose Up
ALTER TABLE leave_request ADD COLUMN route TEXT NOT NULL DEFAULT ''; -- the rule it was asked under; empty: one of the managers
ALTER TABLE leave_request ADD COLUMN replaces TEXT NOT NULL DEFAULT ''; -- id of the leave that it would take the place of

CREATE TABLE decision (
    id       TEXT PRIMARY KEY NOT NULL,
    request  TEXT NOT NULL REFERENCES leave_request (id),
    step     BIGINT NOT NULL,
    made_by  TEXT NOT NULL,
    made_for TEXT NOT NULL, -- whose stand-in made it; empty: nobody's
    capacity TEXT NOT NULL,
    approved BIGINT NOT NULL,
    note     TEXT NOT NULL,
    at_us    BIGINT NOT NULL
);

CREATE INDEX decision_request ON decision (request);

CREATE TABLE approval_rule (
    id   TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    rule TEXT NOT NULL
);

CREATE TABLE stand_in (
    id        TEXT PRIMARY KEY NOT NULL,
    person    TEXT NOT NULL REFERENCES person (id),
    stands_in TEXT NOT NULL REFERENCES person (id),
    from_date TEXT NOT NULL,
    to_date   TEXT, -- NULL: until it is taken back
    set_by    TEXT NOT NULL,
    at_us     BIGINT NOT NULL
);

CREATE TABLE leave_limit (
    id     TEXT PRIMARY KEY NOT NULL,
    name   TEXT NOT NULL,
    limits TEXT NOT NULL
);
