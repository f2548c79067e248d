-- SPDX-License-Identifier: Apache-2.0
-- What was measured of the installation, one row for each measure and day in UTC: see the
-- package trust.

-- +goose Up
CREATE TABLE measure (
    what    TEXT NOT NULL,
    day     TEXT NOT NULL,   -- 2026-11-27
    minutes TEXT NOT NULL,   -- in which a request was answered: a bit each, as hexadecimal digits
    worst   BIGINT NOT NULL,
    latest  BIGINT NOT NULL,
    at_us   BIGINT NOT NULL, -- of the latest
    PRIMARY KEY (what, day)
);
