-- SPDX-License-Identifier: Apache-2.0
-- Changes of what leave rests on, each with its reason and what it did to whom.

-- +goose Up
CREATE TABLE change_log (
    id      TEXT PRIMARY KEY NOT NULL, -- sorts by time
    at_us   BIGINT NOT NULL,
    made_by TEXT NOT NULL REFERENCES person (id),
    kind    TEXT NOT NULL,
    words   TEXT NOT NULL, -- what was changed: key and values of a sentence
    reason  TEXT NOT NULL, -- empty where nobody's balance changed
    people  BIGINT NOT NULL, -- whom it concerned
    others  BIGINT NOT NULL, -- of whom nothing changed
    sums    TEXT NOT NULL, -- by leave type
    today   TEXT NOT NULL, -- the day from which it was looked at
    effects TEXT NOT NULL  -- person by person
);
