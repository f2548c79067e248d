// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// Kinds of the outbox rows that identity writes. Whoever delivers one asks Letter
// what to say.
const (
	KindInvited = "identity.invited"
	KindReset   = "identity.reset"
	KindChanged = "identity.changed"

	KindFactorAdded   = "identity.factor-added"
	KindFactorRemoved = "identity.factor-removed"
	KindFactorsReset  = "identity.factors-reset"
	KindCodeUsed      = "identity.code-used"
	KindSessionsEnded = "identity.sessions-ended"
	KindElsewhere     = "identity.elsewhere"
	KindReaddressed   = "identity.readdressed" // to the mail address that somebody had
)

// note is the payload of an outbox row. A note to nobody is what an unknown
// address leaves behind, so that it costs as much as a known one. Whether the
// person gets a letter is decided when it is written: see Letter.
type note struct {
	Person people.ID `json:"person"`
	At     int64     `json:"at"`           // microseconds since 1970, UTC
	To     string    `json:"to,omitempty"` // the mail address, where it is not the person's own any more
}

func enqueue(tx Tx, kind string, person people.ID, now time.Time) error {
	return note{Person: person, At: now.UnixMicro()}.enqueue(tx, kind, now)
}

func (n note) enqueue(tx Tx, kind string, now time.Time) error {
	payload, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return tx.Enqueue(kind, id.New(now), payload)
}

// Readdressed voids the links that were mailed to a person, in a transaction that gives them another
// mail address, and has the one they had told of it where they could sign in with it: whoever changed
// it may have done so to get in. Who never chose a password is told nothing, as that address may have
// been a mistake and a stranger's.
func Readdressed(tx Tx, person people.ID, was string, now time.Time) error {
	if err := tx.DeleteTickets(person); err != nil || was == "" {
		return err
	}
	a, err := absent(tx.Account(person))
	if err != nil || a.State != Open {
		return err
	}
	return note{Person: person, At: now.UnixMicro(), To: was}.enqueue(tx, KindReaddressed, now)
}

// Invite gives a person an account where there is none and sends an invitation to
// choose a password. It reports Invalid for a person without a mail address and
// Conflict for one who may not sign in, has a password already, or is blocked.
//
// Invite, SendReset, Issue, SetPassword, Block and Unblock do as they are told:
// the caller has asked people.Viewer.NeedSignInKeeper, or is an operator.
func (s *Service) Invite(ctx context.Context, person people.ID) error {
	now := s.now()
	err := s.Store.Update(ctx, func(tx Tx) error {
		_, a, err := s.account(tx, person, now)
		if err != nil {
			return err
		}
		if a.State == Open {
			return errs.New(errs.Conflict, "identity.error.has_account")
		}
		return enqueue(tx, KindInvited, person, now)
	})
	if err != nil {
		return fmt.Errorf("invite %s: %w", person, err)
	}
	return nil
}

// Welcome invites a person as Invite does, in a transaction that has just made them; nobody
// without a mail address, and nobody who has an account.
func Welcome(tx Tx, p people.Person, now time.Time) error {
	a, err := absent(tx.Account(p.ID))
	if err != nil || a.State != "" || p.Email == "" {
		return err
	}
	if err := tx.SaveAccount(Account{Person: p.ID, State: Invited, ChangedAt: now}); err != nil {
		return err
	}
	return enqueue(tx, KindInvited, p.ID, now)
}

// Uninvited returns the people with a mail address who may sign in and were never invited, by
// name.
func (s *Service) Uninvited(ctx context.Context) (all []people.Person, err error) {
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		all, err = uninvited(tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list who was never invited: %w", err)
	}
	return all, nil
}

func uninvited(tx Tx) ([]people.Person, error) {
	all, err := tx.Persons()
	if err != nil {
		return nil, err
	}
	states, err := tx.States()
	return slices.DeleteFunc(all, func(p people.Person) bool { return !p.Active || p.Email == "" || states[p.ID] != "" }), err
}

