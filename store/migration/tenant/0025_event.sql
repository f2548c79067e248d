-- SPDX-License-Identifier: Apache-2.0
-- What changed, for programs: written with the change, numbered after it.

-- +goose Up
CREATE TABLE event (
    id      TEXT PRIMARY KEY NOT NULL,
    n       BIGINT UNIQUE,   -- NULL: not numbered yet; a later commit has a greater one
    at_us   BIGINT NOT NULL,
    place   BIGINT NOT NULL, -- among the events of its transaction
    type    TEXT NOT NULL,
    thing   TEXT NOT NULL,   -- id; no reference, since the thing may be gone
    person  TEXT NOT NULL,   -- whose it is; empty: nobody's
    made_by TEXT NOT NULL    -- empty: an operator, or nobody but time
);

CREATE INDEX event_new ON event (at_us, place, id) WHERE n IS NULL;
CREATE INDEX event_at ON event (at_us);

CREATE TABLE event_head (
    id TEXT PRIMARY KEY NOT NULL,
    n  BIGINT NOT NULL -- the last number that was given
);

INSERT INTO event_head (id, n) VALUES ('head', 0);
