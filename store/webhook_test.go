// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/errs"
	"verlof/events"
	"verlof/leave"
	"verlof/people"
	"verlof/store/storetest"
)

// hooks is a customer with a system manager and a clock that tests move.
type hooks struct {
	*testing.T
	*events.Service
	now  time.Time
	save func(pack string)

	write func(func(leave.Tx) error)
}

const keeper people.ID = "kim"

func newHooks(t *testing.T, setting string) *hooks {
	db := storetest.Tenant(t, setting)
	h := &hooks{T: t, now: time.Now().UTC()}
	err := db.Leave().Update(context.Background(), func(tx leave.Tx) error {
		return tx.SavePerson(people.Person{ID: keeper, GivenName: "Kim", FamilyName: "Keeper", Roles: people.SystemManager, Active: true})
	})
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return h.now }
	h.Service = &events.Service{Store: db.Events(), People: &people.Service{Store: db.People(), Now: clock}, Now: clock}
	h.write = func(f func(leave.Tx) error) {
		t.Helper()
		if err := db.Leave().Update(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	h.save = func(id string) {
		t.Helper()
		h.write(func(tx leave.Tx) error { return tx.SavePackage(leave.Package{ID: id, Name: id}) })
	}
	return h
}

// add makes a webhook for packages.
func (h *hooks) add() events.Webhook {
	h.Helper()
	w, err := h.Add(h.Context(), keeper, events.Wish{URL: "https://example.com/in", Types: events.Filter{"package.*"}})
	if err != nil {
		h.Fatal(err)
	}
	return w
}

// take returns the next shipment to a webhook, and fails where there is one and should not be.
func (h *hooks) take(hook string, want bool) events.Shipment {
	h.Helper()
	if _, err := h.Dispatch(h.Context()); err != nil {
		h.Fatal(err)
	}
	s, _, err := h.Next(h.Context(), hook)
	if err != nil || (s.Delivery != "") != want {
		h.Fatalf("next: %+v %v, want one: %v", s, err, want)
	}
	return s
}

func (h *hooks) settle(s events.Shipment, status int) {
	h.Helper()
	if err := h.Settle(h.Context(), s.Delivery, events.Outcome{Status: status}); err != nil {
		h.Fatal(err)
	}
}

// TestWebhook: an event is sent once, signed, and again after a pause when it did not
// arrive, with the same id; what nobody chose is not sent.
func TestWebhook(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h := newHooks(t, setting)
		w := h.add() // tells of itself, and nobody chose that
		h.take(w.ID, false)
		h.save("a")
		first := h.take(w.ID, true)
		id, at := first.Header["Webhook-Id"][0], first.Header["Webhook-Timestamp"][0]
		if want := w.Secret.Sign(id, h.now, first.Body); first.Header["Webhook-Signature"][0] != want || at == "" || !strings.Contains(first.Body, `"type":"package.added"`) {
			t.Errorf("got %v %s, want %s", first.Header, first.Body, want)
		}
		h.take(w.ID, false) // it is being sent
		h.settle(first, 500)
		h.take(w.ID, false) // it waits
		h.now = h.now.Add(7 * time.Second)
		again := h.take(w.ID, true)
		if again.Header["Webhook-Id"][0] != id {
			t.Error("the message was sent again with another id")
		}
		h.settle(again, 200)
		h.now = h.now.Add(24 * time.Hour)
		h.take(w.ID, false)

		list, err := h.Deliveries(t.Context(), keeper, w.ID)
		if err != nil || len(list) != 1 || list[0].State != events.Delivered || list[0].Attempts != 2 {
			t.Fatalf("%+v %v", list, err)
		}
		if tries := list[0].Tries; len(tries) != 2 || tries[0].Status != 500 || tries[1].Status != 200 || !tries[0].At.Before(tries[1].At) {
			t.Errorf("attempts: %+v", tries)
		}
		if err := h.Resend(t.Context(), keeper, w.ID, list[0].ID); err != nil {
			t.Fatal(err)
		}
		if s := h.take(w.ID, true); s.Header["Webhook-Id"][0] != id {
			t.Error("a message that was asked for once more has another id")
		} else {
			h.settle(s, 204)
		}
		if n, err := h.Replay(t.Context(), keeper, w.ID, h.now.Add(-48*time.Hour)); n != 1 || err != nil {
			t.Errorf("replay: %d %v", n, err)
		}
		h.settle(h.take(w.ID, true), 204)
		for range events.MaxTries {
			if _, err := h.Replay(t.Context(), keeper, w.ID, h.now.Add(-48*time.Hour)); err != nil {
				t.Fatal(err)
			}
			h.settle(h.take(w.ID, true), 205)
		}
		list, err = h.Deliveries(t.Context(), keeper, w.ID)
		if err != nil || len(list[0].Tries) != events.MaxTries || list[0].Tries[0].Status != 205 {
			t.Errorf("of many attempts the latest are kept: %+v %v", list, err)
		}
	})
}