// InviteAll invites, as Invite does, those of some people who were never invited, and returns
// how many; all of them or none. Others are passed over.
func (s *Service) InviteAll(ctx context.Context, who []people.ID) (n int, err error) {
	now := s.now()
	locks, chosen := make([]string, len(who)), make(map[people.ID]bool, len(who))
	for i, p := range who {
		locks[i], chosen[p] = lockOf(p), true
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		n = 0
		if err := tx.Lock(locks...); err != nil {
			return err
		}
		all, err := uninvited(tx)
		if err != nil {
			return err
		}
		for _, p := range all {
			if !chosen[p.ID] {
				continue
			}
			if err := Welcome(tx, p, now); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("invite %d people: %w", len(who), err)
	}
	return n, nil
}

// SendReset sends a person a link to choose a new password, or the invitation
// again where they never chose one. It is for those who administer accounts and
// so has no limit.
func (s *Service) SendReset(ctx context.Context, person people.ID) error {
	now := s.now()
	err := s.Store.Update(ctx, func(tx Tx) error {
		_, a, err := s.account(tx, person, now)
		if err != nil {
			return err
		}
		return enqueue(tx, kindFor(a), person, now)
	})
	if err != nil {
		return fmt.Errorf("send a reset to %s: %w", person, err)
	}
	return nil
}

func kindFor(a Account) string {
	if a.State == Invited {
		return KindInvited
	}
	return KindReset
}

// account reads a person who is to get a link, and their account, which it makes
// where there is none.
func (s *Service) account(tx Tx, person people.ID, now time.Time) (people.Person, Account, error) {
	if err := tx.Lock(lockOf(person)); err != nil {
		return people.Person{}, Account{}, err
	}
	p, err := tx.Person(person)
	if err != nil {
		return people.Person{}, Account{}, err
	}
	a, err := absent(tx.Account(person))
	switch {
	case err != nil:
	case p.Email == "":
		err = errs.New(errs.Invalid, "identity.error.no_address")
	case !p.Active:
		err = errs.New(errs.Conflict, "identity.error.inactive")
	case a.State == Blocked:
		err = errs.New(errs.Conflict, "identity.error.blocked")
	case a.State == "":
		a = Account{Person: person, State: Invited, ChangedAt: now}
		err = tx.SaveAccount(a)
	}
	return p, a, err
}

// RequestReset sends a link to choose a new password to whom the address belongs.
// The answer and the work are the same when it belongs to nobody. It reports
// Invalid for what cannot be an address, and TooMany when the network asks too
// often. One address gets at most three mails an hour; more are swallowed.
func (s *Service) RequestReset(ctx context.Context, email string, v Visitor) error {
	address, now := canonical(email), s.now()
	if address == "" {
		return errs.New(errs.Invalid, "identity.error.address").At("email")
	}
	from := []gate{{key: tallyKey("reset-network", v.network().String()), brake: resetNetwork}, crowd}
	to := []gate{{key: tallyKey("reset-address", address), brake: resetAddress}}
	err := s.Store.View(ctx, func(tx Tx) error { return admit(tx, from, now) })
	if err == nil {
		err = s.Store.Update(ctx, func(tx Tx) error { return s.requestReset(tx, address, from, to, now) })
	}
	if err != nil {
		return fmt.Errorf("request a reset: %w", err)
	}
	return nil
}

func (s *Service) requestReset(tx Tx, address string, from, to []gate, now time.Time) error {
	if err := lock(tx, append(to, from...)); err != nil {
		return err
	}
	p, err := absent(tx.PersonByEmail(address))
	if err != nil {
		return err
	}
	if err := admit(tx, from, now); err != nil {
		return err
	}
	swallow := admit(tx, to, now)
	if swallow == nil {
		from = append(from, to...)
	} else if !errs.Is(swallow, errs.TooMany) {
		return swallow
	}
	if err := s.charge(tx, from, now); err != nil {
		return err
	}
	if swallow != nil {
		p.ID = ""
	}
	return enqueue(tx, KindReset, p.ID, now)
}

// Letter is what a mail of identity says.
type Letter struct {
	Kind    string
	Person  people.Person // with the mail address that it goes to
	At      time.Time     // when what it tells of happened
	Token   string        // for the link; empty where the mail has none
	Expires time.Time     // of the link
}

// Letter turns an outbox row into what its mail says. The link's token is made
// now, so that none lies in the database until the mail leaves, and it voids the
// link of an earlier letter. It reports NotFound where there is nothing to say
// (any more): then the row is done.
func (s *Service) Letter(ctx context.Context, kind string, payload []byte) (Letter, error) {
	var n note
	if err := json.Unmarshal(payload, &n); err != nil {
		return Letter{}, fmt.Errorf("read the payload of a letter %s: %w", kind, err)
	}
	now := s.now()
	asked := time.UnixMicro(n.At).UTC()
	l := Letter{Kind: kind, At: asked}
	err := s.Store.Update(ctx, func(tx Tx) (err error) {
		if err := tx.Lock(lockOf(n.Person)); err != nil {
			return err
		}
		var a Account
		if l.Person, a, err = holder(tx, n.Person); err != nil {
			return err
		}
		if kind == KindReaddressed && l.Person.ID != "" {
			l.Person.Email = n.To
			return nil // whatever became of the account since
		}
		if !s.due(kind, l.Person, a, now.Sub(asked)) {
			return errs.New(errs.NotFound, "identity.error.link")
		}
		if kind != KindInvited && kind != KindReset {
			return nil // it has no link that opens anything
		}
		l.Token, l.Expires, err = s.issue(tx, n.Person, purposeOf(kind), now)
		return err
	})
	if err != nil {
		return Letter{}, fmt.Errorf("write letter %s to %s: %w", kind, n.Person, err)
	}
	return l, nil
}

// due reports whether a letter that was asked for some time ago is still wanted.
func (s *Service) due(kind string, p people.Person, a Account, ago time.Duration) bool {
	if !p.Active || p.Email == "" {
		return false
	}
	switch kind {
	case KindInvited:
		return a.State == Invited && ago < s.Limits.Invitation
	case KindReset:
		return (a.State == Invited || a.State == Open) && ago < s.Limits.Reset
	case KindChanged, KindFactorAdded, KindFactorRemoved, KindFactorsReset, KindCodeUsed, KindElsewhere, KindSessionsEnded:
		return a.State == Open
	}
	return false
}

func purposeOf(kind string) Purpose {
	if kind == KindInvited {
		return Invitation
	}
	return Reset
}

// Issue makes a link for a person without sending a mail, for an operator who
// hands it over: an invitation, or a reset for somebody who has a password.
func (s *Service) Issue(ctx context.Context, person people.ID) (Letter, error) {
	now := s.now()
	var l Letter
	err := s.Store.Update(ctx, func(tx Tx) error {
		p, a, err := s.account(tx, person, now)
		if err != nil {
			return err
		}
		l = Letter{Kind: kindFor(a), Person: p}
		l.Token, l.Expires, err = s.issue(tx, person, purposeOf(l.Kind), now)
		return err
	})
	if err != nil {
		return Letter{}, fmt.Errorf("issue a link for %s: %w", person, err)
	}
	return l, nil
}

func (s *Service) issue(tx Tx, person people.ID, p Purpose, now time.Time) (token string, expires time.Time, err error) {
	life := s.Limits.Reset
	if p == Invitation {
		life = s.Limits.Invitation
	}
	token, expires = id.Token(), now.Add(life)
	return token, expires, tx.SaveTicket(Ticket{Digest: DigestOf(token), Person: person, Purpose: p, Expires: expires})
}

// Holder returns whom a link's token is for, so that a page can greet them before
// they choose a password. It reports NotFound when the link was used, replaced or
// is too old.
func (s *Service) Holder(ctx context.Context, token string) (people.Person, error) {
	var p people.Person
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		p, _, err = redeemable(tx, DigestOf(token), s.now())
		return err
	})
	if err != nil {
		return people.Person{}, fmt.Errorf("read a link: %w", err)
	}
	return p, nil
}

