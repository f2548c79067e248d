-- SPDX-License-Identifier: Apache-2.0
-- The customer's own roles. Who holds one has its id among the roles of the person.

-- +goose Up
CREATE TABLE role (
    id        TEXT PRIMARY KEY NOT NULL,
    name      TEXT NOT NULL UNIQUE,
    about     TEXT NOT NULL,
    rights    TEXT NOT NULL, -- stable names, parted by spaces
    everybody BIGINT NOT NULL, -- 1: over everybody; 0: over the members of teams
    teams     TEXT NOT NULL -- ids of teams, parted by spaces
);
