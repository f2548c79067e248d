// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// Kinds of the outbox rows about claims; the payload is an Event with the claim in
// place of the request.
const (
	KindClaimed        = "claim.asked"
	KindClaimApproved  = "claim.approved"
	KindClaimRefused   = "claim.refused"
	KindClaimWithdrawn = "claim.withdrawn" // before it was decided
	KindClaimCancelled = "claim.cancelled" // after it was approved
)

// MaxChild is how many characters the name of a child may have.
const MaxChild = 60

// errNoClaim is the same for a claim that is not there and for one that the asker
// may not know of.
var errNoClaim = errs.New(errs.NotFound, "leave.error.no_claim")

// FileClaim reports an event or overtime, or asks to buy or sell leave. It is
// approved at once where by decides for the person and is somebody else; otherwise
// it waits. A claim with an id is filed once under it: a second time it returns what was
// filed. It reports NotFound for a person for whom by may not ask, Invalid with
// the field for what is not well formed, and Conflict where the policy does not let
// it be.
func (s *Service) FileClaim(ctx context.Context, by people.ID, claim Claim) (Claim, error) {
	var filed Claim
	err := s.update(ctx, by, func(c *scene) error {
		filed = claim
		if !c.mayFile(&filed) {
			return errs.New(errs.NotFound, "people.error.no_person")
		}
		filed.ID, filed.AskedBy = "", by
		filed.Note, filed.Child = strings.TrimSpace(filed.Note), strings.TrimSpace(filed.Child)
		if had, done, err := once(c, claim.ID, filed.Person, c.Claim, filed.asksAs); done || err != nil {
			filed = had
			return err
		}
		if err := c.LockPerson(filed.Person); err != nil {
			return err
		}
		f, err := c.facts(filed.Person)
		if err != nil {
			return err
		}
		if err := c.checkClaim(f, &filed); err != nil {
			return err
		}
		filed.ID, filed.State, filed.AskedAt = cmp.Or(claim.ID, id.New(s.Now())), Pending, s.at()
		kind := KindClaimed
		if by != filed.Person && c.keepsClaim(&filed) {
			filed.State, filed.DecidedBy, filed.DecidedAt, kind = Approved, by, filed.AskedAt, KindClaimApproved
		}
		if err := c.SaveClaim(filed); err != nil {
			return err
		}
		return enqueueClaim(c, kind, &filed, by)
	})
	if err != nil {
		return Claim{}, fmt.Errorf("file a claim: %w", err)
	}
	return filed, nil
}

// enqueueClaim writes the outbox row of something that happened to a claim.
func enqueueClaim(tx Tx, kind string, c *Claim, by people.ID) error {
	return put(tx, kind, kind+":"+c.ID, Event{Request: c.ID, Person: c.Person, By: by})
}

// mayFile reports whether the viewer may file a claim for its person. An event is
// for the person and for those who keep balances to record.
func (c *scene) mayFile(x *Claim) bool {
	if c.org.Records[x.Person] == nil {
		return false
	}
	if x.Kind == ClaimEvent {
		return x.Person == c.viewer.ID || c.records(x.Person)
	}
	return c.viewer.MayAskFor(x.Person)
}

// maySeeClaim reports whether the viewer may know of a claim.
func (c *scene) maySeeClaim(x *Claim) bool {
	if x.Kind == ClaimEvent {
		return c.viewer.Over(people.SeeEvents, x.Person)
	}
	return c.viewer.MaySeeReason(x.Person)
}

// checkClaim refuses a claim that is not well formed or that no policy lets be.
func (c *scene) checkClaim(f *Facts, x *Claim) error {
	far := c.within(x.Date, "date")
	switch {
	case !f.Person.Active:
		return errs.New(errs.Conflict, "people.error.inactive")
	case x.Date.IsZero():
		return errs.New(errs.Invalid, "leave.error.date_missing").At("date")
	case far != nil:
		return far
	case len([]rune(x.Note)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("note")
	case len([]rune(x.Child)) > MaxChild:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxChild).At("child")
	case x.Kind == ClaimEvent:
		return c.checkEvent(f, x)
	}
	t, ok := c.book.Type(x.Type)
	if !ok || t.Retired || !t.Entitled {
		return errs.New(errs.Invalid, "leave.error.no_type").At("type")
	}
	terms, ok := c.book.termsOn(f, t, x.Date)
	if !ok {
		return errs.New(errs.Conflict, "leave.error.not_employed").At("date")
	}
	switch x.Kind {
	case ClaimOvertime:
		return c.checkOvertime(f, terms, x)
	case ClaimPurchase, ClaimSale:
		return c.checkTrade(f, t, terms, x)
	}
	return errs.New(errs.Invalid, "leave.error.not_listed").At("kind")
}

