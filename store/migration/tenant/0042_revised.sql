-- SPDX-License-Identifier: Apache-2.0
-- Which request that waited another was asked in place of. Empty: none.

-- +goose Up
ALTER TABLE leave_request ADD COLUMN revises TEXT NOT NULL DEFAULT '';
