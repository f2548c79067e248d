// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// ClosingTx is what closing leave years needs of a transaction.
type ClosingTx interface {
	Closings(id people.ID) ([]Closing, error)                         // of a person, with all that they keep
	AllClosings(since calendar.Date) (map[people.ID][]Closing, error) // of everybody; with what those keep that end on since or later
	InsertClosing(c Closing) error                                    // after its act
	ReopenClosing(closing, act string) error                          // what it kept stays on record
	ClosingActs() ([]ClosingAct, error)                               // latest first
	InsertClosingAct(a ClosingAct) error
}

// ClosingKind tells what an act did.
type ClosingKind string

// What can be done to a leave year.
const (
	Closes  ClosingKind = "close"
	Reopens ClosingKind = "reopen"
)

// ClosingAct is on record of who closed leave years, or opened them again.
type ClosingAct struct {
	ID       string
	Kind     ClosingKind
	Year     calendar.Range
	Package  string    // of whom; empty: whatever the package
	Person   people.ID // of whom alone; empty: of all
	Reason   string    // of what was opened again
	People   int
	Accounts int // leave years of one type of one person
	By       people.ID
	At       int64 // microseconds since 1970, UTC
}

// YearPick says which leave years are meant: those that end on a day.
type YearPick struct {
	To      calendar.Date
	Package string    // of those who have this package at the end of it; empty: of all
	Person  people.ID // of one person; empty: of all
}

// YearState is how far a leave year of one type of one person has come.
type YearState string

// The states of a leave year.
const (
	YearRuns   YearState = "runs"   // it is not over
	YearWaits  YearState = "waits"  // something in it waits for a decision
	YearReady  YearState = "ready"  // it can be closed
	YearClosed YearState = "closed" // its figures stay
)

// YearSummary is how far the leave years that end on a day have come.
type YearSummary struct {
	Year   calendar.Range
	People int
	Counts map[YearState]int // leave years of one type of one person
	Last   ClosingAct        // zero: none
}

// State returns how far they have come as a whole.
func (y *YearSummary) State() YearState {
	for _, s := range []YearState{YearRuns, YearReady, YearWaits} {
		if y.Counts[s] > 0 {
			return s
		}
	}
	return YearClosed
}

// Review is what there is to look at before leave years are closed.
type Review struct {
	YearSummary
	Pick  YearPick
	Lines []ReviewLine // by name, then in the order of types
	Sums  []ReviewSum
	Loose []LooseEnd // what waits for a decision: those leave years stay open
	Look  []LookAt   // what may be wrong, and keeps nothing from being closed
	Acts  []ClosingAct
	Mark  string // of the figures: CloseYear refuses when they are others
}

// ReviewLine is a leave year of one type of one person.
type ReviewLine struct {
	Person people.Person
	Type   Type
	State  YearState
	YearFigures
	Closing *Closing // where it is closed
	Later   bool     // a later leave year of it is closed too
}

// YearFigures are the figures of a leave year, and what becomes of what is left on the
// day after it.
type YearFigures struct {
	Totals
	Since exact.Rat // what came after it was closed, corrected that day
	Over  exact.Rat // goes over
	Ends  exact.Rat // lapses, expires or is paid out
}

// Stays returns what is left and neither goes over nor ends on the day after: it has a later last
// day of its own, or is what somebody had left who works here no more.
func (y *YearFigures) Stays() exact.Rat { return y.Balance.Add(y.Since).Sub(y.Over).Sub(y.Ends) }

// ReviewSum are the figures of a leave type of all of them.
type ReviewSum struct {
	Type   Type
	People int
	YearFigures
}

// LooseEnd is what somebody has waiting.
type LooseEnd struct {
	Person people.Person
	Type   Type
	Loose
}

// LookAt is something that may be wrong about a person.
type LookAt struct {
	Person people.Person
	Key    string // "sick", to who may not know that "away", or "holidays": in the catalogues, after "leave.look."
	Date   calendar.Date
}

// yearAccount is a leave year of one type of one person, to be looked at.
type yearAccount struct {
	facts *Facts
	typ   Type
	year  calendar.Range
	state YearState
}

