-- SPDX-License-Identifier: Apache-2.0
-- What the registry knows about itself, one row a fact; and how the customers' databases were
-- brought up to date.

-- +goose Up
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TABLE migration (
    id        TEXT PRIMARY KEY NOT NULL,
    tenant_id TEXT NOT NULL,
    from_step BIGINT NOT NULL,
    to_step   BIGINT NOT NULL,
    at_us     BIGINT NOT NULL,
    ended_us  BIGINT,          -- empty: it is under way, or was cut short
    saved_us  BIGINT NOT NULL, -- how long the snapshot before it took
    bytes     BIGINT NOT NULL, -- of the snapshot
    snapshot  TEXT NOT NULL,   -- where it is; empty: there is none any more
    problem   TEXT NOT NULL,   -- empty: it came out well
    made_by   TEXT NOT NULL
);

CREATE INDEX migration_tenant ON migration (tenant_id, at_us);