// twice is a store whose updates are undone once and run again, as an engine may ask for.
type twice struct{ events.Store }

func (s twice) Update(ctx context.Context, f func(events.Tx) error) error {
	undo := errors.New("run it again")
	err := s.Store.Update(ctx, func(tx events.Tx) error { return cmp.Or(f(tx), undo) })
	if err != undo {
		return err
	}
	return s.Store.Update(ctx, f)
}

// TestWebhookReplay_again: what happened is sent once more and counted once, also where the
// transaction runs again.
func TestWebhookReplay_again(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h := newHooks(t, setting)
		w := h.add()
		h.save("a")
		h.settle(h.take(w.ID, true), 204)
		h.Store = twice{h.Store}
		if n, err := h.Replay(t.Context(), keeper, w.ID, h.now.Add(-time.Hour)); n != 1 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
		h.take(w.ID, true)
	})
}

// TestWebhookGivesUp: a message is tried eight times within some 28 hours, and a webhook at
// which nothing arrives for five days, or that says it is gone, gets nothing more.
func TestWebhookGivesUp(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h := newHooks(t, setting)
		w := h.add()
		h.save("a")
		began := h.now
		for range 8 {
			h.settle(h.take(w.ID, true), 503)
			_, next, err := h.Next(t.Context(), w.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !next.IsZero() {
				h.now = next
			}
		}
		if took := h.now.Sub(began); took < 27*time.Hour || took > 34*time.Hour {
			t.Errorf("given up after %s", took)
		}
		h.take(w.ID, false)
		h.now = began.Add(events.PatienceWith)
		h.save("b")
		h.settle(h.take(w.ID, true), 503)
		if got, err := h.Webhook(t.Context(), keeper, w.ID); err != nil || got.State != events.HookBroken {
			t.Errorf("after five days it is %s, %v", got.State, err)
		}
		h.save("c")
		h.take(w.ID, false)
		if err := h.Test(t.Context(), keeper, w.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("a broken webhook was tested: %v", err)
		}
		if err := h.Save(t.Context(), keeper, w.ID, events.Wish{URL: w.URL, Types: w.Types}); err != nil {
			t.Fatal(err)
		}
		h.save("d")
		h.settle(h.take(w.ID, true), http.StatusGone)
		if got, _ := h.Webhook(t.Context(), keeper, w.ID); got.State != events.HookBroken {
			t.Errorf("after 410 it is %s", got.State)
		}
	})
}

// TestWebhookRefused: who may not, what is no address, and sickness without the officer.
func TestWebhookRefused(t *testing.T) {
	h := newHooks(t, "sqlite:"+t.TempDir())
	for _, tt := range []struct {
		by   people.ID
		wish events.Wish
		want errs.Kind
	}{
		{"nobody", events.Wish{URL: "https://example.com"}, errs.Forbidden},
		{keeper, events.Wish{URL: "http://example.com"}, errs.Invalid},
		{keeper, events.Wish{URL: "https://me:secret@example.com"}, errs.Invalid},
		{keeper, events.Wish{URL: "https://example.com", Types: events.Filter{"team.*", "nothing.*"}}, errs.Invalid},
		{keeper, events.Wish{URL: "https://example.com", Types: events.Filter{"sickness.*"}}, errs.Forbidden},
	} {
		_, err := h.Add(t.Context(), tt.by, tt.wish)
		if !errs.Is(err, tt.want) && !(tt.want == errs.Forbidden && errs.Is(err, errs.NotFound)) && !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%+v by %s: %v", tt.wish, tt.by, err)
		}
	}
}

