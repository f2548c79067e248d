// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"maps"
	"slices"
	"strings"

	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
)

// changeable are the lines that say what may be changed later on.
var changeable = []string{"feast", "holiday", "moves", "no", "person", "policy", "region", "rejoins", "type", "works"}

// changes DATE LINE: what the line says was changed on that day. Leave that is approved
// keeps what was written down for it, and is corrected where it would count otherwise.
func (w *world) sayChanges(a *args) error {
	on, err := a.date()
	if err != nil {
		return err
	}
	word, err := a.next("what was changed, such as a line that begins with holiday")
	if err != nil {
		return err
	}
	if !slices.Contains(changeable, word) {
		return wrong(word, "cannot be changed; what can is told by a line that begins with %s", strings.Join(changeable, ", "))
	}
	was, before := w.snapshot()
	w.changing = true
	defer func() { w.changing = false }()
	if word == "no" {
		err = w.sayNo(a)
	} else {
		err = facts[word](w, a)
	}
	if err != nil {
		return err
	}
	for name, f := range w.persons {
		for _, r := range w.book.Recount(f, was, before[name], on) {
			i := slices.IndexFunc(f.Requests, func(o leave.Request) bool { return o.ID == r.ID })
			f.Requests[i] = r
		}
	}
	return nil
}

// snapshot returns the rules and everybody's facts as they are, for looking back at them.
func (w *world) snapshot() (*leave.Rulebook, map[string]*leave.Facts) {
	book := w.book
	book.Types, book.Policies = slices.Clone(book.Types), slices.Clone(book.Policies)
	book.Patterns, book.Holidays = maps.Clone(book.Patterns), maps.Clone(book.Holidays)
	persons := map[string]*leave.Facts{}
	for name, f := range w.persons {
		c := *f
		c.Employments, c.Contracts = slices.Clone(f.Employments), slices.Clone(f.Contracts)
		persons[name] = &c
	}
	return &book, persons
}

// no holiday DATE, no feast KEY, no works NAME from DATE: what an earlier line said does
// not hold any more.
func (w *world) sayNo(a *args) error {
	word, err := a.next("holiday, feast or works")
	if err != nil {
		return err
	}
	switch word {
	case "holiday", "feast":
		return w.noDay(a, word == "feast")
	case "works":
		return w.noContract(a)
	}
	return wrong(word, "expected: holiday, feast or works")
}

func (w *world) noDay(a *args, feast bool) error {
	key, err := a.next("the date of the holiday, or the name of the feast")
	if err != nil {
		return err
	}
	n := len(w.own)
	w.own = slices.DeleteFunc(slices.Clone(w.own), func(d people.OwnDay) bool { return d.ID == key && (d.Feast != "") == feast })
	if len(w.own) == n {
		return wrong(key, "no line above says so")
	}
	w.setHolidays()
	w.forget(map[bool]string{true: "feast", false: "holiday"}[feast], key)
	return a.done()
}

func (w *world) noContract(a *args) error {
	f, d, err := w.aboutSince(a)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(f.Contracts, func(c people.Contract) bool { return c.From == d })
	if i < 0 || len(f.Contracts) == 1 {
		return wrong(d.String(), "no line \"works\" says so")
	}
	f.Contracts = slices.Delete(f.Contracts, i, i+1)
	w.forget("works", f.Person.GivenName, d.String())
	return a.done()
}

// corrected NAME [TYPE] DATE: how much later changes gave back of approved leave up to that
// day, or took, and why.
func (w *world) askCorrected(a *args) (string, error) {
	return w.sumOf(a, leave.LineCorrection)
}

// back NAME [TYPE] DATE: how much leave sickness gave back up to that day, and why.
func (w *world) askBack(a *args) (string, error) {
	return w.sumOf(a, leave.LineGivenBack)
}

// sumOf answers with what the lines of a kind come to, and why.
func (w *world) sumOf(a *args, kind leave.LineKind) (string, error) {
	s, err := w.statement(a)
	if err != nil {
		return "", err
	}
	var sum exact.Rat
	var why []string
	for _, l := range s.Lines {
		if l.Kind != kind {
			continue
		}
		sum = sum.Add(l.Amount)
		reasons := l.Why
		if l.Request != "" {
			reasons = reasons[:1] // the day of the change is not asked for
		}
		for _, r := range reasons {
			why = append(why, sentence(r))
		}
	}
	return row(explain.Plain(english(), sum, s.Unit), strings.Join(why, "; ")), nil
}
