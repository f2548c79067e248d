// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/people"
)

// mostLeft is how much may be left, in days or hours: more is a slip.
const mostLeft = 10_000

// aheadLeft is how many days ahead of today a balance may be of.
const aheadLeft = 366

// balances judges a list of what people have left. A line is made true by a line that is written
// into the balance, of its day: afterwards so much is left at the end of that day. A line that says
// until when it is to be taken is about the leave that ends on that day alone, and one beside it
// that does not, about the rest.
func (d *draft) balances() error {
	if err := d.readBooked(); err != nil {
		return err
	}
	read, fraction := make([]*holding, len(d.sheet.Rows)), d.fractionSign(Remaining)
	for i := range d.sheet.Rows {
		read[i] = &holding{reading: d.read(&d.sheet.Rows[i], TheBalance), fraction: fraction}
		read[i].understand()
	}
	told, apart := map[held]*holding{}, map[held][]calendar.Date{}
	for _, h := range order.Sorted(read, before) {
		if b := h.line.Balance; !b.Until.IsZero() && !h.refused() && !slices.Contains(apart[h.held(0)], b.Until) {
			apart[h.held(0)] = append(apart[h.held(0)], b.Until)
		}
		h.judge(told, apart)
	}
	for _, h := range read {
		d.lines = append(d.lines, h.line)
	}
	return nil
}

// before orders lines by their days; those of leave that ends on a day come before the rest.
func before(a, b *holding) int {
	x, y := a.line.Balance, b.line.Balance
	if x.Until.IsZero() != y.Until.IsZero() && x.At == y.At {
		return cmp.Compare(y.Until, x.Until)
	}
	return cmp.Compare(x.At, y.At)
}

// held is what one line may say, and no other one otherwise.
type held struct {
	person    people.ID
	kind      string
	at, until calendar.Date
}

// held is what the line says something of, and ends on a day.
func (h *holding) held(until calendar.Date) held {
	if h.m == nil {
		return held{}
	}
	return held{h.m.Person.ID, h.kind.ID, h.line.Balance.At, until}
}

// holding is a line of a list of balances while it is judged.
type holding struct {
	reading
	m        *member
	kind     leave.Type
	amount   exact.Rat       // in the unit of the type
	fraction byte            // the sign before the fractions of the column; zero: nothing tells it
	apart    []calendar.Date // on which leave ends that other lines are about
}

// understand reads the line, whatever other lines say.
func (h *holding) understand() {
	number, email := h.text(Number), h.email()
	given, family := h.names()
	h.line.Title, h.line.Key = tidy(given+" "+family), cmp.Or(number, email)
	switch h.m = h.match(number, email); {
	case h.refused():
	case number == "" && email == "":
		h.refuse(h.keyField(), "intake.why.no_key")
	case h.m == nil:
		h.refuse(h.keyField(), "intake.why.nobody")
	default:
		if h.line.Title != "" && same(h.line.Title) != same(h.m.Person.Name()) {
			h.note(h.nameField(), "intake.note.other_name", "name", h.m.Person.Name())
		}
		h.line.Person, h.line.Title = h.m.Person.ID, h.m.Person.Name()
	}
	h.readType()
	h.readDay()
	if h.kind.ID != "" {
		h.readAmount()
	}
}

// readType reads the type of leave: one that is there, and of which people have a balance.
func (h *holding) readType() {
	word := h.text(Type)
	h.line.Balance.Type = word
	k := h.draft.meaning[same(word)]
	if k == nil {
		k = h.draft.types[same(word)]
	}
	if k == nil {
		k = h.draft.meant(word, h.row.Line)
	}
	switch {
	case word == "":
		h.refuse(Type, "intake.why.no_type")
	case k == nil || !k.exists || !k.Entitled:
		h.line.Balance.Unknown = true
		h.refuse(Type, "intake.why.no_balance", "word", word)
	default:
		h.kind, h.line.Balance.Type = k.Type, k.Name
	}
}

func (h *holding) readDay() {
	at := h.date(At, false)
	if at.IsZero() {
		at = h.draft.options.ChangesFrom
	}
	if at > h.draft.today.AddDays(aheadLeft) {
		h.refuse(At, "intake.why.balance_ahead")
	}
	h.line.Balance.At, h.line.Balance.Until = at, h.date(Until, false)
	if until := h.line.Balance.Until; !until.IsZero() && until < at {
		h.refuse(Until, "intake.why.balance_over", "date", at)
	}
}

