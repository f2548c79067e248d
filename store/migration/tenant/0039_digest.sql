-- SPDX-License-Identifier: Apache-2.0
-- Who wants a mail that says who is away, and how often.

-- +goose Up
CREATE TABLE digest (
    person  TEXT PRIMARY KEY NOT NULL REFERENCES person (id),
    cadence TEXT NOT NULL, -- daily or weekly
    circle  TEXT NOT NULL, -- of whom it tells: teams or led
    told    TEXT NOT NULL  -- last day for which one was made
);
