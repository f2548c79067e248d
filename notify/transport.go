// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"net/url"
	"slices"
	"sync"

	"verlof/errs"
)

// NewTransport returns the transport that a URL names:
//
//	smtp://user:password@host:port?tls=required   a mail server; see below
//	smtps://user:password@host:port               the same, TLS from the first byte
//	dir:PATH                                      a folder of .eml files
//	discard:                                      nowhere
//
// tls says what becomes of STARTTLS: required (the default), opportunistic, or
// none. User and password may be left out. Its error holds no password.
func NewTransport(address string) (Transport, error) {
	const hint = "write smtp://user:password@host:port?tls=required, smtps://..., dir:PATH or discard:"
	u, err := url.Parse(address)
	if err != nil {
		return nil, errs.Operator(hint, "the address of the mail transport is not a URL")
	}
	switch u.Scheme {
	case "smtp", "smtps":
		return newSMTP(u)
	case "dir":
		path := u.Opaque
		if path == "" {
			path = u.Path
		}
		if path == "" {
			return nil, errs.Operator(hint, "dir: needs a folder")
		}
		return Folder(path), nil
	case "discard":
		return discard{}, nil
	}
	if u.Scheme == "" {
		return nil, errs.Operator(hint, "the setting of mail names no transport")
	}
	return nil, errs.Operator(hint, "no mail transport is called %q", u.Scheme)
}

// discard sends nothing, but refuses what cannot be sent.
type discard struct{}

func (discard) Send(_ context.Context, m Message) error {
	_, err := build(m)
	return err
}

// Memory keeps messages; tests read them.
type Memory struct {
	mu   sync.Mutex
	kept []Message
}

// Send keeps m.
func (t *Memory) Send(_ context.Context, m Message) error {
	if _, err := build(m); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, m)
	return nil
}

// Messages returns what was sent, oldest first.
func (t *Memory) Messages() []Message {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.kept)
}