// TestWebhookFromNowOn: a webhook hears of what happens once it is there, and of nothing that happened before or while it
// was off.
func TestWebhookFromNowOn(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h := newHooks(t, setting)
		h.save("before")
		w := h.add()
		h.take(w.ID, false)
		wish := events.Wish{URL: w.URL, Types: w.Types, Off: true}
		if err := h.Save(t.Context(), keeper, w.ID, wish); err != nil {
			t.Fatal(err)
		}
		h.save("meanwhile")
		wish.Off = false
		if err := h.Save(t.Context(), keeper, w.ID, wish); err != nil {
			t.Fatal(err)
		}
		h.take(w.ID, false)
		h.save("after")
		h.settle(h.take(w.ID, true), 204)
		h.take(w.ID, false)
	})
}

// TestWebhookOfSickness: who may not follow sickness neither sees what is sent of it nor has any of it
// sent, not to another address either; they may end it, and remove the webhook.
func TestWebhookOfSickness(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		h := newHooks(t, setting)
		ctx := t.Context()
		const nurse people.ID = "nora" // keeps the programs and follows sickness
		h.write(func(tx leave.Tx) error {
			return tx.SavePerson(people.Person{ID: nurse, GivenName: "Nora", FamilyName: "Nurse", Roles: people.SystemManager | people.SicknessOfficer, Active: true})
		})
		wish := events.Wish{URL: "https://example.com/in", Types: events.Filter{"sickness.*", "package.*"}}
		w, err := h.Add(ctx, nurse, wish)
		if err != nil {
			t.Fatal(err)
		}
		report := func(id string) {
			h.write(func(tx leave.Tx) error {
				return tx.SaveSickReport(leave.SickReport{Sickness: leave.Sickness{ID: id, Person: keeper, From: date("2026-03-02")}, ReportedBy: nurse})
			})
		}
		h.save("a")
		report("s1")
		h.settle(h.take(w.ID, true), 200)
		h.settle(h.take(w.ID, true), 200)
		list, err := h.Deliveries(ctx, nurse, w.ID)
		if err != nil || len(list) != 2 {
			t.Fatalf("who follows sickness sees %+v, %v", list, err)
		}
		seen, err := h.Deliveries(ctx, keeper, w.ID)
		if err != nil || len(seen) != 1 || seen[0].Type != "package.added" {
			t.Errorf("who does not sees %+v, %v", seen, err)
		}
		sick := list[slices.IndexFunc(list, func(d events.Delivery) bool { return d.Type == "sickness.reported" })].ID
		acts := map[string]func(people.ID) error{
			"rotate": func(by people.ID) error { _, err := h.Rotate(ctx, by, w.ID); return err },
			"test":   func(by people.ID) error { return h.Test(ctx, by, w.ID) },
			"resend": func(by people.ID) error { return h.Resend(ctx, by, w.ID, sick) },
			"replay": func(by people.ID) error { _, err := h.Replay(ctx, by, w.ID, h.now.Add(-time.Hour)); return err },
		}
		for name, act := range acts {
			if err := act(keeper); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
			if err := act(nurse); err != nil {
				t.Errorf("%s by who follows sickness: %v", name, err)
			}
		}
		report("s2") // waits while somebody turns the webhook to an address of their own
		if err := h.Save(ctx, keeper, w.ID, events.Wish{URL: "https://example.net/mine", Types: events.Filter{"package.*"}}); err != nil {
			t.Fatal(err)
		}
		if err := h.Resend(ctx, keeper, w.ID, sick); !errs.Is(err, errs.NotFound) {
			t.Errorf("resend to another address: %v", err)
		}
		for range 20 {
			if _, err := h.Dispatch(ctx); err != nil {
				t.Fatal(err)
			}
			s, _, err := h.Next(ctx, w.ID)
			if err != nil || strings.Contains(s.Body, "sickness.") {
				t.Fatalf("sent to another address: %s, %v", s.Body, err)
			}
			if s.Delivery != "" {
				h.settle(s, 200)
			}
		}
		if err := h.Delete(ctx, keeper, w.ID); err != nil {
			t.Error(err)
		}
	})
}
