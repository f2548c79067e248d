// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"time"

	"verlof/events"
	"verlof/identity/access"
)

// Webhook is an address to which events are sent, without its secret.
type Webhook struct {
	ID      string     `json:"id"`
	State   string     `json:"state" enum:"on,off,broken" doc:"broken: nothing arrived for five days, or the receiver answered 410. Save it to switch it on again."`
	Failing *time.Time `json:"failing,omitempty" doc:"Since when nothing has arrived; missing: the last message did."`
	Made    time.Time  `json:"made"`
	WebhookInput
}

// WebhookInput is a webhook as it is kept.
type WebhookInput struct {
	URL         string   `json:"url" minLength:"1" maxLength:"500" doc:"https alone, and a machine that can be reached from everywhere." example:"https://example.com/verlof"`
	Description string   `json:"description,omitempty" maxLength:"200" example:"Payroll"`
	Types       []string `json:"types,omitempty" maxItems:"100" doc:"Types of events; leave.request.* for all of a kind. Missing: all but those of sickness, which a sickness officer chooses by name." example:"leave.request.approved"`
	Off         bool     `json:"off,omitempty" doc:"Nothing is sent to it."`
}

// NewWebhook is a webhook with the secret that signs what is sent to it.
type NewWebhook struct {
	Webhook
	Secret string `json:"secret" doc:"Keep it: it is not told again." example:"whsec_..."`
}

// WebhookSecret is a new secret of a webhook.
type WebhookSecret struct {
	Secret string `json:"secret" doc:"Keep it: it is not told again. For a day messages are signed with the one before it as well." example:"whsec_..."`
}

// Delivery is a message to a webhook.
type Delivery struct {
	ID       string     `json:"id"`
	Event    string     `json:"event" doc:"Id of the event, which the message carries as webhook-id."`
	Type     string     `json:"type" example:"leave.request.approved"`
	State    string     `json:"state" enum:"waiting,delivered,failed"`
	Made     time.Time  `json:"made"`
	Attempts int        `json:"attempts" doc:"How often it was sent."`
	Tried    *time.Time `json:"tried,omitempty" doc:"The last attempt."`
	Status   int        `json:"status,omitempty" doc:"What the receiver answered to the last attempt; missing: nothing." example:"200"`
	Fault    string     `json:"fault,omitempty" enum:"timeout,address,connection" doc:"Why there was no answer. address: it is none that is called from here."`
	Due      *time.Time `json:"due,omitempty" doc:"The next attempt."`
	Tries    []Try      `json:"tries" doc:"All attempts, oldest first: of more than 20 the latest."`
}

// Try is an attempt to send a message.
type Try struct {
	At     time.Time `json:"at"`
	Status int       `json:"status,omitempty" doc:"What the receiver answered; missing: nothing." example:"503"`
	Millis int64     `json:"took_ms" doc:"Until the answer, or until there was none, in milliseconds."`
	Fault  string    `json:"fault,omitempty" enum:"timeout,address,connection"`
}

// Replayed is how many events are sent once more.
type Replayed struct {
	Count int `json:"count" doc:"Events that are sent once more."`
}

func addWebhooks(s *surface) {
	const area = "Webhooks"
	look, act := access.ClientsRead, access.ClientsWrite
	const who = "For system managers. What is sent of sickness is for sickness officers."
	add(s, operation{ID: "listWebhooks", Method: http.MethodGet, Path: "/webhooks", Scope: look, Area: area, Summary: "List webhooks", Doc: who}, listWebhooks)
	add(s, operation{ID: "getWebhook", Method: http.MethodGet, Path: "/webhooks/{id}", Scope: look, Area: area, Summary: "Read a webhook", Doc: who}, getWebhook)
	add(s, operation{ID: "addWebhook", Method: http.MethodPost, Path: "/webhooks", Scope: act, Area: area, Fresh: true, Status: http.StatusCreated, Secret: true, Summary: "Add a webhook", Doc: who}, addWebhook)
	add(s, operation{ID: "saveWebhook", Method: http.MethodPut, Path: "/webhooks/{id}", Scope: act, Area: area, Fresh: true, Match: true, Summary: "Change a webhook",
		Doc: "All fields at once. One that is broken is on again. " + who}, saveWebhook)
	add(s, operation{ID: "deleteWebhook", Method: http.MethodDelete, Path: "/webhooks/{id}", Scope: act, Area: area, Fresh: true, Match: true, Summary: "Remove a webhook", Doc: who}, deleteWebhook)
	add(s, operation{ID: "rotateWebhook", Method: http.MethodPost, Path: "/webhooks/{id}/secret", Scope: act, Area: area, Fresh: true, Secret: true, Summary: "Give a webhook a new secret", Doc: who}, rotateWebhook)
	add(s, operation{ID: "testWebhook", Method: http.MethodPost, Path: "/webhooks/{id}/test", Scope: act, Area: area, Status: http.StatusAccepted, Summary: "Send a message of type webhook.test", Doc: who}, testWebhook)
	add(s, operation{ID: "listDeliveries", Method: http.MethodGet, Path: "/webhooks/{id}/deliveries", Scope: look, Area: area, Summary: "List the last messages to a webhook", Doc: who}, listDeliveries)
	add(s, operation{ID: "resendDelivery", Method: http.MethodPost, Path: "/webhooks/{id}/deliveries/{line}/resend", Scope: act, Area: area, Status: http.StatusAccepted,
		Summary: "Send a message once more", Doc: who}, resendDelivery)
	add(s, operation{ID: "replayWebhook", Method: http.MethodPost, Path: "/webhooks/{id}/replay", Scope: act, Area: area, Status: http.StatusAccepted,
		Summary: "Send all events since a moment once more", Doc: "With the ids that they had, so that the receiver can tell what it knows. " + who}, replayWebhook)
}

