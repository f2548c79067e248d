// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/people"
)

// ServicePrefix begins every token of a service.
const ServicePrefix = "vlf_svc_"

// MaxServiceTokens is how many tokens of services there may be for one scope: two at a
// time let one follow the other without a pause.
const MaxServiceTokens = 4

// ServiceToken lets a service in that acts for the customer and in nobody's name, such as
// a directory that provisions people. The database knows it by its digest.
type ServiceToken struct {
	ID      string
	Digest  identity.Digest
	Name    string
	Scopes  []Scope
	MadeBy  people.ID
	Created time.Time
	Expires time.Time
	Used    time.Time // exact to five minutes; zero: never
}

// MakeServiceToken makes a token for a service. The secret is returned this once and is
// not kept. It reports Forbidden unless by keeps the customer's sign-in and may let a
// directory in (NeedForDirectory), Invalid for a wish that cannot be, and Conflict where
// there are as many as there may be.
func (s *Service) MakeServiceToken(ctx context.Context, by people.ID, w Wish) (t ServiceToken, secret string, err error) {
	now := s.now()
	if w, err = w.checkFrame(now); err != nil {
		return ServiceToken{}, "", err
	}
	if !slices.Equal(w.Scopes, []Scope{SCIM}) {
		return ServiceToken{}, "", errs.New(errs.Invalid, "access.error.scopes").At("scopes")
	}
	secret = newSecret(ServicePrefix)
	t = ServiceToken{ID: id.New(now), Digest: identity.DigestOf(secret), Name: w.Name, Scopes: w.Scopes, MadeBy: by,
		Created: now, Expires: w.Expires.UTC().Truncate(time.Microsecond)}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock("access:services"); err != nil {
			return err
		}
		v, err := people.SignInKeeper(tx, by)
		if err == nil {
			err = NeedForDirectory(v)
		}
		if err != nil {
			return err
		}
		all, err := tx.ServiceTokens()
		if err != nil {
			return err
		}
		for _, old := range all {
			if old.expired(now) {
				if err := tx.DeleteServiceToken(old.Digest); err != nil {
					return err
				}
			}
		}
		if len(live(all, now)) >= MaxServiceTokens {
			return errs.New(errs.Conflict, "access.error.too_many", "count", MaxServiceTokens)
		}
		if err := tx.InsertServiceToken(t); err != nil {
			return err
		}
		return identity.AddRecord(tx, "", identity.RecordServiceTokenMade, t.Name, by, now)
	})
	if err != nil {
		return ServiceToken{}, "", fmt.Errorf("make a token of a service: %w", err)
	}
	return t, secret, nil
}

// ServiceTokens returns the tokens of services that have not expired, newest first. It
// reports Forbidden unless by keeps the customer's sign-in.
func (s *Service) ServiceTokens(ctx context.Context, by people.ID) (list []ServiceToken, err error) {
	now := s.now()
	err = s.Store.View(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		all, err := tx.ServiceTokens()
		list = live(all, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the tokens of services: %w", err)
	}
	return list, nil
}

// RevokeServiceToken ends a token of a service, named by its ID: from that moment it opens
// nothing. It reports Forbidden unless by keeps the customer's sign-in, and NotFound.
func (s *Service) RevokeServiceToken(ctx context.Context, by people.ID, token string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		all, err := tx.ServiceTokens()
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.ID != token {
				continue
			}
			if err := tx.DeleteServiceToken(t.Digest); err != nil {
				return err
			}
			return identity.AddRecord(tx, "", identity.RecordServiceTokenEnded, t.Name, by, s.now())
		}
		return errs.New(errs.NotFound, "access.error.no_token")
	})
	if err != nil {
		return fmt.Errorf("revoke token %s of a service: %w", token, err)
	}
	return nil
}

// AuthenticateService returns the token of a service that a secret is. It reports
// Unauthenticated for a secret that is none of this customer's, has expired or was
// revoked. It writes at most once in five minutes.
func (s *Service) AuthenticateService(ctx context.Context, secret string) (ServiceToken, error) {
	if !genuine(ServicePrefix, secret) {
		return ServiceToken{}, errToken
	}
	now := s.now()
	var t ServiceToken
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		t, err = tx.ServiceToken(identity.DigestOf(secret))
		if errs.Is(err, errs.NotFound) || err == nil && t.expired(now) {
			return errToken
		}
		return err
	})
	if err != nil {
		return ServiceToken{}, fmt.Errorf("authenticate a service: %w", err)
	}
	if err := s.noteUse(ctx, &t.Used, now, func(tx Tx) error { return tx.TouchServiceToken(t.Digest, now) }); err != nil {
		return ServiceToken{}, fmt.Errorf("touch token %s of a service: %w", t.ID, err)
	}
	return t, nil
}

// IsServiceToken reports whether a text begins as the tokens of services do.
func IsServiceToken(secret string) bool { return strings.HasPrefix(secret, ServicePrefix) }

func (t ServiceToken) expired(now time.Time) bool { return !now.Before(t.Expires) }
