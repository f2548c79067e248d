-- SPDX-License-Identifier: Apache-2.0
-- What the installation itself keeps secret, sealed by the root key.

-- +goose Up
CREATE TABLE secret (
    name   TEXT PRIMARY KEY NOT NULL,
    sealed TEXT NOT NULL
);
