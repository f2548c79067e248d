-- SPDX-License-Identifier: Apache-2.0
-- What people report and ask for that moves a balance: events, overtime, leave bought and sold.

-- +goose Up
CREATE TABLE claim (
    id            TEXT PRIMARY KEY NOT NULL,
    person        TEXT NOT NULL REFERENCES person (id),
    kind          TEXT NOT NULL,
    type          TEXT REFERENCES leave_type (id), -- NULL: an event, on which several may be due
    date          TEXT NOT NULL,
    event         TEXT NOT NULL,
    child         TEXT NOT NULL,
    times         TEXT NOT NULL, -- of overtime, "18:00-20:30"; empty: only how long
    minutes       BIGINT NOT NULL,
    factor        BIGINT NOT NULL, -- percent
    amount        TEXT NOT NULL, -- exact, in the unit of the type
    note          TEXT NOT NULL,
    state         TEXT NOT NULL,
    asked_by      TEXT NOT NULL,
    asked_at_us   BIGINT NOT NULL,
    decided_by    TEXT,
    decided_at_us BIGINT,
    reason        TEXT NOT NULL
);

CREATE INDEX claim_person ON claim (person);
CREATE INDEX claim_state ON claim (state, asked_at_us);
