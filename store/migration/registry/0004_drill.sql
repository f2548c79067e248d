-- SPDX-License-Identifier: Apache-2.0
-- Rehearsed restores: whether each database could be had back, and how long it took.

-- +goose Up
CREATE TABLE drill (
    id          TEXT PRIMARY KEY NOT NULL,
    database_id TEXT NOT NULL, -- of a customer, or registry
    at_us       BIGINT NOT NULL,
    record      BIGINT NOT NULL, -- that was restored
    reached_us  BIGINT,          -- when that was put
    took_us     BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    problem     TEXT NOT NULL    -- empty: what was restored is what the database was
);
CREATE INDEX drill_database ON drill (database_id, at_us);
