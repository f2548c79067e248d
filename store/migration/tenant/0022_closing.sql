-- SPDX-License-Identifier: Apache-2.0
-- Leave years that were closed, as they were then, and who closed and opened them.

-- +goose Up
CREATE TABLE closing_act (
    id        TEXT PRIMARY KEY NOT NULL, -- sorts by time
    kind      TEXT NOT NULL, -- close or reopen
    year_from TEXT NOT NULL,
    year_to   TEXT NOT NULL,
    package   TEXT NOT NULL, -- of whom; empty: of all packages
    person    TEXT NOT NULL, -- of whom alone; empty: of all
    reason    TEXT NOT NULL, -- of what was opened again
    people    BIGINT NOT NULL,
    accounts  BIGINT NOT NULL, -- leave years of one type of one person
    made_by   TEXT NOT NULL REFERENCES person (id),
    at_us     BIGINT NOT NULL
);

CREATE TABLE closing (
    id        TEXT PRIMARY KEY NOT NULL,
    act       TEXT NOT NULL REFERENCES closing_act (id),
    person    TEXT NOT NULL REFERENCES person (id),
    type      TEXT NOT NULL REFERENCES leave_type (id),
    year_from TEXT NOT NULL,
    year_to   TEXT NOT NULL,
    balance   TEXT NOT NULL, -- exact, in the unit of the type, at the end of the year
    kept      TEXT NOT NULL, -- lines and buckets, as leave.Kept writes them
    made_by   TEXT NOT NULL,
    at_us     BIGINT NOT NULL,
    reopened  TEXT NOT NULL DEFAULT '' -- id of the act that opened it again; empty: it is closed
);

CREATE UNIQUE INDEX closing_in_force ON closing (person, type, year_to) WHERE reopened = '';
