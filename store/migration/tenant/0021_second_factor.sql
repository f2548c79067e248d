-- SPDX-License-Identifier: Apache-2.0
-- Second factors: apps, passkeys, recovery codes, browsers that are trusted for a while.

-- +goose Up
ALTER TABLE account ADD COLUMN short BIGINT NOT NULL DEFAULT 0; -- 1: the password may not stand alone

ALTER TABLE session ADD COLUMN stage TEXT NOT NULL DEFAULT 'open';
ALTER TABLE session ADD COLUMN means TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN proven_us BIGINT; -- the last full proof of who it is; NULL: none

ALTER TABLE device ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN trusted_us BIGINT; -- until then it needs no second factor; NULL: it does

CREATE TABLE factor (
    id         TEXT PRIMARY KEY NOT NULL,
    person     TEXT NOT NULL REFERENCES person (id),
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    credential TEXT UNIQUE, -- how a passkey names itself; NULL: no passkey
    secret     TEXT NOT NULL, -- sealed
    counter    BIGINT NOT NULL,
    confirmed  BIGINT NOT NULL,
    added_us   BIGINT NOT NULL,
    used_us    BIGINT
);

CREATE INDEX factor_person ON factor (person);

CREATE TABLE recovery (
    person  TEXT PRIMARY KEY NOT NULL REFERENCES person (id),
    codes   TEXT NOT NULL, -- sealed: hashes of those that are left
    made_us BIGINT NOT NULL
);

CREATE TABLE ceremony (
    digest     TEXT PRIMARY KEY NOT NULL,
    person     TEXT NOT NULL, -- empty: whoever holds a passkey
    purpose    TEXT NOT NULL,
    challenge  TEXT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX ceremony_expires ON ceremony (expires_us);

CREATE TABLE sign_in_record (
    id      TEXT PRIMARY KEY NOT NULL,
    person  TEXT NOT NULL, -- whose sign-in changed; empty: everybody's
    what    TEXT NOT NULL,
    note    TEXT NOT NULL,
    made_by TEXT NOT NULL, -- empty: an operator
    at_us   BIGINT NOT NULL
);

CREATE INDEX sign_in_record_person ON sign_in_record (person);
