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

// Collective is one leave for many people, which one person booked for all of
// them: the days between Christmas and New Year, on which nobody works. Everybody
// has a request of their own in it, with its own cost.
type Collective struct {
	ID   string
	Type string
	Span
	Reason     string // what everybody in it reads
	By         people.ID
	At         int64     // microseconds since 1970, UTC
	UndoneBy   people.ID // empty: it stands
	UndoneAt   int64
	UndoReason string
}

// Undone reports whether the collective was taken back.
func (c *Collective) Undone() bool { return c.UndoneBy != "" }

// Choice says for whom a collective leave is meant: everybody that the list, the
// teams and the locations name, the latter with whoever works there on its first day. Everybody stands for all whose leave one decides.
type Choice struct {
	Everybody bool
	Teams     []string
	Locations []string
	People    []people.ID
}

// IsZero reports whether nobody is chosen.
func (c Choice) IsZero() bool {
	return !c.Everybody && len(c.Teams)+len(c.Locations)+len(c.People) == 0
}

// maxKey is how long the key of an ask may be, in bytes.
const maxKey = 64

// CollectiveAsk is a leave that is to be booked for many.
type CollectiveAsk struct {
	Key  string // becomes its id: asked twice under one key, it is booked once; empty: a new one
	Type string
	Span
	Choice Choice
	Reason string
}

// CollectivePreview is what a collective leave would do, person by person.
type CollectivePreview struct {
	Type     Type
	Rows     []CollectiveRow // by name
	Bookable int             // rows without a problem
	Cost     exact.Rat       // of those rows, in the unit of the type
}

// CollectiveRow is one person of a collective leave.
type CollectiveRow struct {
	Person  people.Person
	Request Request   // of what is booked; zero before
	Cost    exact.Rat // in the unit of the type
	Minutes int       // working time
	Before  exact.Rat // available before, in the leave year of the first day that costs something
	After   exact.Rat // and after
	Problem error     // why it cannot be booked; an *errs.Error
	Warned  []Breach  // limits that it goes beyond, and may
}

// CollectiveLine is a collective leave in a list.
type CollectiveLine struct {
	Collective
	Type   Type
	By     people.Person
	People int // whose part of it stands
}

// CollectiveDetail is a collective leave with everybody who is, or was, in it.
type CollectiveDetail struct {
	CollectiveLine
	UndoneBy people.Person
	Rows     []CollectiveRow // by name
	MayUndo  bool
}

var errNoCollective = errs.New(errs.NotFound, "leave.error.no_collective")

// PreviewCollective works out what a collective leave would cost whom, and who
// cannot be booked and why. It writes nothing. It reports Forbidden for somebody
// who decides on nobody's leave, NotFound for a person, a team or a location that
// is not theirs, and Invalid with the field for what is not well formed.
func (s *Service) PreviewCollective(ctx context.Context, by people.ID, ask CollectiveAsk) (CollectivePreview, error) {
	var p CollectivePreview
	err := s.view(ctx, by, func(c *scene) error {
		ids, err := c.chosen(&ask)
		if err != nil {
			return err
		}
		p = CollectivePreview{}
		p.Type, _ = c.book.Type(ask.Type)
		p.Rows, _, err = c.collectiveRows(&ask, ids)
		for i := range p.Rows {
			if p.Rows[i].Problem == nil {
				p.Bookable++
				p.Cost = p.Cost.Add(p.Rows[i].Cost)
			}
		}
		return err
	})
	return p, err
}

// collectiveRows judges the parts of some people in a collective leave, one after the
// other: where a limit lets only so many be away it lets those in who come first.
func (c *scene) collectiveRows(ask *CollectiveAsk, ids []people.ID) ([]CollectiveRow, []Request, error) {
	var rows []CollectiveRow
	var parts []Request
	var away *crowd
	for _, who := range ids {
		row, r, err := c.collectiveRow(ask, who) // refuses days that cannot be, before they are read
		if err != nil {
			return nil, nil, err
		}
		if away == nil {
			away = c.crowd(ask.Range())
		}
		if row.Problem == nil {
			found := away.breaches(who, ask.Type, r.Charges)
			row.Problem, row.Warned = refused(found), warnings(found)
		}
		if row.Problem == nil {
			away.join(who, ask.Span)
		}
		rows, parts = append(rows, row), append(parts, r)
	}
	return rows, parts, c.failed
}

