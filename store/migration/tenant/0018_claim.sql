-- SPDX-License-Identifier: Apache-2.0
-- In whose place a claim was decided.

-- +goose Up
ALTER TABLE claim ADD COLUMN decided_for TEXT NOT NULL DEFAULT ''; -- whose stand-in did; empty: nobody's
