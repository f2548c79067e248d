-- SPDX-License-Identifier: Apache-2.0
-- Indexes without what nobody looks for in them: most leave has neither a substitute nor was it booked for many, and most
-- of an outbox has ended.
-- later: the indexes hold every row until then

-- +goose Up
DROP INDEX leave_request_collective;
CREATE INDEX leave_request_collective ON leave_request (collective) WHERE collective IS NOT NULL;

DROP INDEX leave_request_substitute;
CREATE INDEX leave_request_substitute ON leave_request (substitute, to_date) WHERE substitute IS NOT NULL;

DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (due_us) WHERE due_us IS NOT NULL;
