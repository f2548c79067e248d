// SPDX-License-Identifier: Apache-2.0

package openid

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// Provider is the OpenID provider of one customer. Its fields do not change once it is
// in use.
type Provider struct {
	Store  Store
	Now    func() time.Time // the clock; its zone does not matter
	Issuer string           // the address of the customer's site, without a slash at its end
	Host   string           // the host name in it, for certificates
	Limits Limits

	// Authority returns what certifies new signing keys.
	Authority func(ctx context.Context) (*Authority, error)

	// May reports Forbidden for a person who may not use a client; nil: everybody may.
	May func(ctx context.Context, client string, person people.ID) error

	// Plain is for a site without TLS, on loopback: clients there may do without too.
	Plain bool

	ring ring
	good memory[[sha256.Size]byte, good]
	seen recent // proofs that came with access tokens
}

// Limits are the bounds of what is given out.
type Limits struct {
	Code    time.Duration // an authorization code works that long
	Access  time.Duration // an access token and an ID token
	Refresh time.Duration // a refresh token that nobody uses
	Grant   time.Duration // all refresh tokens of one grant together
	Device  time.Duration // the two codes of a device
	Poll    time.Duration // how often a device may ask, at most
	Rotate  time.Duration // after that long another key signs
	Secrets int           // of one client at a time
	Push    time.Duration // a pushed request waits for the browser
	Asked   time.Duration // and then for somebody to sign in and agree
}

// DefaultLimits returns the limits of a customer that has chosen none.
func DefaultLimits() Limits {
	const day = 24 * time.Hour
	return Limits{
		Code: time.Minute, Access: 10 * time.Minute, Refresh: 30 * day, Grant: 365 * day,
		Device: 10 * time.Minute, Poll: 5 * time.Second, Rotate: 180 * day, Secrets: 2,
		Push: time.Minute, Asked: 30 * time.Minute,
	}
}

// now returns the time as a database keeps it.
func (p *Provider) now() time.Time { return p.Now().UTC().Truncate(time.Microsecond) }

// Who is the person at the browser, and how they proved it.
type Who struct {
	Person  people.ID // empty: nobody is signed in
	Session string    // its id
	Auth    time.Time // of the last proof; zero: nobody knows
	Methods []string  // of authentication (RFC 8176), such as pwd and otp
	Level   string    // acr: how strong all that was

	Means    identity.Means // what the session is worth here
	Provider string         // that vouched for it; empty: none did
}

// WhoOf returns the person whose session it is. Of a browser that stands for a second
// factor nothing is told: nobody proved it this time.
func WhoOf(s identity.Session) Who {
	w := Who{Person: s.Person, Session: s.ID, Auth: authTime(s), Methods: []string{"pwd"}, Level: oneFactor, Means: s.Means, Provider: s.Provider}
	switch s.Means {
	case identity.ByApp, identity.ByRecovery:
		w.Methods, w.Level = []string{"pwd", "otp", "mfa"}, twoFactors
	case identity.ByProvider:
		w.Methods = nil // the provider's own answer is not passed on
	case identity.ByDevice:
		if s.Provider != "" {
			w.Methods = nil
		}
	case identity.ByVouchedKey:
		w.Methods, w.Level = []string{"pop", "mfa"}, twoFactors
	case identity.ByVouched:
		w.Methods, w.Level = []string{"mfa"}, twoFactors
	case identity.ByPasskey:
		w.Methods, w.Level = []string{"pop", "user", "mfa"}, twoFactors
	}
	return w
}

// authTime returns when the person of a session last proved who they are (OpenID Connect Core
// 1.0, section 2): zero where a provider vouches that does not say when they did, which may be
// days ago, whenever the session began.
func authTime(s identity.Session) time.Time {
	if s.Proven.IsZero() && s.Provider == "" {
		return s.Created // a password was typed, in a browser that stands for the second factor
	}
	return s.Proven
}

// Proof returns by what means a grant's person proved who they are, and when they last proved all
// that: see identity.Service.NeedProof.
func (g Grant) Proof() identity.Session {
	s := identity.Session{Person: g.Person, Proven: g.Auth, Means: g.means(), Provider: g.Provider}
	if s.Means == identity.ByDevice {
		s.Proven = time.Time{}
	}
	return s
}

// means returns the means that are kept of a grant, or what those told of it that were not.
func (g Grant) means() identity.Means {
	switch methods := strings.Fields(g.Methods); {
	case g.Means != "":
		return g.Means
	case slices.Contains(methods, "pop"):
		return identity.ByPasskey
	case slices.Contains(methods, "mfa"):
		return identity.ByApp
	}
	return identity.ByPassword
}

