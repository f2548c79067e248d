-- SPDX-License-Identifier: Apache-2.0
-- Whose the database is, sealed with the keys of that customer.

-- +goose Up
CREATE TABLE seal_mark (
    id   TEXT PRIMARY KEY NOT NULL, -- of the customer
    mark TEXT NOT NULL -- sealed
);
