-- SPDX-License-Identifier: Apache-2.0
-- Addresses of the customer's to which events are sent, and what is on its way to them.

-- +goose Up
CREATE TABLE webhook (
    id          TEXT PRIMARY KEY NOT NULL,
    url         TEXT NOT NULL,
    description TEXT NOT NULL,
    types       TEXT NOT NULL, -- of events, with a space between two; empty: all but those of sickness
    secret      TEXT NOT NULL, -- sealed
    older       TEXT NOT NULL, -- sealed; empty: none
    until_us    BIGINT,        -- until when the older secret signs too
    state       TEXT NOT NULL, -- on, off, broken
    failing_us  BIGINT,        -- since when nothing arrived; NULL: the last try did
    made_by     TEXT NOT NULL REFERENCES person (id),
    made_us     BIGINT NOT NULL
);

CREATE TABLE webhook_delivery (
    id       TEXT PRIMARY KEY NOT NULL, -- sorts by time
    webhook  TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    event    TEXT NOT NULL, -- id of the message: that of the event
    type     TEXT NOT NULL,
    body     TEXT NOT NULL,
    made_us  BIGINT NOT NULL,
    state    TEXT NOT NULL, -- waiting, delivered, failed
    due_us   BIGINT,        -- NULL: is not tried
    attempts BIGINT NOT NULL,
    tried_us BIGINT,        -- the last attempt
    status   BIGINT NOT NULL, -- of HTTP; 0: no answer
    took_us  BIGINT NOT NULL,
    fault    TEXT NOT NULL,
    UNIQUE (webhook, event)
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, due_us) WHERE due_us IS NOT NULL;
CREATE INDEX webhook_delivery_made ON webhook_delivery (made_us);