func webhookSeen(h events.Webhook) Webhook {
	out := Webhook{ID: h.ID, State: string(h.State), Made: h.Made,
		WebhookInput: WebhookInput{URL: h.URL, Description: h.Description, Types: h.Types, Off: h.State == events.HookOff}}
	if !h.Failing.IsZero() {
		out.Failing = &h.Failing
	}
	return out
}

func (in WebhookInput) wish() events.Wish {
	return events.Wish{URL: in.URL, Description: in.Description, Types: in.Types, Off: in.Off}
}

func listWebhooks(ctx context.Context, c *call, in *Cut) (Page[Webhook], error) {
	list, err := c.Events.Webhooks(ctx, c.Caller.Person)
	if err != nil {
		return Page[Webhook]{}, err
	}
	return part(each(list, webhookSeen), *in, false, func(h Webhook) string { return h.ID })
}

func getWebhook(ctx context.Context, c *call, in *ByID) (Webhook, error) {
	h, err := c.Events.Webhook(ctx, c.Caller.Person, in.ID)
	return webhookSeen(h), err
}

type webhookBody struct{ Body WebhookInput }

func addWebhook(ctx context.Context, c *call, in *webhookBody) (NewWebhook, error) {
	h, err := c.Events.Add(ctx, c.Caller.Person, in.Body.wish())
	if err != nil {
		return NewWebhook{}, err
	}
	c.made("/webhooks/" + h.ID)
	return NewWebhook{webhookSeen(h), string(h.Secret)}, nil
}

type webhookChange struct {
	ByID
	Body WebhookInput
}

func saveWebhook(ctx context.Context, c *call, in *webhookChange) (Webhook, error) {
	if err := c.Events.Save(ctx, c.Caller.Person, in.ID, in.Body.wish()); err != nil {
		return Webhook{}, err
	}
	return getWebhook(ctx, c, &in.ByID)
}

func deleteWebhook(ctx context.Context, c *call, in *ByID) (none, error) {
	return none{}, c.Events.Delete(ctx, c.Caller.Person, in.ID)
}

func rotateWebhook(ctx context.Context, c *call, in *ByID) (WebhookSecret, error) {
	secret, err := c.Events.Rotate(ctx, c.Caller.Person, in.ID)
	return WebhookSecret{string(secret)}, err
}

func testWebhook(ctx context.Context, c *call, in *ByID) (none, error) {
	return none{}, c.Events.Test(ctx, c.Caller.Person, in.ID)
}

type deliveriesOf struct {
	ByID
	Cut
}

func listDeliveries(ctx context.Context, c *call, in *deliveriesOf) (Page[Delivery], error) {
	list, err := c.Events.Deliveries(ctx, c.Caller.Person, in.ID)
	if err != nil {
		return Page[Delivery]{}, err
	}
	return part(each(list, deliverySeen), in.Cut, true, func(d Delivery) string { return d.ID })
}

func deliverySeen(d events.Delivery) Delivery {
	out := Delivery{ID: d.ID, Event: d.Event, Type: d.Type, State: string(d.State), Made: d.Made, Attempts: d.Attempts, Status: d.Status, Fault: d.Fault,
		Tries: each(d.Tries, func(x events.Try) Try { return Try{x.At, x.Status, x.Took.Milliseconds(), x.Fault} })}
	if !d.Tried.IsZero() {
		out.Tried = &d.Tried
	}
	if !d.Due.IsZero() {
		out.Due = &d.Due
	}
	return out
}

type deliveryOf struct {
	ByID
	Line string `path:"line" maxLength:"64" doc:"Id of the message."`
}

func resendDelivery(ctx context.Context, c *call, in *deliveryOf) (none, error) {
	return none{}, c.Events.Resend(ctx, c.Caller.Person, in.ID, in.Line)
}

type replayBody struct {
	ByID
	Body struct {
		Since time.Time `json:"since" doc:"Within the last 90 days." example:"2026-11-01T00:00:00Z"`
	}
}

func replayWebhook(ctx context.Context, c *call, in *replayBody) (Replayed, error) {
	n, err := c.Events.Replay(ctx, c.Caller.Person, in.ID, in.Body.Since)
	return Replayed{n}, err
}
