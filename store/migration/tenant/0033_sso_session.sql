-- SPDX-License-Identifier: Apache-2.0
-- Which session of ours goes with which at a provider that speaks OpenID Connect, so that one
-- can end the other.

-- +goose Up
ALTER TABLE sso_provider ADD COLUMN sign_out BIGINT NOT NULL DEFAULT 0; -- 1: who signs out here signs out there

CREATE TABLE sso_session (
    session    TEXT PRIMARY KEY NOT NULL, -- id of a session
    provider   TEXT NOT NULL REFERENCES sso_provider (id) ON DELETE CASCADE,
    subject    TEXT NOT NULL, -- who it is there
    theirs     TEXT NOT NULL, -- the provider's name for its session; empty: it did not say
    hint       TEXT NOT NULL, -- the ID token, sealed; empty: none
    expires_us BIGINT NOT NULL
);

CREATE INDEX sso_session_provider ON sso_session (provider, subject);
CREATE INDEX sso_session_expires ON sso_session (expires_us);