// How strong a sign-in was, as acr says it.
const (
	oneFactor  = "1"
	twoFactors = "2"
)

// ring holds the keys of a customer ready for use. What is in the database counts;
// the ring looks there again when it is old, and when it does not know a key.
type ring struct {
	mu   sync.Mutex
	keys []*signer // newest first
	read time.Time
}

const (
	ringLife  = time.Minute     // how old what the ring knows may be
	ringPause = 2 * time.Second // between looks for a key that nobody knows
)

// signer returns the key that signs now. The first use makes one, and so does the
// first after Limits.Rotate or when the certificate is about to end.
func (p *Provider) signer(ctx context.Context) (*signer, error) {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	now := p.now()
	if now.Sub(p.ring.read) >= ringLife {
		if err := p.readKeys(ctx); err != nil {
			return nil, err
		}
	}
	if k := p.ring.signs(); k != nil && now.Before(p.due(k)) {
		return k, nil
	}
	return p.rotate(ctx, false)
}

func (r *ring) signs() *signer {
	for _, k := range r.keys {
		if k.Until.IsZero() {
			return k
		}
	}
	return nil
}

// due returns when another key takes over from k: early enough that no token of k
// outlives its certificate.
func (p *Provider) due(k *signer) time.Time {
	end := k.chain[0].NotAfter.Add(-24 * time.Hour)
	if by := k.Made.Add(p.Limits.Rotate); by.Before(end) {
		return by
	}
	return end
}

// readKeys fills the ring. The caller holds its lock.
func (p *Provider) readKeys(ctx context.Context) error {
	var kept []Key
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		kept, err = tx.SigningKeys()
		return err
	})
	if err != nil {
		return fmt.Errorf("read signing keys: %w", err)
	}
	return p.fill(kept)
}

func (p *Provider) fill(kept []Key) error {
	known := p.ring.keys
	p.ring.keys, p.ring.read = nil, p.now()
	for _, k := range kept {
		if i := slices.IndexFunc(known, func(s *signer) bool { return s.ID == k.ID }); i >= 0 {
			p.ring.keys = append(p.ring.keys, &signer{k, known[i].private, known[i].chain})
			continue
		}
		s, err := readSigner(k)
		if err != nil {
			return err
		}
		p.ring.keys = append(p.ring.keys, s)
	}
	return nil
}

// Rotate has a new key sign from now on, and returns its id. Keys before it verify until
// the last token that they signed has ended; a process that runs elsewhere may sign with
// them for a minute more.
func (p *Provider) Rotate(ctx context.Context) (string, error) {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	k, err := p.rotate(ctx, true)
	if err != nil {
		return "", err
	}
	return k.ID, nil
}

// rotate makes a key and has it sign, unless another process just did and force is not
// set. The caller holds the lock of the ring.
func (p *Provider) rotate(ctx context.Context, force bool) (*signer, error) {
	a, err := p.Authority(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the issuing certificate: %w", err)
	}
	now := p.now()
	fresh, err := newSigner(a, p.Host, now)
	if err != nil {
		return nil, err
	}
	var kept []Key
	err = p.Store.Update(ctx, func(tx Tx) error {
		kept = nil
		if err := tx.Lock("openid:keys"); err != nil {
			return err
		}
		all, err := tx.SigningKeys()
		if err != nil {
			return err
		}
		for i, k := range all {
			if !k.Until.IsZero() {
				continue
			}
			if !force && now.Sub(k.Made) < p.Limits.Rotate && p.fits(k, now) {
				kept = all
				return nil
			}
			all[i].Until = now.Add(p.Limits.Access + ringLife)
			if err := tx.SaveSigningKey(all[i]); err != nil {
				return err
			}
		}
		kept = append([]Key{fresh.Key}, all...)
		return tx.SaveSigningKey(fresh.Key)
	})
	if err != nil {
		return nil, fmt.Errorf("keep a signing key: %w", err)
	}
	if err := p.fill(kept); err != nil {
		return nil, err
	}
	return p.ring.signs(), nil
}

// fits reports whether a kept key may go on signing.
func (p *Provider) fits(k Key, now time.Time) bool {
	s, err := readSigner(k)
	return err == nil && now.Before(p.due(s))
}