// readAmount reads what is left: "12,5", "-1", "12.5 days"; of hours "97:30" too.
func (h *holding) readAmount() {
	text := h.text(Remaining)
	number, negative := strings.CutPrefix(strings.ReplaceAll(text, "−", "-"), "-")
	number = strings.TrimSpace(number)
	switch sign := grouped(withoutUnit(number)); {
	case sign == 0 || h.fraction == sign:
	case h.fraction == 0:
		h.refuse(Remaining, "intake.why.thousands", "word", text, "whole", strings.ReplaceAll(text, string(sign), ""))
		return
	default:
		number = strings.ReplaceAll(number, string(sign), "")
	}
	var left exact.Rat
	var ok bool
	if h.kind.Unit == leave.Hours {
		left, ok = minutesOf(number)
		left = left.HalfUp()
		ok = ok && left.Cmp(exact.Int(mostLeft*60)) <= 0
	} else {
		left, ok = amount(withoutUnit(number))
		ok = ok && left.Cmp(exact.Int(mostLeft)) <= 0
	}
	switch {
	case h.refused():
	case text == "":
		h.refuse(Remaining, "intake.why.no_amount")
	case !ok:
		h.refuse(Remaining, "intake.why.amount."+string(h.kind.Unit), "word", text)
	case negative:
		left = left.Neg()
	}
	h.amount = left
}

// judge decides what becomes of the line, with the lines of earlier days written.
func (h *holding) judge(told map[held]*holding, apart map[held][]calendar.Date) {
	if h.refused() {
		h.line.Act = Refuse
		return
	}
	at, until := h.line.Balance.At, h.line.Balance.Until
	what := h.held(until)
	h.apart = apart[h.held(0)]
	if o := told[what]; o != nil {
		h.repeats(o)
		return
	}
	told[what] = h
	if !h.m.EmployedOn(at) {
		h.line.Act = Refuse
		h.refuse(At, "intake.why.not_employed_on", "date", at)
		return
	}
	left := h.left()
	if left.Equal(h.amount) {
		h.line.Act = Same
		return
	}
	h.line.Changes = []Difference{{Remaining, Amount{left, h.kind.Unit}, Amount{h.amount, h.kind.Unit}}}
	shown := Value(h.draft.words, Amount{h.amount, h.kind.Unit})
	h.m.facts.Adjustments = append(slices.Clip(h.m.facts.Adjustments), leave.Adjustment{ID: id.New(h.draft.now), Person: h.m.Person.ID, Type: h.kind.ID,
		Date: at, Until: until, Amount: h.amount.Sub(left), Reason: h.draft.words.T("intake.reason.balance", "amount", shown), By: h.draft.by, At: h.draft.now.UnixMicro()})
	if n := len(h.m.facts.Adjustments) - 1; h.left().Equal(h.amount) {
		h.line.Act = Change
		h.draft.work.adjustments = append(h.draft.work.adjustments, h.m.facts.Adjustments[n])
	} else {
		h.m.facts.Adjustments = h.m.facts.Adjustments[:n]
		h.line.Act, h.line.Changes = Refuse, nil
		h.refuse(At, "intake.why.balance_kept", "type", h.kind.Name, "date", at)
	}
}

// repeats judges a line about what another one says already.
func (h *holding) repeats(o *holding) {
	if o.amount.Equal(h.amount) {
		h.line.Act = Same
		h.note(h.keyField(), "intake.note.repeats", "line", o.row.Line)
		return
	}
	h.line.Act = Refuse
	h.refuse(Remaining, "intake.why.twice", "line", o.row.Line)
}

// left returns what the person has left at the end of the day of the line, of what it is about.
func (h *holding) left() exact.Rat {
	s := h.draft.book.Statement(h.m.facts, h.kind, h.line.Balance.At)
	if until := h.line.Balance.Until; !until.IsZero() {
		return ending(&s, until)
	}
	left := s.Balance
	for _, until := range h.apart {
		left = left.Sub(ending(&s, until))
	}
	return left
}

// ending returns what is left of a balance that is to be taken until a day.
func ending(s *leave.Statement, until calendar.Date) exact.Rat {
	var sum exact.Rat
	for _, b := range s.Buckets {
		if b.Until == until {
			sum = sum.Add(b.Left)
		}
	}
	return sum
}
