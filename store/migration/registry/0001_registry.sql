-- SPDX-License-Identifier: Apache-2.0
-- Every customer of the installation, and the host names that lead to it.

-- +goose Up
CREATE TABLE tenant (
    id             TEXT PRIMARY KEY NOT NULL,
    slug           TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    state          TEXT NOT NULL,
    database       TEXT NOT NULL,
    schema_version BIGINT NOT NULL,
    created_at_us  BIGINT NOT NULL,
    settings       TEXT NOT NULL
);

CREATE TABLE host (
    name      TEXT PRIMARY KEY NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    position  BIGINT NOT NULL -- links lead to the first
);

CREATE INDEX host_tenant ON host (tenant_id);
