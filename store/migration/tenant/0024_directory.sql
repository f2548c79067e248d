-- SPDX-License-Identifier: Apache-2.0
-- What the customer's directory says of users and groups (SCIM), what was done about it,
-- and the tokens with which services come in.

-- +goose Up
ALTER TABLE person ADD COLUMN kept BIGINT NOT NULL DEFAULT 0; -- 1: names, address, number and access follow the directory

CREATE TABLE service_token (
    digest     TEXT PRIMARY KEY NOT NULL,
    id         TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL, -- with a space between two
    made_by    TEXT NOT NULL REFERENCES person (id),
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    used_us    BIGINT -- NULL: never
);

CREATE TABLE directory_user (
    person     TEXT PRIMARY KEY NOT NULL REFERENCES person (id),
    external   TEXT NOT NULL, -- the directory's own id; empty: none
    name       TEXT NOT NULL, -- userName as it was sent
    folded     TEXT UNIQUE,   -- the same in lower case; NULL: the user was removed
    details    TEXT NOT NULL, -- JSON: what else the directory says
    active     BIGINT NOT NULL,
    since_us   BIGINT NOT NULL, -- since when active is what it is
    detached   BIGINT NOT NULL, -- 1: the person is kept by hand but for active
    made_us    BIGINT NOT NULL,
    changed_us BIGINT NOT NULL
);

CREATE TABLE directory_group (
    id         TEXT PRIMARY KEY NOT NULL,
    external   TEXT NOT NULL,
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL UNIQUE,
    purpose    TEXT NOT NULL, -- members, leaders, role; empty: none
    team       TEXT NOT NULL, -- id; empty, or of a team that is no more: none
    role       TEXT NOT NULL,
    made_us    BIGINT NOT NULL,
    changed_us BIGINT NOT NULL
);

CREATE TABLE directory_member (
    group_id TEXT NOT NULL REFERENCES directory_group (id) ON DELETE CASCADE,
    person   TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (group_id, person)
);

CREATE TABLE directory_move (
    id        TEXT PRIMARY KEY NOT NULL, -- sorts by time
    person    TEXT NOT NULL REFERENCES person (id),
    from_team TEXT NOT NULL, -- id; empty: none
    from_name TEXT NOT NULL, -- as it was called
    to_team   TEXT NOT NULL, -- id; empty: none, or one that is made when the move is
    to_name   TEXT NOT NULL,
    made_us   BIGINT NOT NULL,
    state     TEXT NOT NULL, -- waits, made, dropped
    done_us   BIGINT,
    done_by   TEXT NOT NULL -- person; empty: by rule
);

CREATE INDEX directory_move_state ON directory_move (state);

CREATE TABLE directory_log (
    id      TEXT PRIMARY KEY NOT NULL, -- sorts by time
    at_us   BIGINT NOT NULL,
    token   TEXT NOT NULL, -- name of the token or application
    method  TEXT NOT NULL,
    kind    TEXT NOT NULL, -- User, Group, or empty
    subject TEXT NOT NULL, -- id of the person or group; empty: none
    status  BIGINT NOT NULL,
    code    TEXT NOT NULL, -- scimType
    reason  TEXT NOT NULL, -- key of a sentence; empty: the detail says it
    args    TEXT NOT NULL, -- JSON: values of the sentence
    detail  TEXT NOT NULL
);
