-- SPDX-License-Identifier: Apache-2.0
-- Which processes serve the customers. Each writes when it was last there, and takes its row away when it ends.

-- +goose Up
CREATE TABLE process (
    id       TEXT PRIMARY KEY,
    machine  TEXT NOT NULL,   -- its host name
    version  TEXT NOT NULL,   -- of the program
    since_us BIGINT NOT NULL, -- when it began to serve
    seen_us  BIGINT NOT NULL
);
