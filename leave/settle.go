// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// SettlementTx is what settling needs of a transaction.
type SettlementTx interface {
	Settlements() (Settlements, error)                  // latest first, also what was taken back
	SettledLines() ([]SettledLine, error)               // of all that stand
	LinesOfSettlement(id string) ([]SettledLine, error) // in the order in which they were inserted
	InsertSettlement(s Settlement, lines []SettledLine) error
	UpdateSettlement(s Settlement) error // who took it back, when and why
}

// SettlementEntry is a settlement in a list.
type SettlementEntry struct {
	Settlement
	By       people.Person
	UndoneBy people.Person
	MayUndo  bool // by the viewer: it is the last one that stands
}

// SettlementLine is a line of a settlement with what it is about.
type SettlementLine struct {
	SettledLine
	Of      Settlement // whose time it is about; without an id where that is not settled yet
	Person  people.Person
	Type    Type
	Request Request  // as it stands now
	Why     []Reason // of a correction that is still to be told: why it costs something else now
}

// because returns why leave that stands costs something else now than was told: it was approved later, its days count
// otherwise since, or some of it was given back or is not any more. Of leave that does not stand the state says it.
func (x *SettlementLine) because() []Reason {
	switch {
	case x.Request.State != Approved:
		return nil
	case x.Was.IsZero() && x.Request.DecidedAt >= x.Of.At:
		return []Reason{{Key: "settled_approved"}}
	}
	since := calendar.DateOf(time.UnixMicro(x.Of.At).UTC())
	r := x.Request
	r.Corrections = slices.DeleteFunc(slices.Clone(r.Corrections), func(c Correction) bool { return c.On < since || !x.Of.Period.Contains(c.Date) })
	switch {
	case len(r.Corrections) > 0:
		return slices.Concat(r.Corrected()...)
	case x.Days.Sign() < 0 || x.Minutes.Sign() < 0:
		return []Reason{{Key: "settled_given_back"}}
	}
	return []Reason{{Key: "settled_not_given_back"}}
}

// Discreet takes what tells of sickness out of a line, as Statement.Discreet does.
func (x *SettlementLine) Discreet() {
	for i, r := range x.Why {
		if r.Key == "settled_given_back" || r.Key == "settled_not_given_back" {
			x.Why[i] = Reason{Key: "settled_otherwise"}
		}
	}
}

// SettlementDetail is a settlement with all that it told.
type SettlementDetail struct {
	SettlementEntry
	Lines []SettlementLine
}

// SettlementPreview is what there is to know of a time before it is settled.
type SettlementPreview struct {
	Period  calendar.Range
	Settled []SettlementEntry // those that touch it
	Lines   []SettlementLine  // what settling it would tell; of a time that touches a settled one, corrections alone
	May     bool              // it can be settled, and by the viewer
	Mark    string            // of the lines: SettleLeave refuses when they are others
}

var errNoSettlement = errs.New(errs.NotFound, "leave.error.no_settlement")

// Settlements returns what was settled, latest first. Those who see reports may ask.
func (s *Service) Settlements(ctx context.Context, by people.ID) ([]SettlementEntry, error) {
	var out []SettlementEntry
	err := s.viewSettled(ctx, by, func(c *scene, all Settlements) error {
		out = c.entries(all)
		return nil
	})
	return out, err
}

// Settlement returns a settlement with its lines, which stay as they were told: those about its own time last.
// Those who see reports may ask. It reports NotFound where there is none.
func (s *Service) Settlement(ctx context.Context, by people.ID, id string) (SettlementDetail, error) {
	var out SettlementDetail
	err := s.viewSettled(ctx, by, func(c *scene, all Settlements) error {
		i := slices.IndexFunc(all, func(x Settlement) bool { return x.ID == id })
		if i < 0 {
			return errNoSettlement
		}
		lines, err := c.LinesOfSettlement(id)
		if err != nil {
			return err
		}
		out = SettlementDetail{SettlementEntry: c.entries(all)[i]}
		out.Lines, err = c.settlementLines(lines, all)
		return err
	})
	return out, err
}

// PreviewSettlement returns what settling a time would tell, of everybody; it writes nothing. Those who see
// reports may ask. It reports Invalid for a range that cannot be.
func (s *Service) PreviewSettlement(ctx context.Context, by people.ID, period calendar.Range) (SettlementPreview, error) {
	if err := reportable(period); err != nil {
		return SettlementPreview{}, err
	}
	var out SettlementPreview
	err := s.viewSettled(ctx, by, func(c *scene, all Settlements) error {
		out = SettlementPreview{Period: period}
		for _, x := range c.entries(all) {
			if !x.Undone() && x.Period.Overlaps(period) {
				out.Settled = append(out.Settled, x)
			}
		}
		lines, err := c.toSettle(&Settlement{Period: period}, all)
		if err != nil {
			return err
		}
		if len(out.Settled) > 0 {
			lines = slices.DeleteFunc(lines, func(l SettledLine) bool { return !l.Corrects() })
		}
		out.May = c.viewer.Has(people.SettleLeave) && all.MaySettle(period, c.today) == nil
		out.Mark = settleMark(lines)
		out.Lines, err = c.settlementLines(lines, all)
		for i := range out.Lines {
			x := &out.Lines[i]
			if !x.Corrects() || err != nil {
				continue
			}
			if x.Why = x.because(); !c.viewer.MayKnowSick(x.Person.ID, c.org.Settings) {
				x.Discreet()
			}
		}
		return err
	})
	return out, err
}