// collectiveRow judges the part of one person in a collective leave.
func (c *scene) collectiveRow(ask *CollectiveAsk, who people.ID) (CollectiveRow, Request, error) {
	h, err := c.hear(Ask{Person: who, Type: ask.Type, Span: ask.Span})
	if err != nil {
		return CollectiveRow{}, Request{}, err
	}
	r := h.request()
	r.Charges, _ = h.scene.book.Count(h.facts, h.typ, ask.Span)
	row := CollectiveRow{Person: h.facts.Person, Cost: Total(r.Charges, h.typ.Unit), Problem: h.refusal(r.Charges)}
	for _, x := range r.Charges {
		row.Minutes += x.Minutes
	}
	if !c.viewer.MayDecide(who) {
		row.Problem = errs.New(errs.Forbidden, "leave.error.collective_own")
	}
	if h.typ.Entitled && len(r.Charges) > 0 {
		row.Before = h.scene.book.Available(h.facts, h.typ, r.Charges[0].Date)
		row.After = row.Before.Sub(row.Cost)
	}
	return row, r, nil
}

// chosen checks what is asked for, and returns whom it names, by name.
func (c *scene) chosen(ask *CollectiveAsk) ([]people.ID, error) {
	if !c.viewer.Decides() {
		return nil, errs.New(errs.Forbidden, "leave.error.collective_nobody")
	}
	ask.Reason = strings.TrimSpace(ask.Reason)
	var f people.Faults
	switch {
	case len(ask.Key) > maxKey:
		return nil, errs.New(errs.Invalid, "")
	case ask.Reason == "":
		f.Add("reason", "leave.error.reason_missing")
	case len([]rune(ask.Reason)) > MaxNote:
		f.Add("reason", "leave.error.note_too_long", "count", MaxNote)
	}
	if ask.Choice.IsZero() {
		f.Add("who", "leave.error.collective_who")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	named, err := c.named(ask.Choice, people.AskLeave, ask.From)
	if err != nil {
		return nil, err
	}
	var out []people.ID
	for _, who := range c.org.Order {
		if named[who] && c.org.Person(who).Active {
			out = append(out, who)
		}
	}
	if len(out) == 0 {
		return nil, refusal(errs.Invalid, "who", "leave.error.collective_who")
	}
	return out, nil
}

// named returns those whom a choice names, those of a location as it is on a day. Nobody learns by it of people over
// whom they do not have the right.
func (c *scene) named(choice Choice, right people.Right, on calendar.Date) (map[people.ID]bool, error) {
	out := map[people.ID]bool{}
	for _, who := range choice.People {
		if c.org.Records[who] == nil || !c.viewer.Over(right, who) {
			return nil, errs.New(errs.NotFound, "people.error.no_person")
		}
		out[who] = true
	}
	for _, id := range choice.Teams {
		i := slices.IndexFunc(c.org.Teams, func(t people.Team) bool { return t.ID == id })
		if i < 0 || !c.viewer.OverTeam(right, id) {
			return nil, errs.New(errs.NotFound, "people.error.no_team")
		}
		for _, who := range c.org.Teams[i].Members {
			out[who] = true
		}
	}
	for _, id := range choice.Locations {
		if _, known := c.org.Locations[id]; !known {
			return nil, errs.New(errs.NotFound, "people.error.no_location")
		}
	}
	for _, who := range c.org.Order {
		if c.viewer.Over(right, who) && (choice.Everybody || slices.Contains(choice.Locations, c.org.LocationOn(who, on))) {
			out[who] = true
		}
	}
	return out, nil
}

// BookCollective books leave for everybody who is chosen, as one: for all of them
// or for none. What was seen in a preview is so what is booked: it reports Conflict
// where one of them cannot be booked any more, and a new preview says who and why.
// The same key books once: a second time it returns what was booked.
func (s *Service) BookCollective(ctx context.Context, by people.ID, ask CollectiveAsk) (Collective, error) {
	var out Collective
	err := s.update(ctx, by, func(c *scene) error {
		ask := ask
		ask.Key = cmp.Or(ask.Key, id.New(s.Now()))
		ids, err := c.chosen(&ask)
		if err != nil {
			return err
		}
		if err := c.lockAll(append(slices.Clone(ids), by)); err != nil {
			return err
		}
		had, err := c.Collective(ask.Key)
		switch {
		case err == nil && had.By == by:
			out = had
			return nil
		case err == nil:
			return errs.New(errs.Conflict, "leave.error.collective_changed")
		case !errs.Is(err, errs.NotFound):
			return err
		}
		out = Collective{ID: ask.Key, Type: ask.Type, Span: ask.Span, Reason: ask.Reason, By: by, At: s.at()}
		if err := c.lockLimits(ids...); err != nil {
			return err
		}
		return c.bookParts(&out, &ask, ids)
	})
	if err != nil {
		return Collective{}, fmt.Errorf("book collective leave: %w", err)
	}
	return out, nil
}

// bookParts books a collective leave for everybody in it, or reports Conflict.
func (c *scene) bookParts(all *Collective, ask *CollectiveAsk, ids []people.ID) error {
	rows, parts, err := c.collectiveRows(ask, ids)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(rows, func(r CollectiveRow) bool { return r.Problem != nil }); i >= 0 {
		return errs.New(errs.Conflict, "leave.error.collective_changed").Because(rows[i].Problem)
	}
	if err := c.InsertCollective(*all); err != nil {
		return err
	}
	for _, r := range parts {
		if err := c.bookPart(all, r); err != nil {
			return err
		}
	}
	return nil
}

// bookPart books the part of one person.
func (c *scene) bookPart(all *Collective, r Request) error {
	r.ID, r.State, r.Collective, r.Reason = id.New(c.s.Now()), Approved, all.ID, all.Reason
	r.AskedAt, r.DecidedBy, r.DecidedAt = all.At, all.By, all.At
	if err := c.InsertRequest(r); err != nil {
		return err
	}
	return enqueue(c, KindCollective, &r, all.By)
}

// lockAll locks persons, each once, in one order whatever theirs is, so that two
// who do it at once do not wait for each other.
func (c *scene) lockAll(ids []people.ID) error {
	for _, who := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if err := c.LockPerson(who); err != nil {
			return err
		}
	}
	return nil
}

