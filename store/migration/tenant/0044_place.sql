-- SPDX-License-Identifier: Apache-2.0
-- Where somebody works is a matter of their contract lines, from a day on. Until
-- now a person had one place for all time, which each of their lines now says.

-- +goose Up
ALTER TABLE contract ADD COLUMN location TEXT REFERENCES location (id); -- NULL: that of the person, as a program says that knows no other

UPDATE contract SET location = (SELECT p.location FROM person p WHERE p.id = contract.person);