// redeemable returns whose password a ticket may set.
func redeemable(tx Tx, d Digest, now time.Time) (people.Person, Account, error) {
	t, err := absent(tx.Ticket(d))
	if err != nil {
		return people.Person{}, Account{}, err
	}
	p, a, err := holder(tx, t.Person)
	if err != nil {
		return people.Person{}, Account{}, err
	}
	if !now.Before(t.Expires) || !p.Active || a.State == "" || a.State == Blocked {
		return people.Person{}, Account{}, errs.New(errs.NotFound, "identity.error.link")
	}
	return p, a, nil
}

// Redemption is a link's token and the password chosen with it.
type Redemption struct {
	Token    string
	Password string
	Visitor
}

// Redeem sets the password of the person a link was made for, ends all their
// sessions and access tokens, forgets their devices and voids their links. Of two that redeem one
// link at once, one wins. The Entry makes the browser a known device and opens no
// session: the person signs in. It reports NotFound when the link was used,
// replaced or is too old, and Invalid, without using the link up, when the
// password does not suffice.
func (s *Service) Redeem(ctx context.Context, r Redemption) (Entry, error) {
	p, err := s.Holder(ctx, r.Token)
	if err != nil {
		return Entry{}, err
	}
	n, err := s.LeastPassword(ctx, p.ID)
	if err != nil {
		return Entry{}, err
	}
	if err := s.CheckPassword(r.Password, p, n); err != nil {
		return Entry{}, err
	}
	hash, err := s.Hasher.Hash(ctx, r.Password)
	if err != nil {
		return Entry{}, err
	}
	var e Entry
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Lock(lockOf(p.ID)); err != nil {
			return err
		}
		now := s.now()
		_, a, err := redeemable(tx, DigestOf(r.Token), now)
		if err != nil {
			return err
		}
		a.Short = short(r.Password)
		if err := replacePassword(tx, a, hash, now); err != nil {
			return err
		}
		if _, err := endTokens(tx, p.ID, p.ID, now); err != nil {
			return err
		}
		if err := AddRecord(tx, p.ID, RecordPassword, "", p.ID, now); err != nil {
			return err
		}
		if err := enqueue(tx, KindChanged, p.ID, now); err != nil {
			return err
		}
		e.Device, err = s.greet(tx, p.ID, r.Visitor, now)
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("redeem a link of %s: %w", p.ID, err)
	}
	return e, nil
}

// greet makes the browser that redeemed a link the one device of a person. Nobody has signed in on it yet.
func (s *Service) greet(tx Tx, person people.ID, v Visitor, now time.Time) (token string, err error) {
	token = id.Token()
	return token, tx.SaveDevice(Device{Digest: DigestOf(token), Person: person, Network: v.network(), Agent: cleanAgent(v.Agent),
		Expires: now.Add(s.Limits.Device)})
}
