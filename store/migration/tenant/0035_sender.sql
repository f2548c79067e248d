-- SPDX-License-Identifier: Apache-2.0
-- Authorization requests that applications send beforehand, and tokens that are bound to a key.

-- +goose Up
ALTER TABLE client ADD COLUMN pushes BIGINT NOT NULL DEFAULT 0; -- 1: it has to send them beforehand
ALTER TABLE client ADD COLUMN bound BIGINT NOT NULL DEFAULT 0; -- 1: it gets no other tokens

ALTER TABLE client_grant ADD COLUMN sender_key TEXT NOT NULL DEFAULT ''; -- thumbprint; empty: bound to none
ALTER TABLE client_code ADD COLUMN sender_key TEXT NOT NULL DEFAULT ''; -- likewise

CREATE TABLE pushed_request (
    digest     TEXT PRIMARY KEY NOT NULL, -- of its name
    client     TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    request    TEXT NOT NULL, -- its parameters, as in an address
    taken      BIGINT NOT NULL, -- 1: a browser came with it
    expires_us BIGINT NOT NULL
);

CREATE INDEX pushed_request_client ON pushed_request (client);
CREATE INDEX pushed_request_expires ON pushed_request (expires_us);
