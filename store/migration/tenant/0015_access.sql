-- SPDX-License-Identifier: Apache-2.0
-- How programs come in: tokens, kept as digests only, and the answers to requests
-- that may be sent twice.

-- +goose Up
CREATE TABLE access_token (
    digest     TEXT PRIMARY KEY NOT NULL,
    id         TEXT NOT NULL UNIQUE,
    person     TEXT NOT NULL REFERENCES person (id),
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL, -- with a space between two
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    used_us    BIGINT -- NULL: never
);

CREATE INDEX access_token_person ON access_token (person);
CREATE INDEX access_token_expires ON access_token (expires_us);

CREATE TABLE access_answer (
    caller     TEXT NOT NULL, -- id of a token or a client
    key        TEXT NOT NULL,
    request    TEXT NOT NULL, -- fingerprint
    status     BIGINT NOT NULL, -- of HTTP; 0: not answered yet
    header     TEXT NOT NULL, -- JSON
    body       TEXT NOT NULL, -- sealed
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);

CREATE INDEX access_answer_expires ON access_answer (expires_us);
