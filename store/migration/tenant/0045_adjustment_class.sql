-- SPDX-License-Identifier: Apache-2.0
-- With which kind of right a line by hand lies that grants leave. Empty: none was named.

-- +goose Up
ALTER TABLE adjustment ADD COLUMN class TEXT NOT NULL DEFAULT '';
