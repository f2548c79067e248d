-- SPDX-License-Identifier: Apache-2.0
-- Who is sick, since when, what was done to the report, and sealed notes; when leave is
-- given back for it.

-- +goose Up
ALTER TABLE leave_type ADD COLUMN give_back TEXT NOT NULL DEFAULT ''; -- when; empty: never
ALTER TABLE leave_type ADD COLUMN partly_back BIGINT NOT NULL DEFAULT 0;

CREATE TABLE sickness (
    id             TEXT PRIMARY KEY NOT NULL,
    person         TEXT NOT NULL REFERENCES person (id),
    from_date      TEXT NOT NULL,
    to_date        TEXT, -- NULL: not well again yet
    expected       TEXT, -- first day back at work; NULL: nobody knows
    certified      BIGINT NOT NULL,
    note_until     TEXT, -- last day that the doctor's note covers; NULL: all
    agreed         BIGINT NOT NULL, -- that leave booked in it counts as taken
    recovery       TEXT NOT NULL, -- one "DATE PERCENT" for each step, parted by ";"
    withdrawn      BIGINT NOT NULL,
    reported_by    TEXT NOT NULL,
    reported_at_us BIGINT NOT NULL
);

CREATE INDEX sickness_person ON sickness (person);
CREATE INDEX sickness_dates ON sickness (to_date, from_date);

CREATE TABLE sickness_change (
    id         TEXT PRIMARY KEY NOT NULL,
    sickness   TEXT NOT NULL REFERENCES sickness (id),
    what       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    at_us      BIGINT NOT NULL,
    from_date  TEXT NOT NULL, -- the report after it, as above
    to_date    TEXT,
    expected   TEXT,
    certified  BIGINT NOT NULL,
    note_until TEXT,
    agreed     BIGINT NOT NULL,
    recovery   TEXT NOT NULL,
    withdrawn  BIGINT NOT NULL
);

CREATE INDEX sickness_change_sickness ON sickness_change (sickness);

CREATE TABLE sickness_note (
    id       TEXT PRIMARY KEY NOT NULL,
    sickness TEXT NOT NULL REFERENCES sickness (id),
    made_by  TEXT NOT NULL,
    at_us    BIGINT NOT NULL,
    text     TEXT NOT NULL -- sealed
);

CREATE INDEX sickness_note_sickness ON sickness_note (sickness);
