-- SPDX-License-Identifier: Apache-2.0
-- People who serve several customers: the bureaus that this customer admits, and the
-- customers that admit this one.

-- +goose Up
CREATE TABLE bureau (
    id          TEXT PRIMARY KEY NOT NULL,
    host        TEXT NOT NULL,
    firm        TEXT NOT NULL, -- id of the bureau in the registry; empty: it has not answered
    name        TEXT NOT NULL, -- likewise
    site        TEXT NOT NULL, -- likewise
    roles       TEXT NOT NULL, -- names of roles and ids of the customer's own, parted by spaces
    everybody   BIGINT NOT NULL, -- 1: whoever the bureau sends; 0: those of mails
    mails       TEXT NOT NULL, -- one on each line
    reason      TEXT NOT NULL,
    until_date  TEXT NOT NULL, -- the last day
    ends_us     BIGINT NOT NULL, -- when that day is over
    state       TEXT NOT NULL, -- offered, accepted, declined, left, ended
    made_us     BIGINT NOT NULL,
    made_by     TEXT NOT NULL, -- a person
    answered_us BIGINT, -- NULL: not yet
    ended_us    BIGINT, -- NULL: it stands
    ended_by    TEXT NOT NULL, -- empty: the bureau
    version     BIGINT NOT NULL
);

-- Somebody of a bureau. Their roles, and until when they may act, are those of the bureau.
ALTER TABLE person ADD COLUMN bureau TEXT REFERENCES bureau (id); -- NULL: one of the customer's own
CREATE INDEX person_bureau ON person (bureau);

ALTER TABLE sso_provider ADD COLUMN bureau BIGINT NOT NULL DEFAULT 0; -- 1: the bureau of that id

CREATE TABLE bureau_visit (
    id     TEXT PRIMARY KEY NOT NULL, -- sorts by time
    bureau TEXT NOT NULL REFERENCES bureau (id),
    person TEXT NOT NULL REFERENCES person (id),
    at_us  BIGINT NOT NULL
);

CREATE INDEX bureau_visit_bureau ON bureau_visit (bureau);

CREATE TABLE served (
    id          TEXT PRIMARY KEY NOT NULL,
    customer    TEXT NOT NULL, -- id in the registry
    name        TEXT NOT NULL,
    site        TEXT NOT NULL,
    roles       TEXT NOT NULL, -- names, parted by spaces
    custom      TEXT NOT NULL, -- names of the customer's own roles, one on each line
    everybody   BIGINT NOT NULL, -- 1: the customer admits whoever is sent
    mails       TEXT NOT NULL, -- else these; one on each line
    reason      TEXT NOT NULL,
    until_date  TEXT NOT NULL,
    ends_us     BIGINT NOT NULL,
    state       TEXT NOT NULL,
    version     BIGINT NOT NULL,
    sends_all   BIGINT NOT NULL, -- 1: whoever is admitted is sent
    chosen      TEXT NOT NULL, -- else these: ids, parted by spaces
    answered_us BIGINT,
    answered_by TEXT NOT NULL
);
