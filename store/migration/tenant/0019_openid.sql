-- SPDX-License-Identifier: Apache-2.0
-- The OpenID provider: keys that sign, clients, and what people granted them. Codes,
-- tokens and secrets are kept as digests only.

-- +goose Up
CREATE TABLE signing_key (
    id       TEXT PRIMARY KEY NOT NULL, -- thumbprint of the public key
    private  TEXT NOT NULL, -- sealed
    chain    TEXT NOT NULL, -- certificates
    made_us  BIGINT NOT NULL,
    until_us BIGINT -- NULL: it signs
);

CREATE TABLE client (
    id          TEXT PRIMARY KEY NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    redirects   TEXT NOT NULL, -- one on each line
    post_logout TEXT NOT NULL, -- one on each line
    logout      TEXT NOT NULL,
    scope       TEXT NOT NULL,
    subjects    TEXT NOT NULL,
    trusted     BIGINT NOT NULL,
    inspects    BIGINT NOT NULL,
    made_us     BIGINT NOT NULL,
    made_by     TEXT NOT NULL,
    disabled_us BIGINT -- NULL: in use
);

CREATE TABLE client_secret (
    id      TEXT PRIMARY KEY NOT NULL,
    client  TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    digest  TEXT NOT NULL,
    made_us BIGINT NOT NULL
);

CREATE INDEX client_secret_client ON client_secret (client);

CREATE TABLE client_grant (
    id         TEXT PRIMARY KEY NOT NULL,
    client     TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    person     TEXT NOT NULL, -- empty: the client for itself
    session    TEXT NOT NULL, -- empty: none
    scope      TEXT NOT NULL,
    claims     TEXT NOT NULL,
    methods    TEXT NOT NULL,
    level      TEXT NOT NULL,
    auth_us    BIGINT NOT NULL,
    made_us    BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE INDEX client_grant_client ON client_grant (client);
CREATE INDEX client_grant_session ON client_grant (session);
CREATE INDEX client_grant_expires ON client_grant (expires_us);

CREATE TABLE client_code (
    digest     TEXT PRIMARY KEY NOT NULL,
    grant_id   TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
    redirect   TEXT NOT NULL,
    challenge  TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    expires_us BIGINT NOT NULL,
    used_us    BIGINT -- NULL: not yet
);

CREATE INDEX client_code_grant ON client_code (grant_id);

CREATE TABLE refresh_token (
    digest     TEXT PRIMARY KEY NOT NULL,
    grant_id   TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
    expires_us BIGINT NOT NULL,
    used_us    BIGINT -- NULL: not yet
);

CREATE INDEX refresh_token_grant ON refresh_token (grant_id);

CREATE TABLE consent (
    person TEXT NOT NULL REFERENCES person (id),
    client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    scope  TEXT NOT NULL,
    at_us  BIGINT NOT NULL,
    PRIMARY KEY (person, client)
);

CREATE INDEX consent_client ON consent (client);

CREATE TABLE subject (
    sector TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    name   TEXT NOT NULL UNIQUE,
    PRIMARY KEY (sector, person)
);

CREATE TABLE device_request (
    digest     TEXT PRIMARY KEY NOT NULL,
    user_code  TEXT NOT NULL UNIQUE,
    client     TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    scope      TEXT NOT NULL,
    state      TEXT NOT NULL,
    grant_id   TEXT NOT NULL, -- empty: none yet
    polled_us  BIGINT, -- NULL: never
    expires_us BIGINT NOT NULL
);

CREATE INDEX device_request_client ON device_request (client);
CREATE INDEX device_request_expires ON device_request (expires_us);