// checkEvent refuses an event that is recorded already, and one that the viewer may
// not report.
func (c *scene) checkEvent(f *Facts, x *Claim) error {
	today := c.todayOf(x.Person)
	switch {
	case !slices.Contains(EventKinds, x.Event):
		return errs.New(errs.Invalid, "leave.error.event").At("event")
	case x.Date < today.AddYears(-20) || x.Date > today.AddYears(1):
		return errs.New(errs.Invalid, "leave.error.event_date").At("date")
	case !c.records(x.Person) && !slices.Contains(c.book.reportable(f, today), x.Event):
		return errs.New(errs.Conflict, "leave.error.event_report").At("event")
	}
	again := slices.ContainsFunc(f.Claims, func(o Claim) bool {
		return o.Kind == ClaimEvent && o.ID != x.ID && o.State.Counts() && o.Event == x.Event && o.Date == x.Date && strings.EqualFold(o.Child, x.Child)
	})
	if again {
		return errs.New(errs.Conflict, "leave.error.event_again").At("date")
	}
	return nil
}

// reportable returns the events that f's person may report by the policies of a day.
func (b *Rulebook) reportable(f *Facts, d calendar.Date) []EventKind {
	var out []EventKind
	for _, t := range b.Types {
		terms, ok := b.termsOn(f, t, d)
		if !ok || t.Retired {
			continue
		}
		for _, p := range terms.Pots() {
			if p.Event.Reported && !slices.Contains(out, p.Event.Kind) {
				out = append(out, p.Event.Kind)
			}
		}
	}
	return out
}

// checkOvertime refuses overtime that cannot have been, or that the policy does not
// pay in leave.
func (c *scene) checkOvertime(f *Facts, terms *Terms, x *Claim) error {
	pot, _, ok := terms.overtimePot()
	day := x.Minutes
	for _, o := range f.Claims {
		if o.Kind != ClaimOvertime || o.Date != x.Date || o.ID == x.ID || !o.State.Counts() {
			continue
		}
		if !o.Times.Overlap(x.Times).IsZero() {
			return errs.New(errs.Conflict, "leave.error.overtime_again").At("date")
		}
		day += o.Minutes
	}
	switch {
	case !ok:
		return errs.New(errs.Conflict, "leave.error.no_overtime").At("type")
	case x.Minutes < 1:
		return errs.New(errs.Invalid, "leave.error.overtime_missing").At("time")
	case day > MaxOvertime:
		return errs.New(errs.Invalid, "leave.error.overtime_long").At("time")
	case x.Date > c.todayOf(x.Person):
		return errs.New(errs.Invalid, "leave.error.overtime_ahead").At("date")
	case !slices.Contains(pot.Overtime.Factors, x.Factor):
		return errs.New(errs.Invalid, "leave.error.not_listed").At("factor")
	}
	return nil
}

// checkTrade refuses to buy or sell what the policy does not let. Its months bind
// those who ask for themselves.
func (c *scene) checkTrade(f *Facts, t Type, terms *Terms, x *Claim) error {
	others := *f
	others.Claims = slices.DeleteFunc(slices.Clone(f.Claims), func(o Claim) bool { return o.ID == x.ID && x.ID != "" })
	rule, today := &terms.Trade, c.todayOf(x.Person)
	switch most := c.book.Tradable(&others, t, x.Kind, x.Date); {
	case rule.Most(x.Kind).IsZero():
		return errs.New(errs.Conflict, "leave.error.no_trade_"+string(x.Kind)).At("type")
	case x.Amount.Sign() <= 0:
		return errs.New(errs.Invalid, "leave.error.amount").At("amount")
	case x.ID == "" && x.Person == c.viewer.ID && !rule.Open(today):
		return errs.New(errs.Conflict, "leave.error.trade_closed").At("type")
	case x.ID == "" && x.Date < today && !c.records(x.Person):
		return errs.New(errs.Invalid, "leave.error.trade_past").At("date")
	case x.Amount.Cmp(most) > 0:
		return errs.New(errs.Conflict, "leave.error.trade_most", "amount", Amount{most, t.Unit}).At("amount")
	}
	return nil
}

