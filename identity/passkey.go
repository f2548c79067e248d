// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/internal/webauthn"
	"verlof/people"
)

// Ceremony is a question that a passkey is to answer, once.
type Ceremony struct {
	Digest    Digest    // of the token that the browser holds meanwhile
	Person    people.ID // empty: whoever holds a passkey
	Purpose   Ask
	Challenge string
	Expires   time.Time
}

// Ask is what a passkey is asked for.
type Ask string

// What a passkey is asked for.
const (
	AskRegister Ask = "register"
	AskSignIn   Ask = "sign-in"
	AskSecond   Ask = "second-step"
	AskStepUp   Ask = "step-up"
)

// Question is what a browser is to ask a passkey.
type Question struct {
	Options []byte // JSON, as navigator.credentials takes it
	Token   string // for the browser to hold meanwhile: see Service.KeepQuestion
}

// The bounds of passkeys.
const (
	MaxPasskeys    = 20 // of one person
	MaxPasskeyName = 60 // characters
)

// HasPasskeys reports whether passkeys work at the address that a browser asked
// for: they are bound to one host name.
func (s *Service) HasPasskeys(v Visitor) bool {
	_, err := s.party(v)
	return err == nil
}

// party returns the site as passkeys know it.
func (s *Service) party(v Visitor) (webauthn.Party, error) {
	host := strings.ToLower(v.Host)
	if s.Host == "" || (&url.URL{Host: host}).Hostname() != s.Host {
		return webauthn.Party{}, errs.New(errs.Conflict, "identity.error.passkey_host", "host", s.Host)
	}
	scheme := "https://"
	if s.Plain {
		scheme = "http://"
	}
	return webauthn.Party{ID: s.Host, Name: s.Name, Origin: scheme + host}, nil
}

// handle is how a passkey knows a person: it tells nothing of them.
func handle(person people.ID) webauthn.Bytes {
	sum := sha256.Sum256([]byte("verlof passkey\x00" + person))
	return sum[:]
}

// credentials returns the passkeys among factors.
func credentials(factors []Factor) (all []webauthn.Credential, err error) {
	for _, f := range factors {
		if f.Kind != Passkey {
			continue
		}
		c, err := credential(f)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func credential(f Factor) (c webauthn.Credential, err error) {
	if err := json.Unmarshal([]byte(f.Secret), &c); err != nil {
		return c, fmt.Errorf("passkey %s: %w", f.ID, err)
	}
	c.Count = uint32(f.Counter) //nolint:gosec // it was one
	return c, nil
}

// AskToRegister returns what a browser asks for a new passkey of a person, who may
// set up a second factor as in StartApp. It reports Conflict at an address where
// passkeys do not work, and for somebody who has too many.
func (s *Service) AskToRegister(ctx context.Context, by Session, v Visitor) (Question, error) {
	return s.ask(ctx, v, AskRegister, func(tx Tx, p webauthn.Party, challenge webauthn.Bytes, now time.Time) (people.ID, []byte, error) {
		if _, err := s.mayEnrol(tx, by, now); err != nil {
			return "", nil, err
		}
		who, err := tx.Person(by.Person)
		if err != nil {
			return "", nil, err
		}
		others, err := passkeysBefore(tx, by.Person)
		if err != nil {
			return "", nil, err
		}
		options, err := p.Creation(challenge, webauthn.User{Handle: handle(who.ID), Name: who.Email, Label: who.Name()}, others)
		return who.ID, options, err
	})
}

// AskToSignIn returns what a browser asks any passkey of this customer's. It
// reports TooMany for a network that asks too often.
func (s *Service) AskToSignIn(ctx context.Context, v Visitor) (Question, error) {
	return s.ask(ctx, v, AskSignIn, func(_ Tx, p webauthn.Party, challenge webauthn.Bytes, _ time.Time) (people.ID, []byte, error) {
		options, err := p.Request(challenge, nil)
		return "", options, err
	})
}

// AskForSecond returns what a browser asks the passkeys of the person whose sign-in
// waits for its second step.
func (s *Service) AskForSecond(ctx context.Context, v Visitor) (Question, error) {
	return s.ask(ctx, v, AskSecond, func(tx Tx, p webauthn.Party, challenge webauthn.Bytes, now time.Time) (people.ID, []byte, error) {
		w, err := stepping(tx, v, now)
		if err != nil {
			return "", nil, err
		}
		return request(tx, p, w.Person.ID, challenge)
	})
}

// AskToStepUp returns what a browser asks the passkeys of the person who is signed
// in.
func (s *Service) AskToStepUp(ctx context.Context, v Visitor) (Question, error) {
	return s.ask(ctx, v, AskStepUp, func(tx Tx, p webauthn.Party, challenge webauthn.Bytes, now time.Time) (people.ID, []byte, error) {
		ses, err := live(tx, DigestOf(v.Session), now)
		if err != nil {
			return "", nil, err
		}
		return request(tx, p, ses.Person, challenge)
	})
}

func request(tx Tx, p webauthn.Party, person people.ID, challenge webauthn.Bytes) (people.ID, []byte, error) {
	own, err := passkeysOf(tx, person)
	if err != nil {
		return "", nil, err
	}
	if len(own) == 0 { // then any would be asked
		return "", nil, noFactor()
	}
	options, err := p.Request(challenge, own)
	return person, options, err
}

func passkeysOf(tx Tx, person people.ID) ([]webauthn.Credential, error) {
	factors, err := tx.Factors(person)
	if err != nil {
		return nil, err
	}
	return credentials(factors)
}

// passkeysBefore returns the passkeys of a person to whom one is to be added. It reports Conflict
// for somebody who has as many as one may have.
func passkeysBefore(tx Tx, person people.ID) ([]webauthn.Credential, error) {
	own, err := passkeysOf(tx, person)
	if err == nil && len(own) >= MaxPasskeys {
		err = errs.New(errs.Conflict, "identity.error.many_passkeys", "max", MaxPasskeys)
	}
	return own, err
}

type asking func(tx Tx, p webauthn.Party, challenge webauthn.Bytes, now time.Time) (people.ID, []byte, error)

// ask writes a question down, so that its answer counts once.
func (s *Service) ask(ctx context.Context, v Visitor, purpose Ask, options asking) (Question, error) {
	p, err := s.party(v)
	if err != nil {
		return Question{}, err
	}
	now := s.now()
	q := Question{Token: id.Token()}
	gates := []gate{{key: tallyKey("passkey", v.network().String()), brake: perQuestion, sure: true}}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := s.pay(tx, gates, now); err != nil {
			return err
		}
		challenge := webauthn.NewChallenge()
		person, text, err := options(tx, p, challenge, now)
		if err != nil {
			return err
		}
		q.Options = text
		return tx.InsertCeremony(Ceremony{Digest: DigestOf(q.Token), Person: person, Purpose: purpose,
			Challenge: base64.RawURLEncoding.EncodeToString(challenge), Expires: now.Add(s.Limits.Question)})
	})
	if err != nil {
		return Question{}, fmt.Errorf("ask a passkey to %s: %w", purpose, err)
	}
	return q, nil
}