// accountsOf returns the leave years of somebody that are meant, by type.
func (c *scene) accountsOf(f *Facts, pick YearPick) []yearAccount {
	if pick.Package != "" && packageAt(&f.Record, pick.To) != pick.Package {
		return nil
	}
	var out []yearAccount
	for _, t := range c.book.Types {
		x := yearAccount{facts: f, typ: t, state: YearReady}
		ends := func(y calendar.Range) bool { return y.To == pick.To }
		years := c.book.LeaveYears(f, t, pick.To)
		if i := slices.IndexFunc(years, ends); i >= 0 {
			x.year = years[i]
		}
		if on := f.closings(t).on(pick.To); on != nil {
			x.state = YearClosed
			if y, ok := on.year(pick.To); ok {
				x.year = y
			}
		}
		switch {
		case !ends(x.year):
			continue // no leave year of that type ends that day
		case x.state == YearClosed:
		case pick.To >= f.Today:
			x.state = YearRuns
		case len(c.book.Unsettled(f, t, pick.To)) > 0:
			x.state = YearWaits
		}
		out = append(out, x)
	}
	return out
}

// packageAt returns the package that somebody has on a day, or had last before it.
func packageAt(r *people.Record, d calendar.Date) (pkg string) {
	var from calendar.Date
	for _, c := range r.Contracts {
		if c.From <= d && c.From >= from {
			from, pkg = c.From, c.Package
		}
	}
	return pkg
}

// figures works out the figures of a leave year and of the day after it.
func (b *Rulebook) figures(x *yearAccount) YearFigures {
	s := b.Statement(x.facts, x.typ, x.year.To)
	if s.DayLength == 0 {
		s.DayLength = b.dayLength(x.facts, lastWorked(x.facts, x.year.To))
	}
	out := YearFigures{Totals: s.Totals()}
	next := x.year.To.AddDays(1)
	for _, l := range b.Statement(x.facts, x.typ, next).Lines {
		switch {
		case l.Date != next:
		case l.Kind == LineCorrection && l.Request == "":
			out.Since = out.Since.Add(l.Amount)
		case l.Kind == LineCarried:
			out.Over = out.Over.Add(l.Amount)
		case l.Kind == LineLapsed || l.Kind == LineExpired || l.Kind == LinePaid:
			out.Ends = out.Ends.Sub(l.Amount)
		}
	}
	return out
}

// YearReview returns what there is to look at of leave years before they are closed, and
// what was closed of them. Those who see reports may ask.
func (s *Service) YearReview(ctx context.Context, by people.ID, pick YearPick) (Review, error) {
	var out Review
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		accounts, err := c.accounts(pick)
		if err != nil {
			return err
		}
		out = c.review(pick, accounts)
		acts, err := c.ClosingActs()
		for _, a := range acts {
			if a.Year.To == pick.To {
				out.Acts = append(out.Acts, a)
			}
		}
		if len(out.Acts) > 0 {
			out.Last = out.Acts[0]
		}
		return err
	})
	return out, err
}

// accounts returns the leave years that are meant, by name and then by type. It reports
// NotFound for a person that is not there, and Invalid for such a package and for leave years that lie
// too far ahead: see MaxAhead.
func (c *scene) accounts(pick YearPick) ([]yearAccount, error) {
	if err := c.within(pick.To, "to"); err != nil {
		return nil, err
	}
	if pick.Person != "" && c.org.Records[pick.Person] == nil {
		return nil, errs.New(errs.NotFound, "people.error.no_person")
	}
	known := func(x Package) bool { return x.ID == pick.Package }
	if pick.Package != "" && !slices.ContainsFunc(c.book.Packages, known) {
		return nil, errs.New(errs.Invalid, "people.error.package").At("package")
	}
	everybody, err := c.allFacts(0, func(r *people.Record) bool { return pick.Person == "" || r.Person.ID == pick.Person })
	if err != nil {
		return nil, err
	}
	var out []yearAccount
	for _, f := range everybody {
		out = append(out, c.accountsOf(f, pick)...)
	}
	return out, nil
}

// review works the figures out, on all cores.
func (c *scene) review(pick YearPick, accounts []yearAccount) Review {
	out := Review{Pick: pick, YearSummary: YearSummary{Counts: map[YearState]int{}}, Lines: make([]ReviewLine, len(accounts))}
	onAllCores(len(accounts), func(i int) {
		x := &accounts[i]
		out.Lines[i] = ReviewLine{Person: x.facts.Person, Type: x.typ, State: x.state, YearFigures: c.book.figures(x)}
		if cs := x.facts.closings(x.typ); x.state == YearClosed {
			out.Lines[i].Closing, out.Lines[i].Later = cs.on(pick.To), cs.end() > pick.To
		}
	})
	var last people.ID
	for i := range accounts {
		x := &accounts[i]
		out.Counts[x.state]++
		if x.facts.Person.ID != last {
			last = x.facts.Person.ID
			out.People++
			out.Look = append(out.Look, c.look(x.facts, x.year)...)
		}
		if out.Year.From.IsZero() || x.year.From < out.Year.From {
			out.Year = x.year
		}
		if x.state == YearWaits {
			for _, l := range c.book.Unsettled(x.facts, x.typ, pick.To) {
				out.Loose = append(out.Loose, LooseEnd{Person: x.facts.Person, Type: x.typ, Loose: l})
			}
		}
	}
	out.sum(c.book.Types)
	out.Mark = markOf(out.Lines)
	return out
}