// Collectives returns the collective leave that by may know of, the latest first:
// those who see reports all of it, others what they booked.
func (s *Service) Collectives(ctx context.Context, by people.ID) ([]CollectiveLine, error) {
	var out []CollectiveLine
	err := s.view(ctx, by, func(c *scene) error {
		all, err := c.Tx.Collectives()
		if err != nil {
			return err
		}
		counts, err := c.CollectiveCounts()
		if err != nil {
			return err
		}
		out = nil
		for _, x := range all {
			if c.mayKnowCollective(&x) {
				out = append(out, c.collectiveLine(x, counts[x.ID]))
			}
		}
		return nil
	})
	return out, err
}

func (c *scene) mayKnowCollective(x *Collective) bool {
	return c.viewer.Has(people.SeeReports) || x.By == c.viewer.ID
}

func (c *scene) collectiveLine(x Collective, people int) CollectiveLine {
	line := CollectiveLine{Collective: x, By: c.org.Person(x.By), People: people}
	line.Type, _ = c.book.Type(x.Type)
	return line
}

// collective reads a collective leave and the requests in it, and hides what is
// not the viewer's to know.
func (c *scene) collective(id string) (Collective, []Request, error) {
	x, err := c.Collective(id)
	if errs.Is(err, errs.NotFound) || err == nil && !c.mayKnowCollective(&x) {
		return x, nil, errNoCollective
	}
	if err != nil {
		return x, nil, err
	}
	list, err := c.RequestsInCollective(id)
	return x, list, err
}

