-- SPDX-License-Identifier: Apache-2.0
-- Times that payroll has settled, with what was told of the leave in them.

-- +goose Up
CREATE TABLE settlement (
    id           TEXT PRIMARY KEY NOT NULL, -- sorts by time
    from_date    TEXT NOT NULL,
    to_date      TEXT NOT NULL,
    people       BIGINT NOT NULL,
    pieces       BIGINT NOT NULL, -- lines about its own time
    corrections  BIGINT NOT NULL, -- lines about times that were settled before
    made_by      TEXT NOT NULL REFERENCES person (id),
    at_us        BIGINT NOT NULL,
    undone_by    TEXT REFERENCES person (id), -- null: it stands
    undone_at_us BIGINT,
    undone_why   TEXT NOT NULL DEFAULT ''
);

CREATE TABLE settlement_line (
    settlement  TEXT NOT NULL REFERENCES settlement (id),
    position    BIGINT NOT NULL, -- in the order in which they were told
    about       TEXT NOT NULL REFERENCES settlement (id), -- whose time it is about; another one: it corrects
    person      TEXT NOT NULL REFERENCES person (id),
    type        TEXT NOT NULL REFERENCES leave_type (id),
    request     TEXT NOT NULL REFERENCES leave_request (id),
    from_date   TEXT NOT NULL,
    to_date     TEXT NOT NULL,
    days        TEXT NOT NULL, -- exact and signed
    minutes     TEXT NOT NULL, -- exact and signed
    was_days    TEXT NOT NULL, -- exact: what had been told before
    was_minutes TEXT NOT NULL,
    PRIMARY KEY (settlement, position)
);
