-- SPDX-License-Identifier: Apache-2.0
-- Which law a policy was made from.

-- +goose Up
ALTER TABLE leave_policy ADD COLUMN law TEXT NOT NULL DEFAULT ''; -- "CODE RULE DATE EXTRA"; empty: made by hand
