-- SPDX-License-Identifier: Apache-2.0
-- What a drill computed anew: of how many people, how many balances, and whether they were
-- compared with those of the database in use.

-- +goose Up
ALTER TABLE drill ADD COLUMN people BIGINT NOT NULL DEFAULT 0;
ALTER TABLE drill ADD COLUMN balances BIGINT NOT NULL DEFAULT 0;
ALTER TABLE drill ADD COLUMN compared BIGINT NOT NULL DEFAULT 0;
