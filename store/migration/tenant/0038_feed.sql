-- SPDX-License-Identifier: Apache-2.0
-- Calendars of leave that apps fetch by a secret address, which is kept as a digest only.

-- +goose Up
CREATE TABLE feed (
    digest     TEXT PRIMARY KEY NOT NULL,
    id         TEXT NOT NULL UNIQUE,
    person     TEXT NOT NULL REFERENCES person (id),
    team       TEXT NOT NULL, -- whose leave is in it; empty: the person's own
    holidays   BIGINT NOT NULL, -- 1: the public holidays of the person too
    created_us BIGINT NOT NULL,
    used_us    BIGINT, -- NULL: never
    content    TEXT NOT NULL, -- fingerprint of what was in it last; empty: never fetched
    changed_us BIGINT -- since when that is so; NULL: never fetched
);

CREATE INDEX feed_person ON feed (person);
