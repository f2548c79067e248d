-- SPDX-License-Identifier: Apache-2.0
-- What was attested of customers whose data was destroyed.

-- +goose Up
CREATE TABLE certificate (
    tenant_id TEXT PRIMARY KEY NOT NULL REFERENCES tenant (id),
    at_us     BIGINT NOT NULL,
    signed    TEXT NOT NULL -- compact JWS
);
