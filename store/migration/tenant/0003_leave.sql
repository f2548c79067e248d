-- SPDX-License-Identifier: Apache-2.0
-- What may be taken, and what was asked for.

-- +goose Up
CREATE TABLE leave_type (
    id         TEXT PRIMARY KEY NOT NULL,
    name       TEXT NOT NULL UNIQUE,
    colour     BIGINT NOT NULL,
    unit       TEXT NOT NULL,
    counting   TEXT NOT NULL,
    entitled   BIGINT NOT NULL,
    unapproved BIGINT NOT NULL,
    private    BIGINT NOT NULL,
    whole_days BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    retired    BIGINT NOT NULL
);

CREATE TABLE leave_package (
    id   TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE leave_policy (
    id        TEXT PRIMARY KEY NOT NULL,
    package   TEXT NOT NULL REFERENCES leave_package (id),
    type      TEXT NOT NULL REFERENCES leave_type (id),
    from_date TEXT, -- NULL: since ever
    terms     TEXT NOT NULL
);

CREATE TABLE leave_request (
    id            TEXT PRIMARY KEY NOT NULL,
    person        TEXT NOT NULL REFERENCES person (id),
    type          TEXT NOT NULL REFERENCES leave_type (id),
    from_date     TEXT NOT NULL,
    to_date       TEXT NOT NULL,
    first_part    TEXT NOT NULL,
    last_part     TEXT NOT NULL,
    state         TEXT NOT NULL,
    note          TEXT NOT NULL,
    asked_by      TEXT NOT NULL,
    asked_at_us   BIGINT NOT NULL,
    decided_by    TEXT,
    decided_at_us BIGINT,
    reason        TEXT NOT NULL,
    charges       TEXT NOT NULL -- one "DATE MINUTES DAYS" for each day that costs something, parted by ";"
);

CREATE INDEX leave_request_person ON leave_request (person, state);
CREATE INDEX leave_request_dates ON leave_request (to_date, from_date);
CREATE INDEX leave_request_state ON leave_request (state, asked_at_us);

CREATE TABLE adjustment (
    id      TEXT PRIMARY KEY NOT NULL,
    person  TEXT NOT NULL REFERENCES person (id),
    type    TEXT NOT NULL REFERENCES leave_type (id),
    date    TEXT NOT NULL,
    until_date TEXT, -- last day to take it; NULL: as the leave year's own
    amount  TEXT NOT NULL, -- exact, in the unit of the type
    reason  TEXT NOT NULL,
    made_by TEXT NOT NULL,
    at_us   BIGINT NOT NULL
);

CREATE INDEX adjustment_person ON adjustment (person);

CREATE TABLE outbox (
    id       TEXT PRIMARY KEY NOT NULL,
    key      TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    at_us    BIGINT NOT NULL,
    due_us   BIGINT, -- NULL: ended
    attempts BIGINT NOT NULL,
    fault    TEXT NOT NULL, -- of the last attempt
    ended_us BIGINT,
    gave_up  BIGINT NOT NULL
);

CREATE INDEX outbox_due ON outbox (due_us);
