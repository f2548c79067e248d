-- SPDX-License-Identifier: Apache-2.0
-- How people sign in. Tokens are kept as digests only.

-- +goose Up
CREATE TABLE account (
    person        TEXT PRIMARY KEY NOT NULL REFERENCES person (id),
    state         TEXT NOT NULL,
    password      TEXT NOT NULL,
    changed_at_us BIGINT NOT NULL
);

CREATE TABLE session (
    digest     TEXT PRIMARY KEY NOT NULL,
    id         TEXT NOT NULL,
    person     TEXT NOT NULL REFERENCES person (id),
    from_addr  TEXT,
    agent      TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    seen_us    BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires_us);

CREATE TABLE device (
    digest     TEXT PRIMARY KEY NOT NULL,
    person     TEXT NOT NULL REFERENCES person (id),
    network    TEXT,
    used_us    BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX device_person ON device (person);
CREATE INDEX device_expires ON device (expires_us);

CREATE TABLE ticket (
    person     TEXT NOT NULL REFERENCES person (id),
    purpose    TEXT NOT NULL,
    digest     TEXT NOT NULL UNIQUE,
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (person, purpose)
);

CREATE INDEX ticket_expires ON ticket (expires_us);

CREATE TABLE tally (
    key        TEXT PRIMARY KEY NOT NULL,
    failures   BIGINT NOT NULL,
    last_us    BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX tally_expires ON tally (expires_us);
