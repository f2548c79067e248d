-- SPDX-License-Identifier: Apache-2.0
-- Past states of customers that are open to be looked at, each at a host name of its own: who
-- is let in, and what was looked at.

-- +goose Up
CREATE TABLE past (
    id        TEXT PRIMARY KEY NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    host      TEXT NOT NULL UNIQUE,
    database  TEXT NOT NULL,
    kind      TEXT NOT NULL,
    state_us  BIGINT NOT NULL,
    opened_us BIGINT NOT NULL,
    ends_us   BIGINT NOT NULL,
    made_by   TEXT NOT NULL,
    reason    TEXT NOT NULL
);
CREATE INDEX past_tenant ON past (tenant_id, opened_us);

-- A pass lets one browser in: as a link, once, and then as a session.
CREATE TABLE past_pass (
    digest  TEXT PRIMARY KEY NOT NULL,
    past_id TEXT NOT NULL REFERENCES past (id),
    link    BIGINT NOT NULL,
    person  TEXT NOT NULL,
    session TEXT NOT NULL,
    name    TEXT NOT NULL,
    ends_us BIGINT NOT NULL
);
CREATE INDEX past_pass_past ON past_pass (past_id);

CREATE TABLE past_look (
    id      TEXT PRIMARY KEY NOT NULL,
    past_id TEXT NOT NULL REFERENCES past (id),
    at_us   BIGINT NOT NULL,
    who     TEXT NOT NULL,
    page    TEXT NOT NULL
);
CREATE INDEX past_look_past ON past_look (past_id, at_us);