// Unsettled is what changed in times that payroll has settled.
type Unsettled struct {
	Changes int            // which the next settlement corrects
	Last    calendar.Range // the time of the last settlement that stands
}

// Unsettled returns what changed in times that are settled. To those who do not settle it tells nothing, and reads nothing.
func (s *Service) Unsettled(ctx context.Context, by people.ID) (Unsettled, error) {
	var out Unsettled
	err := s.view(ctx, by, func(c *scene) error {
		if !c.viewer.Has(people.SettleLeave) {
			return nil
		}
		all, err := c.Settlements()
		if err != nil || all.Last() < 0 {
			return err
		}
		out.Last = all[all.Last()].Period
		lines, err := c.toSettle(&Settlement{Period: out.Last}, all)
		for i := range lines {
			if lines[i].Corrects() {
				out.Changes++
			}
		}
		return err
	})
	return out, err
}

// SettleLeave settles a time: what is told of it, and of the times settled before, stays on record. mark is that of the
// preview. It reports Forbidden for those who may not settle, Invalid for a range that cannot be, and Conflict
// where some of it is settled, where it has not begun, and where the figures are others by now.
func (s *Service) SettleLeave(ctx context.Context, by people.ID, period calendar.Range, mark string) (Settlement, error) {
	if err := reportable(period); err != nil {
		return Settlement{}, err
	}
	out := Settlement{Period: period, By: by}
	err := s.settling(ctx, by, func(c *scene, all Settlements) error {
		if err := all.MaySettle(period, c.today); err != nil {
			return err
		}
		out.ID, out.At = id.New(s.Now()), s.at()
		lines, err := c.toSettle(&out, all)
		if err != nil {
			return err
		}
		if settleMark(lines) != mark {
			return errs.New(errs.Conflict, "leave.error.settlement_changed")
		}
		return c.InsertSettlement(out, lines)
	})
	if err != nil {
		return Settlement{}, fmt.Errorf("settle %s: %w", period, err)
	}
	return out, nil
}

// UndoSettlement takes the last settlement back: what it told counts as not told, and it stays on record.
// It reports Forbidden for those who may not settle, NotFound where there is none, Invalid without a reason, and
// Conflict where it was taken back before or a later one stands.
func (s *Service) UndoSettlement(ctx context.Context, by people.ID, settlement, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return errs.New(errs.Invalid, "leave.error.reason_missing").At("reason")
	case len([]rune(reason)) > MaxNote:
		return errs.New(errs.Invalid, "leave.error.note_too_long", "count", MaxNote).At("reason")
	}
	err := s.settling(ctx, by, func(c *scene, all Settlements) error {
		i, err := all.MayUndo(settlement)
		if err != nil {
			return err
		}
		x := all[i]
		x.UndoneBy, x.UndoneAt, x.UndoReason = by, s.at(), reason
		return c.UpdateSettlement(x)
	})
	if err != nil {
		return fmt.Errorf("undo settlement %s: %w", settlement, err)
	}
	return nil
}

// viewSettled runs f with all settlements, in the name of somebody who sees reports.
func (s *Service) viewSettled(ctx context.Context, by people.ID, f func(*scene, Settlements) error) error {
	return s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		all, err := c.Settlements()
		if err != nil {
			return err
		}
		return f(c, all)
	})
}

// settling runs f with all settlements, in the name of somebody who settles. Nobody else settles
// meanwhile, and nobody's leave changes.
func (s *Service) settling(ctx context.Context, by people.ID, f func(*scene, Settlements) error) error {
	return s.update(ctx, by, func(c *scene) error {
		if err := c.lockEverybody(people.SettleLeave); err != nil {
			return err
		}
		all, err := c.Settlements()
		if err != nil {
			return err
		}
		return f(c, all)
	})
}

// toSettle works out what a settlement tells after all that stand, see Rulebook.Settle.
func (c *scene) toSettle(s *Settlement, all Settlements) ([]SettledLine, error) {
	told, err := c.SettledLines()
	if err != nil {
		return nil, err
	}
	requests, err := c.AllCounting()
	if err != nil {
		return nil, err
	}
	sickness, err := c.AllSickness()
	if err != nil {
		return nil, err
	}
	var everybody []*Facts
	for _, who := range c.org.Order {
		everybody = append(everybody, &Facts{Record: *c.org.Records[who], Today: c.todayOf(who), Requests: requests[who], Sickness: sickness[who]})
	}
	return c.book.Settle(everybody, s, all, told), nil
}

func (c *scene) entries(all Settlements) []SettlementEntry {
	out := make([]SettlementEntry, len(all))
	for i, x := range all {
		out[i] = SettlementEntry{Settlement: x, By: c.org.Person(x.By), MayUndo: i == all.Last() && c.viewer.Has(people.SettleLeave)}
		if x.Undone() {
			out[i].UndoneBy = c.org.Person(x.UndoneBy)
		}
	}
	return out
}

// settlementLines reads what lines are about. A request is read where its line corrects, since that is
// where somebody asks what became of it.
func (c *scene) settlementLines(lines []SettledLine, all Settlements) ([]SettlementLine, error) {
	times := map[string]Settlement{}
	for _, x := range all {
		times[x.ID] = x
	}
	out := make([]SettlementLine, len(lines))
	for i, l := range lines {
		x := SettlementLine{SettledLine: l, Of: times[l.About], Person: c.org.Person(l.Person), Request: Request{ID: l.Request}}
		x.Type, _ = c.book.Type(l.Type)
		if l.Corrects() {
			var err error
			if x.Request, err = c.Request(l.Request); err != nil {
				return nil, err
			}
		}
		out[i] = x
	}
	return out, nil
}