// CollectiveDetail returns a collective leave, or NotFound where by may not know
// of it: of those in it who are theirs to know, as whoever booked it may have left those behind.
func (s *Service) CollectiveDetail(ctx context.Context, by people.ID, id string) (CollectiveDetail, error) {
	var d CollectiveDetail
	err := s.view(ctx, by, func(c *scene) error {
		x, list, err := c.collective(id)
		if err != nil {
			return err
		}
		d = CollectiveDetail{UndoneBy: c.org.Person(x.UndoneBy)}
		stand, t := 0, c.collectiveLine(x, 0).Type
		for _, r := range list {
			if r.State.Counts() {
				stand++
			}
			if !c.viewer.MaySeeReason(r.Person) {
				continue
			}
			d.Rows = append(d.Rows, CollectiveRow{Person: c.org.Person(r.Person), Request: r, Cost: Total(r.Costs(), t.Unit)})
		}
		order.By(d.Rows, func(a, b CollectiveRow) int {
			return strings.Compare(a.Person.SortName(), b.Person.SortName())
		})
		d.CollectiveLine = c.collectiveLine(x, stand)
		d.MayUndo = !x.Undone() && c.mayUndoAll(list)
		return nil
	})
	return d, err
}

// mayUndoAll reports whether the viewer decides on all that would be taken back.
func (c *scene) mayUndoAll(list []Request) bool {
	return !slices.ContainsFunc(list, func(r Request) bool { return r.State == Approved && !c.viewer.MayDecide(r.Person) })
}

// UndoCollective takes back a collective leave, before it begins or after: every
// part of it that still stands is cancelled, and everybody is told. What somebody
// had cancelled already stays as it is. It reports Conflict where that was done
// before, and Forbidden where one of them is not by's to decide on any more.
func (s *Service) UndoCollective(ctx context.Context, by people.ID, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if len([]rune(reason)) > MaxNote {
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	}
	err := s.update(ctx, by, func(c *scene) error {
		_, list, err := c.collective(id)
		if err != nil {
			return err
		}
		ids := []people.ID{by}
		for _, r := range list {
			ids = append(ids, r.Person)
		}
		if err := c.lockAll(ids); err != nil {
			return err
		}
		x, list, err := c.collective(id) // again, now that nobody else can change it
		if err != nil {
			return err
		}
		switch {
		case x.Undone():
			return errs.New(errs.Conflict, "leave.error.collective_undone")
		case !c.mayUndoAll(list):
			return errs.New(errs.Forbidden, "leave.error.may_not_cancel")
		}
		x.UndoneBy, x.UndoneAt, x.UndoReason = by, s.at(), reason
		if err := c.UpdateCollective(x); err != nil {
			return err
		}
		return c.cancelParts(list, &x)
	})
	if err != nil {
		return fmt.Errorf("undo collective leave %s: %w", id, err)
	}
	return nil
}

// cancelParts cancels what still stands of a collective leave.
func (c *scene) cancelParts(list []Request, x *Collective) error {
	for _, r := range list {
		if r.State != Approved {
			continue
		}
		if err := c.dropChange(&r); err != nil {
			return err
		}
		r.State, r.Reason, r.DecidedBy, r.DecidedAt = Cancelled, x.UndoReason, x.UndoneBy, x.UndoneAt
		if err := c.UpdateRequest(r); err != nil {
			return err
		}
		if err := enqueue(c, KindCollectiveUndone, &r, x.UndoneBy); err != nil {
			return err
		}
	}
	return nil
}
