// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/store"
	"verlof/store/storetest"
)

// overtaken is a store in which somebody else begins something just after an update has read the one
// thing that they change, and has half a second to be done before the update goes on.
type overtaken struct {
	openid.Store
	at     string // the read
	others func() error
	done   chan error
}

func (s *overtaken) Update(ctx context.Context, f func(openid.Tx) error) error {
	return s.Store.Update(ctx, func(tx openid.Tx) error { return f(&overtakenTx{tx, s}) })
}

type overtakenTx struct {
	openid.Tx
	store *overtaken
}

func (tx *overtakenTx) DeviceRequest(d identity.Digest) (openid.DeviceRequest, error) {
	r, err := tx.Tx.DeviceRequest(d)
	tx.store.overtake("DeviceRequest")
	return r, err
}

func (tx *overtakenTx) Grant(id string) (openid.Grant, error) {
	g, err := tx.Tx.Grant(id)
	tx.store.overtake("Grant")
	return g, err
}

func (s *overtaken) overtake(at string) {
	others := s.others
	if at != s.at || others == nil {
		return
	}
	s.others = nil
	s.done = make(chan error, 1)
	finished := make(chan struct{})
	go func() { s.done <- others(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(500 * time.Millisecond): // it waits for the update
	}
}

// meanwhile runs f while others happens just after a read.
func (r *relying) meanwhile(at string, f func(), others func(*openid.Provider) error) {
	r.t.Helper()
	calm := r.Store
	beside := &openid.Provider{Store: calm, Now: r.Now, Issuer: r.Issuer, Host: r.Host, Limits: r.Limits, Authority: r.Authority}
	s := &overtaken{Store: calm, at: at, others: func() error { return others(beside) }}
	r.Store = s
	f()
	r.Store = calm
	if s.done == nil {
		r.t.Fatal("nobody came between")
	}
	if err := <-s.done; err != nil {
		r.t.Error(err)
	}
}

// TestDeviceApprovedWhilePolling: a person says yes in the moment in which the device asks, and it hears of it.
func TestDeviceApprovedWhilePolling(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, func(c *openid.Client) { c.Kind = openid.Device })
		codes, err := r.Device(t.Context(), r.client, url.Values{"scope": {"openid"}})
		if err != nil {
			t.Fatal(err)
		}
		poll := func() (openid.Tokens, error) {
			return r.token("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", codes.Device)
		}
		r.meanwhile("DeviceRequest", func() {
			_, err := poll()
			faulty(t, "at once", err, "authorization_pending")
		}, func(beside *openid.Provider) error {
			_, err := beside.DecideDevice(t.Context(), r.who, codes.User, true)
			return err
		})
		r.time = r.time.Add(r.Limits.Poll)
		tokens, err := poll()
		if err != nil {
			t.Fatalf("after the approval: %v", err)
		}
		r.good("of the device", tokens.Access, true)
	})
}

// TestEndedWhileUsed: what a person ends in the moment in which an application asks for tokens on it, stays ended.
func TestEndedWhileUsed(t *testing.T) {
	for what, ready := range map[string]func(*relying) func() (openid.Tokens, error){
		"refresh": func(r *relying) func() (openid.Tokens, error) {
			held := r.fresh()
			return func() (openid.Tokens, error) { return r.refresh(held.Refresh) }
		},
		"redeem": func(r *relying) func() (openid.Tokens, error) {
			code := r.code()
			return func() (openid.Tokens, error) { return r.redeem(code) }
		},
		"collect": func(r *relying) func() (openid.Tokens, error) {
			var err error
			screen := openid.Client{Name: "Screen", Kind: openid.Device, Scope: "openid offline_access", Subjects: openid.SubjectPublic}
			if r.client, _, err = r.Register(r.t.Context(), r.keeper, screen); err != nil {
				r.t.Fatal(err)
			}
			codes, err := r.Device(r.t.Context(), r.client, url.Values{"scope": {"openid"}})
			if err == nil {
				_, err = r.DecideDevice(r.t.Context(), r.who, codes.User, true)
			}
			if err != nil {
				r.t.Fatal(err)
			}
			return func() (openid.Tokens, error) {
				return r.token("grant_type", "urn:ietf:params:oauth:grant-type:device_code", "device_code", codes.Device)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			storetest.Both(t, func(t *testing.T, setting string) {
				r := relies(t, setting, nil)
				ask := ready(r)
				var tokens openid.Tokens
				var failed error
				r.meanwhile("Grant", func() { tokens, failed = ask() }, func(beside *openid.Provider) error {
					return beside.EndAgreement(t.Context(), r.who.Person, r.who.Person, r.client.ID)
				})
				if failed == nil {
					r.good("the token", tokens.Access, false)
				} else {
					faulty(t, "asked for tokens", failed, "invalid_grant")
				}
				list, err := r.Agreements(t.Context(), r.who.Person, r.who.Person)
				if err != nil || len(list) != 0 {
					t.Errorf("still agreed to %+v, %v", list, err)
				}
			})
		})
	}
}

// TestGivenAfterTheEnd: who was shut out since the page was asked for gives nothing away, not for when they are away
// and not to a device.
func TestGivenAfterTheEnd(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		r := relies(t, setting, nil)
		screen, _, err := r.Register(t.Context(), r.keeper, openid.Client{Name: "Screen", Kind: openid.Device, Scope: "openid", Subjects: openid.SubjectPublic})
		if err != nil {
			t.Fatal(err)
		}
		codes, err := r.Device(t.Context(), screen, url.Values{"scope": {"openid"}})
		if err != nil {
			t.Fatal(err)
		}
		update(t, r.db, func(tx *store.Tx) error { return identity.Shut(tx, r.who.Person) })
		a, err := r.Authorize(t.Context(), r.ask(), r.who)
		if !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("an application was answered %+v, %v", a, err)
		}
		if _, err := r.DecideDevice(t.Context(), r.who, codes.User, true); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("a device was allowed: %v", err)
		}
	})
}