// sum adds the figures up by type.
func (r *Review) sum(types []Type) {
	for _, t := range types {
		sum := ReviewSum{Type: t}
		for i := range r.Lines {
			if x := &r.Lines[i]; x.Type.ID == t.ID {
				sum.People++
				sum.Totals, sum.Since = sum.Add(x.Totals), sum.Since.Add(x.Since)
				sum.Over, sum.Ends = sum.Over.Add(x.Over), sum.Ends.Add(x.Ends)
			}
		}
		if sum.People > 0 {
			r.Sums = append(r.Sums, sum)
		}
	}
}

// look returns what may be wrong about somebody in a leave year.
func (c *scene) look(f *Facts, year calendar.Range) []LookAt {
	var out []LookAt
	for i := range f.Sickness {
		s, key := &f.Sickness[i], "away"
		if c.viewer.MayKnowSick(f.Person.ID, c.org.Settings) {
			key = "sick"
		}
		if s.To.IsZero() && s.From <= year.To {
			out = append(out, LookAt{Person: f.Person, Key: key, Date: s.From})
		}
	}
	if l, ok := c.org.Locations[f.LocationOn(year.To)]; !ok || l.Region == "" {
		out = append(out, LookAt{Person: f.Person, Key: "holidays"})
	}
	return out
}