// public returns the key that verifies what a key id signed. stale lets keys verify
// that do so no more: for hints about who signed in once.
func (p *Provider) public(ctx context.Context, id string, stale bool) (*rsa.PublicKey, error) {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	now := p.now()
	find := func() *signer {
		for _, k := range p.ring.keys {
			if k.ID == id && (stale || k.Until.IsZero() || now.Before(k.Until)) {
				return k
			}
		}
		return nil
	}
	k := find()
	if old := now.Sub(p.ring.read); old >= ringLife || k == nil && old >= ringPause {
		if err := p.readKeys(ctx); err != nil {
			return nil, err
		}
		k = find()
	}
	if k == nil {
		return nil, errToken
	}
	return &k.private.PublicKey, nil
}

// Keys returns the public keys of the tokens that are about, with their certificates,
// and makes the first.
func (p *Provider) Keys(ctx context.Context) (KeySet, error) {
	if _, err := p.signer(ctx); err != nil {
		return KeySet{}, err
	}
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	now, set := p.now(), KeySet{Keys: []JWK{}}
	for _, k := range p.ring.keys {
		if k.Until.IsZero() || now.Before(k.Until) {
			set.Keys = append(set.Keys, k.jwk())
		}
	}
	return set, nil
}

// open checks who signed a token of a type and reads its claims into to. It reports
// errToken, and what was wrong with the database. key is the id of the key that signed it.
func (p *Provider) open(ctx context.Context, token string, stale bool, to any, types ...string) (key string, err error) {
	s, err := parse(token)
	if err != nil {
		return "", err
	}
	if !slices.Contains(types, strings.ToLower(strings.TrimPrefix(s.Type, "application/"))) {
		return "", errToken
	}
	k, err := p.public(ctx, s.Key, stale)
	if err != nil {
		return "", err
	}
	return s.Key, s.verify(k, to)
}

// subject returns the name under which a client knows a person.
func subject(tx Tx, c Client, person people.ID, fresh string) (string, error) {
	if c.Subjects != SubjectPairwise {
		return string(person), nil
	}
	return tx.Subject(c.sector(), person, fresh)
}

// absent turns NotFound into "there is none".
func absent[T any](v T, err error) (T, bool, error) {
	if errs.Is(err, errs.NotFound) {
		var none T
		return none, false, nil
	}
	return v, err == nil, err
}

// standing returns who a grant speaks of. It reports invalid_grant when nothing of it stands (see
// Client.stands), the person may no longer sign in or is by now to show more than they did, or the
// session that it belongs to has ended.
func standing(tx Tx, g Grant, now time.Time) (people.Person, error) {
	if g.Person == "" {
		return people.Person{}, nil
	}
	person, found, err := absent(tx.Person(g.Person))
	if err != nil {
		return people.Person{}, err
	}
	account, _, err := absent(tx.Account(g.Person))
	if err != nil {
		return people.Person{}, err
	}
	if !found || !person.Active || person.Bureau != nil || account.State != identity.Open || g.Scope == "" {
		return people.Person{}, ended()
	}
	if err := identity.Suffices(tx, person, g.means(), g.Provider); err != nil {
		if errs.Is(err, errs.Unauthenticated) {
			err = ended()
		}
		return people.Person{}, err
	}
	if g.Session == "" || g.Scope.Has(ScopeOffline) {
		return person, nil
	}
	alive, err := lives(tx, g.Person, g.Session, now)
	if err == nil && !alive {
		err = ended()
	}
	return person, err
}

// held returns a grant of which nobody ends anything before the transaction has ended.
func held(tx Tx, grant string) (Grant, bool, error) {
	g, found, err := absent(tx.Grant(grant))
	if err != nil || g.Person == "" {
		return g, found, err
	}
	if err := tx.Lock(identity.LockOf(g.Person)); err != nil {
		return Grant{}, false, err
	}
	return absent(tx.Grant(grant))
}

func ended() *Fault { return fault(codeInvalidGrant, "what was granted has ended") }

// lives reports whether a session of a person has not ended.
func lives(tx Tx, person people.ID, session string, now time.Time) (bool, error) {
	all, err := tx.Sessions(person)
	return slices.ContainsFunc(all, func(s identity.Session) bool { return s.ID == session && now.Before(s.Expires) }), err
}

// holds has nobody end the session of who is at a browser, and what they were given, before the
// transaction has ended. It reports Unauthenticated where somebody has.
func (w Who) holds(tx Tx, now time.Time) error {
	if err := tx.Lock(identity.LockOf(w.Person)); err != nil || w.Session == "" {
		return err
	}
	alive, err := lives(tx, w.Person, w.Session, now)
	if err == nil && !alive {
		err = errs.New(errs.Unauthenticated, "identity.error.signed_out")
	}
	return err
}
