-- SPDX-License-Identifier: Apache-2.0
-- Sets of days off that locations share; days that come back each year; public holidays that a customer changes.

-- +goose Up
CREATE TABLE holiday_set (
    id   TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE location_set (
    location    TEXT NOT NULL REFERENCES location (id),
    holiday_set TEXT NOT NULL REFERENCES holiday_set (id),
    PRIMARY KEY (location, holiday_set)
);

ALTER TABLE own_day ADD COLUMN holiday_set TEXT REFERENCES holiday_set (id); -- NULL: none
ALTER TABLE own_day ADD COLUMN last_date TEXT; -- of a day that comes back; NULL: no end
ALTER TABLE own_day ADD COLUMN yearly BIGINT NOT NULL DEFAULT 0;
ALTER TABLE own_day ADD COLUMN feast TEXT NOT NULL DEFAULT ''; -- key of the public holiday that it changes
