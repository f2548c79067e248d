-- SPDX-License-Identifier: Apache-2.0
-- When people or programs last came to a customer, to the hour: after the loss of everything
-- those that are used come back first.

-- +goose Up
CREATE TABLE used (
    tenant_id TEXT PRIMARY KEY NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    at_us     BIGINT NOT NULL
);
