-- SPDX-License-Identifier: Apache-2.0
-- Whether what is left of a leave type when an employment ends is not paid.

-- +goose Up
ALTER TABLE leave_type ADD COLUMN ends_unpaid BIGINT NOT NULL DEFAULT 0;
