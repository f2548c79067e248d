-- SPDX-License-Identifier: Apache-2.0
-- When tokens were last given on what a person granted, and grants by person.

-- +goose Up
ALTER TABLE client_grant ADD COLUMN used_us BIGINT; -- NULL: never

CREATE INDEX client_grant_person ON client_grant (person);
