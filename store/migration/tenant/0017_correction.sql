-- SPDX-License-Identifier: Apache-2.0
-- What later changes made of approved leave, beside what was written down at its approval.

-- +goose Up
ALTER TABLE leave_request ADD COLUMN corrections TEXT NOT NULL DEFAULT ''; -- date, minutes, days, cause, date of the change; parted by ;
