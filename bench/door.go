// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"verlof/identity"
	"verlof/identity/openid"
	"verlof/people"
	"verlof/tenant"
)

// How the door is measured.
const (
	doorRuns   = 3
	doorPeople = 300
	doorRate   = 50                    // sign-ins that arrive in a second, whatever became of those before
	doorFor    = 5 * time.Second       // of arrivals, in a run
	pageEvery  = 25 * time.Millisecond // a page of somebody who is in
	checks     = 500                   // tokens that are verified in a run
)

// What is aimed at.
const (
	pageBudget  = 50 * time.Millisecond // 99 of 100 pages, while people sign in
	tokenBudget = 50 * time.Microsecond
	doorMemory  = 256 << 20 // bytes that sign-ins may add, however many wait
)

// door measures what happens when everybody signs in at nine o'clock: how many come in, how
// long others wait for their pages, what memory it takes; and what it costs to see who speaks
// with an access token.
func door(ctx context.Context, dir string) (rows []row, err error) {
	w, err := newWorld(ctx, "sqlite:"+dir, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	f, err := w.firm(ctx, "door", doorPeople)
	if err != nil {
		return nil, err
	}
	addresses, err := w.passwords(ctx, &f)
	if err != nil {
		return nil, err
	}
	in := row{What: "sign-ins by password that are served, of 50 that arrive in a second", Unit: rate, Bare: "one hash after the other"}
	page := row{What: "GET / meanwhile, 99 of 100 within", Unit: duration, Bare: "the same while nobody signs in", Aim: atMost(float64(pageBudget))}
	room := row{What: "memory (RSS) that it adds, at its peak", Unit: size, Bare: "of one hash", Aim: atMost(doorMemory)}
	for range doorRuns {
		calm, err := w.crowd(ctx, f, nil)
		if err != nil {
			return nil, err
		}
		busy, err := w.crowd(ctx, f, addresses)
		if err != nil {
			return nil, err
		}
		hash, err := hashTime(ctx)
		if err != nil {
			return nil, err
		}
		in.add(float64(busy.served)/doorFor.Seconds(), 1/hash.Seconds())
		page.add(percentile(busy.pages, 0.99), percentile(calm.pages, 0.99))
		room.add(busy.memory-calm.memory, float64(identity.DefaultParams.Memory)*1024)
	}
	tokens, err := w.tokens(ctx)
	return append([]row{in, page, room}, tokens...), err
}

const doorPassword = "seven quiet herons walk"

// passwords gives everybody of a firm a password, and returns their addresses. Its employee is
// signed in anew: with another password all sessions end.
func (w *world) passwords(ctx context.Context, f *firm) (addresses []string, err error) {
	err = w.with(ctx, f.employee.slug, func(t *tenant.Tenant) error {
		org, err := t.People.Organisation(ctx)
		if err != nil {
			return err
		}
		var all []people.ID
		for _, id := range org.Order {
			p := org.Person(id)
			if p.Active && p.Email != "" {
				all, addresses = append(all, id), append(addresses, p.Email)
			}
		}
		hash, err := t.Identity.Hasher.Hash(ctx, doorPassword)
		if err != nil {
			return err
		}
		if err := t.Identity.SetPassword(ctx, hash, all...); err != nil {
			return err
		}
		in, err := admit(ctx, t, f.employee.id)
		if err == nil {
			f.employee = in[0]
		}
		return err
	})
	return addresses, err
}

// hashTime is what one hash takes that nothing else holds up.
func hashTime(ctx context.Context) (time.Duration, error) {
	begin := time.Now()
	_, err := identity.NewHasher(identity.DefaultParams, 1, time.Second).Hash(ctx, doorPassword)
	return time.Since(begin), err
}

// rush is what happened while people signed in.
type rush struct {
	served, refused int
	pages           []float64 // in nanoseconds
	memory          float64   // at most, in bytes
}

// crowd has people sign in at doorRate, one after the other of addresses and again from the
// first, while somebody reads pages. Who is not served must be told when to come back.
func (w *world) crowd(ctx context.Context, f firm, addresses []string) (r rush, err error) {
	c := browsers(4 * doorRate)
	defer c.CloseIdleConnections()
	var all sync.WaitGroup
	var mu sync.Mutex
	note := func(fault error, do func()) {
		mu.Lock()
		defer mu.Unlock()
		if err = cmp.Or(err, fault); err == nil {
			do()
		}
	}
	every := func(d time.Duration, do func(i int)) {
		all.Go(func() {
			tick := time.NewTicker(d)
			defer tick.Stop()
			for i := range int(doorFor / d) {
				<-tick.C
				all.Go(func() { do(i) })
			}
		})
	}
	if len(addresses) > 0 {
		every(time.Second/doorRate, func(i int) {
			served, fault := w.knock(ctx, c, f, addresses[i%len(addresses)])
			note(fault, func() {
				if served {
					r.served++
				} else {
					r.refused++
				}
			})
		})
	}
	every(pageEvery, func(int) {
		get, fault := f.employee.request(ctx, http.MethodGet, w.url+"/", nil, true)
		begin := time.Now()
		if fault == nil {
			_, fault = fetch(c, get, http.StatusOK)
		}
		note(fault, func() { r.pages = append(r.pages, float64(time.Since(begin))) })
	})
	every(100*time.Millisecond, func(int) {
		now := residentNow()
		note(nil, func() { r.memory = max(r.memory, now) })
	})
	all.Wait()
	return r, err
}

// knock signs somebody in. It reports whether they came in, and an error where they were
// neither let in nor told when to try again.
func (w *world) knock(ctx context.Context, c *http.Client, f firm, address string) (bool, error) {
	form := url.Values{"email": {address}, "password": {doorPassword}}.Encode()
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url+"/sign-in", bytes.NewBufferString(form))
	if err != nil {
		return false, err
	}
	post.Host = host(f.employee.slug)
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.Do(post)
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusSeeOther:
		return true, nil
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if n, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && n > 0 {
			return false, nil
		}
	}
	return false, fmt.Errorf("sign-in: status %d, Retry-After %q", answer.StatusCode, answer.Header.Get("Retry-After"))
}

