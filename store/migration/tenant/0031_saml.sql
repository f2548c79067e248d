-- SPDX-License-Identifier: Apache-2.0
-- Providers that speak SAML: what they publish, the keys that we have for them, and what
-- makes an answer count once.

-- +goose Up
ALTER TABLE sso_provider ADD COLUMN kind TEXT NOT NULL DEFAULT 'openid';
ALTER TABLE sso_provider ADD COLUMN target TEXT NOT NULL DEFAULT ''; -- where a browser is sent with a question
ALTER TABLE sso_provider ADD COLUMN certificates TEXT NOT NULL DEFAULT ''; -- one on each line
ALTER TABLE sso_provider ADD COLUMN source TEXT NOT NULL DEFAULT ''; -- address of its metadata; empty: it was handed over
ALTER TABLE sso_provider ADD COLUMN subject TEXT NOT NULL DEFAULT ''; -- attribute that names a person; empty: the NameID does
ALTER TABLE sso_provider ADD COLUMN unasked BIGINT NOT NULL DEFAULT 0; -- 1: it may begin a sign-in

ALTER TABLE sso_flow ADD COLUMN request TEXT NOT NULL DEFAULT ''; -- id of the question
ALTER TABLE sso_flow ADD COLUMN answer TEXT NOT NULL DEFAULT ''; -- what came of it, judged; empty: nothing came yet

CREATE TABLE sso_taken (
    provider   TEXT NOT NULL REFERENCES sso_provider (id) ON DELETE CASCADE,
    digest     TEXT NOT NULL, -- of the id of an answer
    expires_us BIGINT NOT NULL, -- nobody would take it from then on
    PRIMARY KEY (provider, digest)
);

CREATE INDEX sso_taken_expires ON sso_taken (expires_us);

CREATE TABLE sso_key (
    id          TEXT PRIMARY KEY NOT NULL,
    private     TEXT NOT NULL, -- sealed
    certificate TEXT NOT NULL,
    state       TEXT NOT NULL,
    made_us     BIGINT NOT NULL
);
