-- SPDX-License-Identifier: Apache-2.0
-- Who works for the customer, where, by which pattern and in which teams.

-- +goose Up
CREATE TABLE revision (
    id BIGINT PRIMARY KEY NOT NULL,
    n  BIGINT NOT NULL -- grows with everything that changes seldom
);

INSERT INTO revision (id, n) VALUES (1, 1);

CREATE TABLE location (
    id        TEXT PRIMARY KEY NOT NULL,
    name      TEXT NOT NULL UNIQUE,
    region    TEXT NOT NULL,
    time_zone TEXT NOT NULL
);

CREATE TABLE working_pattern (
    id      TEXT PRIMARY KEY NOT NULL,
    name    TEXT NOT NULL UNIQUE,
    pattern TEXT NOT NULL
);

CREATE TABLE own_day (
    id       TEXT PRIMARY KEY NOT NULL,
    location TEXT REFERENCES location (id), -- NULL: every location
    date     TEXT NOT NULL,
    name     TEXT NOT NULL,
    off      TEXT NOT NULL
);

CREATE TABLE person (
    id          TEXT PRIMARY KEY NOT NULL,
    number      TEXT UNIQUE,
    email       TEXT UNIQUE,
    given_name  TEXT NOT NULL,
    family_name TEXT NOT NULL,
    language    TEXT NOT NULL,
    location    TEXT REFERENCES location (id),
    roles       TEXT NOT NULL,
    active      BIGINT NOT NULL
);

CREATE TABLE employment (
    id        TEXT PRIMARY KEY NOT NULL,
    person    TEXT NOT NULL REFERENCES person (id),
    from_date TEXT NOT NULL,
    to_date   TEXT
);

CREATE INDEX employment_person ON employment (person);

CREATE TABLE contract (
    id        TEXT PRIMARY KEY NOT NULL,
    person    TEXT NOT NULL REFERENCES person (id),
    from_date TEXT NOT NULL,
    pattern   TEXT NOT NULL REFERENCES working_pattern (id),
    package   TEXT NOT NULL,
    UNIQUE (person, from_date)
);

CREATE TABLE team (
    id   TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE team_member (
    team   TEXT NOT NULL REFERENCES team (id),
    person TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (team, person)
);

CREATE TABLE team_manager (
    team   TEXT NOT NULL REFERENCES team (id),
    person TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (team, person)
);
