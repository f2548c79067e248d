-- SPDX-License-Identifier: Apache-2.0
-- What the session was worth in which an application was let in, so that a sign-in policy that
-- becomes stricter holds for the application too. Empty: it was let in before that was kept.

-- +goose Up
ALTER TABLE client_grant ADD COLUMN means TEXT NOT NULL DEFAULT '';
ALTER TABLE client_grant ADD COLUMN provider TEXT NOT NULL DEFAULT '';
