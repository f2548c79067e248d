// SPDX-License-Identifier: Apache-2.0

package sso

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/internal/saml"
	"verlof/people"
)

// read makes a kept key ready for use.
func (k Key) read() (saml.Key, error) {
	private, err := base64.StdEncoding.DecodeString(k.Private)
	if err != nil {
		return saml.Key{}, fmt.Errorf("key %s cannot be read", k.ID) // the cause might quote of it
	}
	certificate, err := base64.StdEncoding.DecodeString(k.Certificate)
	if err != nil {
		return saml.Key{}, fmt.Errorf("certificate of key %s: %w", k.ID, err)
	}
	own, err := saml.ReadKey(private, certificate)
	if err != nil {
		return saml.Key{}, fmt.Errorf("key %s: %w", k.ID, err)
	}
	return own, nil
}

// About describes the certificate of a key.
func (k Key) About() Certificate { return certificateOf(k.Certificate) }

// PEM returns the certificate of a key as people copy it.
func (k Key) PEM() string {
	list, err := saml.Certificates([]string{k.Certificate})
	if err != nil {
		return ""
	}
	return saml.PEM(list[0])
}

// newKey makes a key.
func (s *Service) newKey(state KeyState) (Key, error) {
	now := s.now()
	own, err := saml.NewKey(s.Identity.Host, now)
	if err != nil {
		return Key{}, err
	}
	private, err := own.Private()
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	return Key{ID: id.New(now), Private: base64.StdEncoding.EncodeToString(private), Certificate: base64.StdEncoding.EncodeToString(own.Certificate.Raw), State: state, Made: now}, nil
}

// firstKey makes the first key of a customer, where there is none.
func (s *Service) firstKey(ctx context.Context) error {
	none := false
	err := s.Store.View(ctx, func(tx Tx) error {
		keys, err := tx.SSOKeys()
		none = len(keys) == 0
		return err
	})
	if err != nil || !none {
		return err
	}
	k, err := s.newKey(KeyUsed)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockProviders); err != nil {
			return err
		}
		keys, err := tx.SSOKeys()
		if err == nil && len(keys) == 0 {
			err = tx.SaveSSOKey(k)
		}
		return err
	})
}

// Keys returns the keys for providers of SAML: the one in use, the next, those before;
// without their private halves. It reports Forbidden for those who do not keep sign-in.
func (s *Service) Keys(ctx context.Context, by people.ID) (keys []Key, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		if _, err := people.SignInKeeper(tx, by); err != nil {
			return err
		}
		keys, err = tx.SSOKeys()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list keys for providers: %w", err)
	}
	for i := range keys {
		keys[i].Private = ""
	}
	return keys, nil
}

// PrepareKey makes the next key: it stands in our metadata from now on, and signs once
// UseKey says so. Where one waits already it does nothing. It reports Forbidden for those
// who are no administrators, since what is signed and opened depends on it, and asks for a
// fresh proof (identity.Stale).
func (s *Service) PrepareKey(ctx context.Context, by identity.Session) error {
	there := false
	err := s.changeKeys(ctx, by, func(_ Tx, keys []Key) error {
		there = waits(keys)
		return nil
	})
	if err != nil || there {
		return err
	}
	k, err := s.newKey(KeyNext)
	if err != nil {
		return err
	}
	return s.changeKeys(ctx, by, func(tx Tx, keys []Key) error {
		if waits(keys) {
			return nil
		}
		return tx.SaveSSOKey(k)
	})
}

// waits reports whether a next key is there.
func waits(keys []Key) bool {
	return slices.ContainsFunc(keys, func(k Key) bool { return k.State == KeyNext })
}

// UseKey has the next key sign from now on. The one before still opens what is sealed for
// it; the one before that goes. It reports NotFound where none waits, and as PrepareKey.
func (s *Service) UseKey(ctx context.Context, by identity.Session) error {
	return s.changeKeys(ctx, by, func(tx Tx, keys []Key) error {
		if !waits(keys) {
			return errs.New(errs.NotFound, "sso.error.no_key")
		}
		for _, k := range keys {
			var err error
			switch k.State {
			case KeyNext:
				k.State = KeyUsed
				err = tx.SaveSSOKey(k)
			case KeyUsed:
				k.State = KeyOld
				err = tx.SaveSSOKey(k)
			case KeyOld:
				err = tx.DeleteSSOKey(k.ID)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// DropKey removes a key that is not in use. It reports NotFound for one that there is not,
// or that is, and as PrepareKey.
func (s *Service) DropKey(ctx context.Context, by identity.Session, key string) error {
	return s.changeKeys(ctx, by, func(tx Tx, keys []Key) error {
		if !slices.ContainsFunc(keys, func(k Key) bool { return k.ID == key && k.State != KeyUsed }) {
			return errs.New(errs.NotFound, "sso.error.no_key")
		}
		return tx.DeleteSSOKey(key)
	})
}

func (s *Service) changeKeys(ctx context.Context, by identity.Session, change func(tx Tx, keys []Key) error) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockProviders); err != nil {
			return err
		}
		v, err := people.SignInKeeper(tx, by.Person)
		if err == nil && v.NeedAdministrator() != nil {
			err = errs.New(errs.Forbidden, "sso.error.administrator")
		}
		if err == nil {
			err = s.Identity.NeedProofIn(tx, by)
		}
		if err != nil {
			return err
		}
		keys, err := tx.SSOKeys()
		if err == nil {
			err = change(tx, keys)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change the keys for providers: %w", err)
	}
	return nil
}
