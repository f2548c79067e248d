-- SPDX-License-Identifier: Apache-2.0
-- What a customer's database knows about itself, one row a fact.

-- +goose Up
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