// markOf tells figures apart: it changes when one of those that can be closed does.
func markOf(lines []ReviewLine) string {
	h := sha256.New()
	for i := range lines {
		if x := &lines[i]; x.State == YearReady {
			fmt.Fprintln(h, x.Person.ID, x.Type.ID, x.Carried, x.Entitled, x.Corrected, x.Taken, x.Lost, x.Paid, x.Balance)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Years returns the leave years that people have, or had, latest first. Those who see
// reports may ask.
func (s *Service) Years(ctx context.Context, by people.ID) ([]YearSummary, error) {
	var out []YearSummary
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		everybody, err := c.headsOfYears()
		if err != nil {
			return err
		}
		found := map[calendar.Date]*YearSummary{}
		for _, f := range everybody {
			c.countYears(f, found)
		}
		acts, err := c.ClosingActs()
		for i := len(acts) - 1; i >= 0; i-- {
			if y := found[acts[i].Year.To]; y != nil {
				y.Last = acts[i]
			}
		}
		for _, y := range found {
			out = append(out, *y)
		}
		order.By(out, func(a, b YearSummary) int { return int(b.Year.To - a.Year.To) })
		return err
	})
	return out, err
}

// headsOfYears returns of everybody what tells leave years apart: their work, what waits
// and what is closed.
func (c *scene) headsOfYears() ([]*Facts, error) {
	closed, err := c.AllClosings(calendar.Last)
	if err != nil {
		return nil, err
	}
	requests, err := c.PendingRequests()
	if err != nil {
		return nil, err
	}
	claims, err := c.PendingClaims()
	if err != nil {
		return nil, err
	}
	var out []*Facts
	for _, who := range c.org.Order {
		f := &Facts{Record: *c.org.Records[who], Today: c.todayOf(who), Closings: closed[who]}
		for _, r := range requests {
			if r.Person == who {
				f.Requests = append(f.Requests, r)
			}
		}
		for _, x := range claims {
			if x.Person == who {
				f.Claims = append(f.Claims, x)
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// countYears counts the leave years of somebody by their state.
func (c *scene) countYears(f *Facts, found map[calendar.Date]*YearSummary) {
	seen := map[calendar.Date]bool{}
	for _, t := range c.book.Types {
		end := f.closings(t).end()
		for _, y := range c.book.LeaveYears(f, t, f.Today) {
			x := found[y.To]
			if x == nil {
				x = &YearSummary{Year: y, Counts: map[YearState]int{}}
				found[y.To] = x
			}
			x.Year.From = min(x.Year.From, y.From)
			if !seen[y.To] {
				seen[y.To] = true
				x.People++
			}
			switch {
			case y.To <= end:
				x.Counts[YearClosed]++
			case y.To >= f.Today:
				x.Counts[YearRuns]++
			case len(c.book.Unsettled(f, t, y.To)) > 0:
				x.Counts[YearWaits]++
			default:
				x.Counts[YearReady]++
			}
		}
	}
}

// CloseYear closes the leave years that are meant and can be closed, and those before
// them that are open: their figures stay from now on. mark is that of the review. It
// reports Conflict where the figures are others by now, where the leave years are not
// over, and where there is none to close.
func (s *Service) CloseYear(ctx context.Context, by people.ID, pick YearPick, mark string) (ClosingAct, error) {
	return s.actOnYear(ctx, by, ClosingAct{Kind: Closes}, pick, func(c *scene, act *ClosingAct, accounts []yearAccount) error {
		if pick.To >= c.today {
			return errs.New(errs.Conflict, "leave.error.year_runs")
		}
		ready := slices.DeleteFunc(accounts, func(x yearAccount) bool { return x.state != YearReady })
		if len(ready) == 0 {
			return errs.New(errs.Conflict, "leave.error.year_nothing")
		}
		if c.review(pick, ready).Mark != mark {
			return errs.New(errs.Conflict, "leave.error.year_changed")
		}
		closed := make([]Closing, len(ready))
		onAllCores(len(ready), func(i int) { closed[i], _ = c.book.Close(ready[i].facts, ready[i].typ, pick.To) })
		act.count(ready)
		if err := c.InsertClosingAct(*act); err != nil {
			return err
		}
		for i := range closed {
			x := &closed[i]
			x.ID, x.Act, x.By, x.At = id.New(s.Now()), act.ID, by, act.At
			if err := c.InsertClosing(*x); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReopenYear opens the closed leave years that are meant again: their figures move with
// what is known. It reports Invalid without a reason, and Conflict where a later leave
// year of them is closed, or where none is.
func (s *Service) ReopenYear(ctx context.Context, by people.ID, pick YearPick, reason string) (ClosingAct, error) {
	reason = strings.TrimSpace(reason)
	return s.actOnYear(ctx, by, ClosingAct{Kind: Reopens, Reason: reason}, pick, func(c *scene, act *ClosingAct, accounts []yearAccount) error {
		switch {
		case reason == "":
			return errs.New(errs.Invalid, "leave.error.reason_missing").At("reason")
		case len([]rune(reason)) > MaxNote:
			return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
		}
		closed := slices.DeleteFunc(accounts, func(x yearAccount) bool { return x.state != YearClosed })
		if len(closed) == 0 {
			return errs.New(errs.Conflict, "leave.error.year_open")
		}
		act.count(closed)
		if err := c.InsertClosingAct(*act); err != nil {
			return err
		}
		for i := range closed {
			last, _ := closed[i].facts.LastClosing(closed[i].typ)
			if last.Year.To != pick.To {
				return errs.New(errs.Conflict, "leave.error.year_later")
			}
			if err := c.ReopenClosing(last.ID, act.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// actOnYear runs an act on leave years, in the name of somebody who keeps years.
func (s *Service) actOnYear(ctx context.Context, by people.ID, act ClosingAct, pick YearPick,
	do func(*scene, *ClosingAct, []yearAccount) error) (ClosingAct, error) {
	err := s.update(ctx, by, func(c *scene) error {
		if err := c.lockEverybody(people.KeepYears); err != nil {
			return err
		}
		accounts, err := c.accounts(pick)
		if err != nil {
			return err
		}
		act.ID, act.By, act.At, act.Package, act.Person = id.New(s.Now()), by, s.at(), pick.Package, pick.Person
		return do(c, &act, accounts)
	})
	if err != nil {
		return act, fmt.Errorf("%s the leave years to %s: %w", act.Kind, pick.To, err)
	}
	return act, nil
}

// count notes of how many an act is, and of which leave year.
func (a *ClosingAct) count(accounts []yearAccount) {
	a.Accounts, a.People, a.Year = len(accounts), 0, accounts[0].year
	var last people.ID
	for i := range accounts {
		if who := accounts[i].facts.Person.ID; who != last {
			last = who
			a.People++
		}
		a.Year.From = min(a.Year.From, accounts[i].year.From)
	}
}
