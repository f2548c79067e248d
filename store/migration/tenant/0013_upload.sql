-- SPDX-License-Identifier: Apache-2.0
-- Files that somebody is importing, for an hour.

-- +goose Up
CREATE TABLE upload (
    id      TEXT PRIMARY KEY NOT NULL,
    made_by TEXT NOT NULL REFERENCES person (id),
    at_us   BIGINT NOT NULL,
    name    TEXT NOT NULL,
    size    BIGINT NOT NULL, -- bytes of data
    data    BYTEA NOT NULL,
    options TEXT NOT NULL, -- JSON
    written TEXT -- JSON, what importing it did; NULL: not yet
);

CREATE INDEX upload_at ON upload (at_us);
