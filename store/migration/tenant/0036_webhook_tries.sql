-- SPDX-License-Identifier: Apache-2.0
-- What each attempt to send a message to a webhook came to.

-- +goose Up
ALTER TABLE webhook_delivery ADD COLUMN tries TEXT NOT NULL DEFAULT ''; -- JSON, oldest first
