// SPDX-License-Identifier: Apache-2.0

package store

import (
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"verlof/events"
)

const (
	webhookColumns  = "id, url, description, types, secret, older, until_us, state, failing_us, made_by, made_us"
	deliveryColumns = "id, webhook, event, type, made_us, state, due_us, attempts, tried_us, status, took_us, fault, tries"
)

var (
	qWebhook     = query("webhook.get", "SELECT "+webhookColumns+" FROM webhook WHERE id = $1")
	qWebhooks    = query("webhook.list", "SELECT "+webhookColumns+" FROM webhook ORDER BY id")
	qSaveWebhook = query("webhook.save", "INSERT INTO webhook ("+webhookColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET url = excluded.url, description = excluded.description, types = excluded.types, secret = excluded.secret,
		older = excluded.older, until_us = excluded.until_us, state = excluded.state, failing_us = excluded.failing_us`)
	qMarkWebhook   = query("webhook.mark", "UPDATE webhook SET state = $2, failing_us = $3 WHERE id = $1")
	qDeleteWebhook = query("webhook.delete", "DELETE FROM webhook WHERE id = $1")
	qAnyWebhook    = query("webhook.any", "SELECT 1 FROM webhook WHERE state = 'on' LIMIT 1")

	lockWebhook = lockRow("webhook")

	qPutDelivery = query("webhook_delivery.put", "INSERT INTO webhook_delivery ("+deliveryColumns+`, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (webhook, event) DO UPDATE SET state = excluded.state,
		due_us = excluded.due_us, attempts = excluded.attempts`)
	qSaveDelivery = query("webhook_delivery.save", `UPDATE webhook_delivery SET state = $2, due_us = $3, attempts = $4, tried_us = $5,
		status = $6, took_us = $7, fault = $8, tries = $9 WHERE id = $1`)
	qDelivery   = query("webhook_delivery.get", "SELECT "+deliveryColumns+", body FROM webhook_delivery WHERE id = $1")
	qDeliveries = query("webhook_delivery.of", "SELECT "+deliveryColumns+" FROM webhook_delivery WHERE webhook = $1 ORDER BY id DESC LIMIT $2")
	qDueFirst   = query("webhook_delivery.due", "SELECT "+deliveryColumns+`, body FROM webhook_delivery
		WHERE webhook = $1 AND due_us IS NOT NULL ORDER BY due_us, id LIMIT 1`)
	qEndDeliveries    = query("webhook_delivery.end", "UPDATE webhook_delivery SET state = 'failed', due_us = NULL WHERE webhook = $1 AND due_us IS NOT NULL")
	qForgetDeliveries = query("webhook_delivery.forget", `DELETE FROM webhook_delivery WHERE id IN
		(SELECT id FROM webhook_delivery WHERE made_us < $1 ORDER BY made_us LIMIT $2)`)
	qWaitingWebhooks = query("webhook_delivery.waiting", "SELECT DISTINCT webhook FROM webhook_delivery WHERE due_us IS NOT NULL ORDER BY webhook")
)

// Who has such a secret can send what looks like ours.
var (
	webhookSecret = sealed("webhook", "secret", "id")
	webhookOlder  = sealed("webhook", "older", "id")
)

// webhookRow is a webhook with the columns whose Go form is not their SQL form.
type webhookRow struct {
	events.Webhook
	types, secret, older string
}

func webhookRowOf(h *webhookRow) []any {
	return []any{&h.ID, &h.URL, &h.Description, &h.types, &h.secret, &h.older, micros(&h.Until), (*string)(&h.State), micros(&h.Failing),
		(*string)(&h.MadeBy), micros(&h.Made)}
}

// webhook opens the secrets of a row.
func (tx *Tx) webhook(row webhookRow) (events.Webhook, error) {
	h := row.Webhook
	h.Types = strings.Fields(row.types)
	secret, err := tx.unseal(webhookSecret, row.secret, h.ID)
	if err != nil {
		return h, err
	}
	h.Secret = events.Secret(secret)
	if row.older != "" {
		older, err := tx.unseal(webhookOlder, row.older, h.ID)
		h.Older = events.Secret(older)
		return h, err
	}
	return h, nil
}

// Webhook returns a webhook with its secrets.
func (tx *Tx) Webhook(id string) (events.Webhook, error) {
	row, err := one(tx, qWebhook, webhookRowOf, id)
	if err != nil {
		return events.Webhook{}, err
	}
	return tx.webhook(row)
}

// Webhooks returns all webhooks with their secrets, oldest first.
func (tx *Tx) Webhooks() ([]events.Webhook, error) {
	rows, err := all(tx, qWebhooks, webhookRowOf)
	if err != nil {
		return nil, err
	}
	var out []events.Webhook
	for _, row := range rows {
		h, err := tx.webhook(row)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// LockWebhook keeps a webhook as it is for others until the transaction ends.
func (tx *Tx) LockWebhook(id string) error { return tx.lock(lockWebhook, id) }

// SaveWebhook adds or replaces a webhook, its secrets sealed.
func (tx *Tx) SaveWebhook(h events.Webhook) error {
	secret, err := tx.seal(webhookSecret, string(h.Secret), h.ID)
	if err != nil {
		return err
	}
	older := ""
	if h.Older != "" {
		if older, err = tx.seal(webhookOlder, string(h.Older), h.ID); err != nil {
			return err
		}
	}
	_, err = tx.exec(qSaveWebhook, h.ID, h.URL, h.Description, strings.Join(h.Types, " "), secret, older, h.Until, string(h.State), h.Failing, h.MadeBy, h.Made)
	return err
}

// MarkWebhook notes what deliveries do to a webhook.
func (tx *Tx) MarkWebhook(h events.Webhook) error {
	return tx.execOne(qMarkWebhook, h.ID, string(h.State), h.Failing)
}

// DeleteWebhook removes a webhook with its deliveries.
func (tx *Tx) DeleteWebhook(id string) error { return tx.execOne(qDeleteWebhook, id) }

func deliveryRow(d *events.Delivery) []any {
	return []any{&d.ID, &d.Webhook, &d.Event, &d.Type, micros(&d.Made), (*string)(&d.State), micros(&d.Due), &d.Attempts, micros(&d.Tried),
		&d.Status, spell(&d.Took), &d.Fault, tried(&d.Tries)}
}

func deliveryWithBody(d *events.Delivery) []any { return append(deliveryRow(d), &d.Body) }

// PutDelivery adds a delivery, or has that of the same event made anew.
func (tx *Tx) PutDelivery(d events.Delivery) error {
	_, err := tx.exec(qPutDelivery, d.ID, d.Webhook, d.Event, d.Type, d.Made, string(d.State), d.Due, d.Attempts, d.Tried, d.Status,
		d.Took.Microseconds(), d.Fault, "", d.Body)
	return err
}

// tried reads attempts.
func tried(to *[]events.Try) sql.Scanner { return scanTries{to} }

type scanTries struct{ to *[]events.Try }

func (s scanTries) Scan(v any) error {
	text, ok := v.(string)
	if *s.to = nil; !ok || text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), s.to)
}

// SaveDelivery keeps what became of a delivery.
func (tx *Tx) SaveDelivery(d events.Delivery) error {
	tries, err := json.Marshal(d.Tries)
	if err != nil {
		return err
	}
	return tx.execOne(qSaveDelivery, d.ID, string(d.State), d.Due, d.Attempts, d.Tried, d.Status, d.Took.Microseconds(), d.Fault, string(tries))
}

// Delivery returns a delivery.
func (tx *Tx) Delivery(id string) (events.Delivery, error) {
	return one(tx, qDelivery, deliveryWithBody, id)
}

// Deliveries returns deliveries to a webhook without their bodies, latest first.
func (tx *Tx) Deliveries(webhook string, limit int) ([]events.Delivery, error) {
	return all(tx, qDeliveries, deliveryRow, webhook, limit)
}

// DueDelivery returns the first delivery that is due, and when the first that waits is.
func (tx *Tx) DueDelivery(webhook string, now time.Time) (events.Delivery, time.Time, error) {
	d, found, err := maybe(tx, qDueFirst, deliveryWithBody, webhook)
	if err != nil || !found {
		return events.Delivery{}, time.Time{}, err
	}
	if d.Due.After(now) {
		return events.Delivery{}, d.Due, nil
	}
	return d, d.Due, nil
}

// EndDeliveries ends all that wait: nothing more is sent to the webhook.
func (tx *Tx) EndDeliveries(webhook string, _ time.Time) error {
	_, err := tx.exec(qEndDeliveries, webhook)
	return err
}

// ForgetDeliveries removes at most limit deliveries that were made before a moment.
func (tx *Tx) ForgetDeliveries(before time.Time, limit int) error {
	_, err := tx.exec(qForgetDeliveries, before, limit)
	return err
}

// WaitingWebhooks returns the ids of webhooks to which something waits to be sent.
func (tx *Tx) WaitingWebhooks() ([]string, error) {
	return all(tx, qWaitingWebhooks, value[string])
}