// DecideClaim approves or refuses a claim that waits. A refusal needs a reason,
// which the person will read. It reports Forbidden if by may not decide it, and
// Conflict if it is decided already or may not be any more.
func (s *Service) DecideClaim(ctx context.Context, by people.ID, claim string, approve bool, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case !approve && reason == "":
		return errs.New(errs.Invalid, "leave.error.reason_missing").At("reason")
	case len([]rune(reason)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	}
	return s.changeClaim(ctx, by, claim, func(c *scene, f *Facts, x *Claim) (string, error) {
		_, absent, ok := c.claimCapacity(x)
		switch {
		case !ok && x.DecidedBy != by:
			return "", errs.New(errs.Forbidden, "leave.error.may_not_decide")
		case x.State != Pending:
			return "", errs.New(errs.Conflict, "leave.error.decided")
		}
		x.Reason, x.State, x.For = reason, Refused, absent
		if !approve {
			return KindClaimRefused, nil
		}
		x.State = Approved
		return KindClaimApproved, c.checkClaim(f, x)
	})
}

// WithdrawClaim takes a claim back: one that waits by the person or who asked, an
// approved one by those who decide it, unless leave that it gave is used. It
// reports Forbidden or Conflict otherwise.
func (s *Service) WithdrawClaim(ctx context.Context, by people.ID, claim string) error {
	return s.changeClaim(ctx, by, claim, func(c *scene, f *Facts, x *Claim) (string, error) {
		switch {
		case x.State == Pending && (x.Person == by || x.AskedBy == by):
			x.State = Withdrawn
			return KindClaimWithdrawn, nil
		case !c.mayUndo(x):
			return "", errs.New(errs.Forbidden, "leave.error.may_not_withdraw_claim")
		}
		x.State = Cancelled
		if c.book.needed(f, x.ID) {
			return "", errs.New(errs.Conflict, "leave.error.claim_used")
		}
		return KindClaimCancelled, nil
	})
}

// mayUndo reports whether the viewer may take back an approved claim.
func (c *scene) mayUndo(x *Claim) bool { return x.State == Approved && c.keepsClaim(x) }

// needed reports whether leave would go short without a claim.
func (b *Rulebook) needed(f *Facts, claim string) bool {
	without := *f
	without.Claims = slices.DeleteFunc(slices.Clone(f.Claims), func(o Claim) bool { return o.ID == claim })
	return slices.ContainsFunc(b.Types, func(t Type) bool {
		return t.Entitled && b.account(without.sorted(), t, 0).short().Cmp(b.account(f.sorted(), t, 0).short()) > 0
	})
}

// changeClaim reads a claim under its person's lock, lets f change it and tells of
// it by the kind that f returns.
func (s *Service) changeClaim(ctx context.Context, by people.ID, claim string, f func(*scene, *Facts, *Claim) (string, error)) error {
	err := s.update(ctx, by, func(c *scene) error {
		x, err := c.claim(claim)
		if err != nil {
			return err
		}
		if err := c.LockPerson(x.Person); err != nil {
			return err
		}
		if x, err = c.claim(claim); err != nil { // again, now that nobody else can change it
			return err
		}
		known, err := c.facts(x.Person)
		if err != nil {
			return err
		}
		kind, err := f(c, known, &x)
		if err != nil {
			return err
		}
		x.DecidedBy, x.DecidedAt = by, s.at()
		if err := c.SaveClaim(x); err != nil {
			return err
		}
		return enqueueClaim(c, kind, &x, by)
	})
	if err != nil {
		return fmt.Errorf("change claim %s: %w", claim, err)
	}
	return nil
}

