-- SPDX-License-Identifier: Apache-2.0
-- A line written by hand that takes another back.

-- +goose Up
ALTER TABLE adjustment ADD COLUMN undoes TEXT NOT NULL DEFAULT ''; -- id of the line that it takes back; empty: none

CREATE UNIQUE INDEX adjustment_undoes ON adjustment (undoes) WHERE undoes <> '';
