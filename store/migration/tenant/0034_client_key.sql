-- SPDX-License-Identifier: Apache-2.0
-- Keys with which applications prove themselves, and proofs that count once.

-- +goose Up
ALTER TABLE client ADD COLUMN public_keys TEXT NOT NULL DEFAULT ''; -- JWKs, one on each line

CREATE TABLE proof_used (
    digest     TEXT PRIMARY KEY NOT NULL, -- of whose proof it is, and of its name
    expires_us BIGINT NOT NULL -- it would not be good any more from then on
);

CREATE INDEX proof_used_expires ON proof_used (expires_us);
