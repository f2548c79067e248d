-- SPDX-License-Identifier: Apache-2.0
-- The keys of each customer, sealed by the root key, which lies in no database.

-- +goose Up
ALTER TABLE tenant ADD COLUMN keys TEXT NOT NULL DEFAULT '';