func wrongPasskey(why error) *errs.Error {
	return errs.New(errs.Unauthenticated, "identity.error.passkey").Because(why)
}

// asked returns what a browser's passkey was asked for a purpose, and strikes it
// off.
func asked(tx Tx, v Visitor, purpose Ask, now time.Time) (Ceremony, []byte, error) {
	c, err := absent(tx.Ceremony(DigestOf(v.Question)))
	if err != nil {
		return Ceremony{}, nil, err
	}
	if c.Purpose != purpose || !now.Before(c.Expires) {
		return Ceremony{}, nil, errs.New(errs.Unauthenticated, "identity.error.question")
	}
	challenge, err := base64.RawURLEncoding.DecodeString(c.Challenge)
	if err != nil {
		return Ceremony{}, nil, err
	}
	return c, challenge, tx.DeleteCeremony(c.Digest)
}

// answered returns the passkey that answered what it was asked for a purpose, and
// counts its signature. It reports Unauthenticated for any answer that is not good.
func (s *Service) answered(tx Tx, v Visitor, purpose Ask, answer []byte, now time.Time) (Factor, error) {
	p, err := s.party(v)
	if err != nil {
		return Factor{}, err
	}
	c, challenge, err := asked(tx, v, purpose, now)
	if err != nil {
		return Factor{}, err
	}
	a, f, err := named(tx, answer)
	switch {
	case err != nil:
		return Factor{}, err
	case c.Person != "" && c.Person != f.Person:
		return Factor{}, wrongPasskey(fmt.Errorf("a passkey of another person"))
	case c.Person == "" && len(a.Response.UserHandle) == 0: // Web Authentication, Level 3, section 7.2, step 6
		return Factor{}, wrongPasskey(fmt.Errorf("a passkey that does not say whose it is"))
	case len(a.Response.UserHandle) > 0 && !slices.Equal(a.Response.UserHandle, handle(f.Person)):
		return Factor{}, wrongPasskey(fmt.Errorf("a passkey that was made for another person"))
	}
	cred, err := credential(f)
	if err != nil {
		return Factor{}, err
	}
	count, err := p.Assert(challenge, cred, a)
	if err != nil {
		return Factor{}, wrongPasskey(err)
	}
	f.Counter, f.Used = int64(count), now
	return f, tx.SaveFactor(f)
}

// named reads an answer and the passkey that it names.
func named(tx Tx, answer []byte) (a webauthn.Assertion, f Factor, err error) {
	if err := json.Unmarshal(answer, &a); err != nil {
		return a, Factor{}, wrongPasskey(err)
	}
	f, err = tx.FactorByCredential(base64.RawURLEncoding.EncodeToString(a.ID))
	if errs.Is(err, errs.NotFound) {
		err = errs.New(errs.Unauthenticated, "identity.error.passkey_unknown")
	}
	return a, f, err
}

// ownerOf returns whose passkey an answer names.
func ownerOf(tx Tx, answer []byte) (people.ID, error) {
	_, f, err := named(tx, answer)
	return f.Person, err
}

