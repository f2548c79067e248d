-- SPDX-License-Identifier: Apache-2.0
-- Providers of the customer's own that people sign in with, and who they are there.

-- +goose Up
ALTER TABLE session ADD COLUMN provider TEXT NOT NULL DEFAULT ''; -- that vouched; empty: none did

CREATE TABLE sso_provider (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    client      TEXT NOT NULL,
    secret      TEXT NOT NULL, -- sealed; empty: none
    domains     TEXT NOT NULL, -- one on each line
    unsaid      BIGINT NOT NULL, -- 1: its mail addresses count although it does not say that they are verified
    two_factors BIGINT NOT NULL, -- 1: what it says of a second factor counts
    levels      TEXT NOT NULL, -- one on each line
    group_claim TEXT NOT NULL, -- that names groups; empty: none
    scopes      TEXT NOT NULL, -- one on each line
    joins       BIGINT NOT NULL, -- 1: who is not known yet is added
    location    TEXT NOT NULL, -- where they work then; empty: nowhere
    enabled     BIGINT NOT NULL,
    made_us     BIGINT NOT NULL,
    made_by     TEXT NOT NULL
);

CREATE TABLE sso_rule (
    provider TEXT NOT NULL REFERENCES sso_provider (id) ON DELETE CASCADE,
    place    BIGINT NOT NULL, -- in the order of rules
    name     TEXT NOT NULL, -- of the group
    role     TEXT NOT NULL, -- empty: none
    team     TEXT NOT NULL, -- empty: none
    PRIMARY KEY (provider, place)
);

CREATE TABLE sso_link (
    provider TEXT NOT NULL REFERENCES sso_provider (id) ON DELETE CASCADE,
    subject  TEXT NOT NULL,
    person   TEXT NOT NULL REFERENCES person (id),
    email    TEXT NOT NULL, -- that the provider last named
    roles    TEXT NOT NULL, -- that its groups gave, one on each line
    teams    TEXT NOT NULL, -- likewise
    made_us  BIGINT NOT NULL,
    used_us  BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);

CREATE UNIQUE INDEX sso_link_person ON sso_link (person); -- nobody is linked twice

CREATE TABLE sso_flow (
    digest     TEXT PRIMARY KEY NOT NULL, -- of the state
    browser    TEXT NOT NULL, -- digest of what the browser holds
    provider   TEXT NOT NULL REFERENCES sso_provider (id) ON DELETE CASCADE,
    purpose    TEXT NOT NULL,
    person     TEXT NOT NULL, -- who asks; empty: nobody is signed in
    next       TEXT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX sso_flow_expires ON sso_flow (expires_us);
