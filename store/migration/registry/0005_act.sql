-- SPDX-License-Identifier: Apache-2.0
-- What operators did to each customer, and a number that every such act raises, so that
-- servers notice and two acts at once do not undo each other.

-- +goose Up
ALTER TABLE tenant ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE TABLE act (
    id        TEXT PRIMARY KEY NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenant (id),
    at_us     BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    reason    TEXT NOT NULL,
    detail    TEXT NOT NULL
);
CREATE INDEX act_tenant ON act (tenant_id, at_us);