// Register adds the passkey that a browser made when it was asked to. name is what
// the person calls it. The session gets another name, and is open if it was not. A
// person's first second factor brings recovery codes. It reports Invalid at "name",
// Unauthenticated for an answer that is not good, and Conflict for a passkey that
// is somebody's already and for somebody who has too many by now.
func (s *Service) Register(ctx context.Context, by Session, name string, answer []byte, v Visitor) (Confirmed, error) {
	name, err := passkeyName(name)
	if err != nil {
		return Confirmed{}, err
	}
	return s.enrol(ctx, by, v, ByPasskey, func(tx Tx, now time.Time) (Factor, error) {
		p, err := s.party(v)
		if err != nil {
			return Factor{}, err
		}
		c, challenge, err := asked(tx, v, AskRegister, now)
		if err != nil {
			return Factor{}, err
		}
		if c.Person != by.Person {
			return Factor{}, signedOut()
		}
		var r webauthn.Registration
		if err := json.Unmarshal(answer, &r); err != nil {
			return Factor{}, wrongPasskey(err)
		}
		cred, err := p.Register(challenge, r)
		if err != nil {
			return Factor{}, wrongPasskey(err)
		}
		return newPasskey(tx, by.Person, name, cred, now)
	})
}

// newPasskey returns what is kept of a passkey. The caller has locked the person.
func newPasskey(tx Tx, person people.ID, name string, cred webauthn.Credential, now time.Time) (Factor, error) {
	if _, err := passkeysBefore(tx, person); err != nil {
		return Factor{}, err
	}
	itself := base64.RawURLEncoding.EncodeToString(cred.ID)
	if _, err := tx.FactorByCredential(itself); !errs.Is(err, errs.NotFound) {
		if err == nil {
			err = errs.New(errs.Conflict, "identity.error.passkey_known")
		}
		return Factor{}, err
	}
	secret, err := json.Marshal(cred)
	return Factor{ID: id.New(now), Person: person, Kind: Passkey, Name: name, Credential: itself,
		Secret: string(secret), Counter: int64(cred.Count)}, err
}

func passkeyName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > MaxPasskeyName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", errs.New(errs.Invalid, "identity.error.passkey_name", "max", MaxPasskeyName).At("name")
	}
	return name, nil
}

// SignInWithPasskey opens a session for the person whose passkey answered what
// AskToSignIn asked: it is both factors, something they have and what unlocks it.
// It reports Unauthenticated for an answer that is not good, and for a person who
// may not sign in.
func (s *Service) SignInWithPasskey(ctx context.Context, answer []byte, v Visitor) (e Entry, err error) {
	now := s.now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		owner, err := ownerOf(tx, answer)
		if err != nil {
			return err
		}
		if err := tx.Lock(lockOf(owner)); err != nil {
			return err
		}
		f, err := s.answered(tx, v, AskSignIn, answer, now)
		if err != nil {
			return err
		}
		p, a, err := holder(tx, f.Person)
		if err != nil {
			return err
		}
		if !(claim{person: p, account: a}).opens() {
			return errs.New(errs.Unauthenticated, "identity.error.passkey_closed")
		}
		e, err = s.letIn(tx, Waiting{Person: p}, ByPasskey, false, v, now)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("sign in with a passkey: %w", err)
	}
	return e, nil
}

// SecondWithPasskey is Second, with the answer to AskForSecond. The browser is not
// trusted for it: a passkey is no trouble.
func (s *Service) SecondWithPasskey(ctx context.Context, answer []byte, v Visitor) (e Entry, err error) {
	now := s.now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		w, err := stepping(tx, v, now)
		if err != nil {
			return err
		}
		if err := tx.Lock(lockOf(w.Person.ID)); err != nil {
			return err
		}
		if w, err = stepping(tx, v, now); err != nil { // somebody may have ended it until now
			return err
		}
		f, err := s.answered(tx, v, AskSecond, answer, now)
		if err != nil {
			return err
		}
		if f.Person != w.Person.ID {
			return signedOut()
		}
		e, err = s.letIn(tx, w, ByPasskey, false, v, now)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("second step with a passkey: %w", err)
	}
	return e, nil
}

// StepUpWithPasskey is StepUp, with the answer to AskToStepUp alone.
func (s *Service) StepUpWithPasskey(ctx context.Context, answer []byte, v Visitor) (e Entry, err error) {
	now := s.now()
	err = s.Store.Update(ctx, func(tx Tx) error {
		ses, err := live(tx, DigestOf(v.Session), now)
		if err != nil {
			return err
		}
		if err := tx.Lock(lockOf(ses.Person)); err != nil {
			return err
		}
		if ses, err = live(tx, ses.Digest, now); err != nil { // somebody may have ended it until now
			return err
		}
		f, err := s.answered(tx, v, AskStepUp, answer, now)
		if err != nil {
			return err
		}
		if f.Person != ses.Person {
			return signedOut()
		}
		e, err = s.renew(tx, ses, ByPasskey, v, now)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("step up with a passkey: %w", err)
	}
	return e, nil
}
