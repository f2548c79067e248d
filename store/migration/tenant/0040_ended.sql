-- SPDX-License-Identifier: Apache-2.0
-- The last messages to one webhook, and what of an outbox ended long ago, are found without a look at all.
-- later: both are found by reading every row until then

-- +goose Up
CREATE INDEX webhook_delivery_webhook ON webhook_delivery (webhook, id);
CREATE INDEX outbox_ended ON outbox (ended_us) WHERE ended_us IS NOT NULL;