// claim reads a claim, and hides what is not the viewer's to know.
func (c *scene) claim(id string) (Claim, error) {
	x, err := c.Claim(id)
	if errs.Is(err, errs.NotFound) {
		return Claim{}, errNoClaim
	}
	if err != nil {
		return x, err
	}
	if !c.knowsClaim(&x) {
		return Claim{}, errNoClaim
	}
	return x, nil
}

// ClaimView is a claim as a page shows it.
type ClaimView struct {
	Claim
	Who         people.Person
	On          Type      // of the claim; zero for an event
	Worth       exact.Rat // what it gives or takes, in the unit of On; zero for an event
	Decider     people.Person
	DecidedFor  people.Person // whose stand-in decided; else zero
	MayDecide   bool
	As          Capacity      // in which right
	For         people.Person // whose stand-in the viewer is; else zero
	MayWithdraw bool          // or undo, where it is approved
}

// claimView returns a claim as the viewer may see it. f is what is known of its person; only
// overtime asks for it.
func (c *scene) claimView(f *Facts, x Claim) ClaimView {
	v := ClaimView{Claim: x, Who: c.org.Person(x.Person), Decider: c.org.Person(x.DecidedBy), DecidedFor: c.org.Person(x.For)}
	v.On, _ = c.book.Type(x.Type)
	v.Worth = x.Amount
	if x.Kind == ClaimOvertime {
		s := source{account: &account{unit: v.On.Unit}, book: c.book, facts: f, typ: v.On}
		v.Worth = s.worked(&x).Value()
	}
	if x.State == Pending {
		as, absent, ok := c.claimCapacity(&x)
		v.MayDecide, v.As, v.For = ok, as, c.org.Person(absent)
	}
	v.MayWithdraw = x.State == Pending && (x.Person == c.viewer.ID || x.AskedBy == c.viewer.ID) || c.mayUndo(&x)
	return v
}

// Claims returns what a person reported and asked for, newest first, as far as by
// may know of it. It reports NotFound for a person whose leave by may not know.
func (s *Service) Claims(ctx context.Context, by, person people.ID) ([]ClaimView, error) {
	var out []ClaimView
	err := s.view(ctx, by, func(c *scene) error {
		f, err := c.knownFacts(person)
		if err != nil {
			return err
		}
		for _, x := range f.Claims {
			if c.maySeeClaim(&x) {
				out = append(out, c.claimView(f, x))
			}
		}
		return nil
	})
	order.By(out, func(a, b ClaimView) int { return int(b.Date - a.Date) })
	return out, err
}

// OneClaim returns a claim, to those who may know of it and to who decides on it. It reports NotFound to others, and where there is none.
func (s *Service) OneClaim(ctx context.Context, by people.ID, id string) (ClaimView, error) {
	var out ClaimView
	err := s.view(ctx, by, func(c *scene) error {
		x, err := c.claim(id)
		if err != nil {
			return err
		}
		f, err := c.facts(x.Person)
		if err == nil {
			out = c.claimView(f, x)
		}
		return err
	})
	return out, err
}

// WaitingClaims returns the claims that wait for a decision of by's, oldest first.
func (s *Service) WaitingClaims(ctx context.Context, by people.ID) ([]ClaimView, error) {
	var out []ClaimView
	err := s.view(ctx, by, func(c *scene) error {
		pending, err := c.PendingClaims()
		if err != nil {
			return err
		}
		for _, x := range pending {
			if _, _, ok := c.claimCapacity(&x); !ok {
				continue
			}
			f, err := c.facts(x.Person)
			if err != nil {
				return err
			}
			out = append(out, c.claimView(f, x))
		}
		return nil
	})
	return out, err
}

// Trades returns all leave that was bought and sold, what waits and what was refused
// included, latest first: for payroll, and others who see reports.
func (s *Service) Trades(ctx context.Context, by people.ID) ([]ClaimView, error) {
	var out []ClaimView
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		all, err := c.AllClaims()
		if err != nil {
			return err
		}
		for _, person := range c.org.Order {
			for _, x := range all[person] {
				if x.Kind.Trades() {
					out = append(out, c.claimView(nil, x))
				}
			}
		}
		return nil
	})
	order.By(out, func(a, b ClaimView) int { return int(b.Date - a.Date) })
	return out, err
}