// tokens measures what it takes to see who speaks with an access token: from the token alone,
// and with whether its grant still stands.
func (w *world) tokens(ctx context.Context) (rows []row, err error) {
	alone := row{What: "an access token is verified: signature, issuer, audience, time", Unit: duration, Bare: "RSA-2048 bare", Aim: atMost(float64(tokenBudget))}
	stands := row{What: "one that was here before is recognised, and its grant looked up in the database", Unit: duration, Bare: "the same"}
	err = w.with(ctx, "door", func(t *tenant.Tenant) error {
		token, err := issue(ctx, t)
		if err != nil {
			return err
		}
		raw, err := bareRSA()
		if err != nil {
			return err
		}
		for range doorRuns {
			took, err := byTurns(checks,
				func() error { _, err := t.OpenID.Verify(ctx, token); return err },
				func() error { _, err := t.OpenID.Bearer(ctx, token); return err },
				raw)
			if err != nil {
				return err
			}
			alone.add(median(took[0].times), median(took[2].times))
			stands.add(median(took[1].times), median(took[2].times))
		}
		return nil
	})
	return []row{alone, stands}, err
}

// issue returns an access token of an application that acts for itself.
func issue(ctx context.Context, t *tenant.Tenant) (string, error) {
	administrator, _, err := cast(ctx, t)
	if err != nil {
		return "", err
	}
	c, _, err := t.OpenID.Register(ctx, administrator, openid.Client{Name: "Payroll", Kind: openid.Service, Scope: "leave:read", Subjects: openid.SubjectPublic})
	if err != nil {
		return "", err
	}
	answer, err := t.OpenID.Token(ctx, c, "", url.Values{"grant_type": {"client_credentials"}})
	return answer.Access, err
}

// bareRSA returns the check of one signature as Go does it.
func bareRSA() (func() error, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte("a token"))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		return nil, err
	}
	return func() error { return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, sum[:], signature) }, nil
}
