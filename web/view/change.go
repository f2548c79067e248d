// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"maps"
	"net/http"
	"slices"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// The fields of a forecast, beside those of the form that asked for it.
const (
	fieldStep   = "change"        // stepSave or stepBack
	fieldMark   = "change_mark"   // of the forecast
	fieldReason = "change_reason" // why the change is made
	fieldTell   = "change_tell"   // those whose leave changes are told
	stepSave    = "save"
	stepBack    = "back"
)

// Asker is where a change was asked for, and where it leads.
type Asker struct {
	Done  func(saved string) error // answers once the change is made
	Again func() error             // shows the form, with what was typed and what is wrong; nil: there is none
	// Prefix stands before the names of the form's fields. A reason that the form asks
	// for is that of the change.
	Prefix string
	Back   string // address of the page with the form, where Again cannot show it as it was
}

// Change makes a change that a form asks for. One that concerns somebody's leave is shown
// first, with all that was typed kept in the page: there one gives a reason and saves, or
// goes back to the form.
func Change(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, ch leave.Change, from Asker) error {
	step := f.Text(fieldStep)
	switch {
	case step == stepBack && from.Back != "":
		return page.SeeOther(w, r, from.Back)
	case step == stepBack || !f.Fine():
		return from.Again()
	}
	ok := leave.Consent{Reason: cmp.Or(f.Text(fieldReason), from.reason(f)), Mark: f.Text(fieldMark), Tell: f.Text(fieldTell) != ""}
	found, err := t.Leave.Apply(r.Context(), page.VisitOf(r).Person, ch, ok)
	switch {
	case err == nil:
		return from.Done(found.Saved)
	case found.Concerns():
		if step == stepSave && !f.Refuse(atReason(err)) {
			return err
		}
		return renderForecast(w, r, t, f, &found, ok.Reason)
	case from.Again == nil:
		return err
	case from.Prefix != "":
		err = errs.As(err).At(from.Prefix + errs.As(err).Field)
	}
	if !f.Mend(err) {
		return err
	}
	return from.Again()
}

// reason returns the reason that the form itself asks for.
func (from *Asker) reason(f *page.Form) string {
	if from.Prefix == "" || f.Values.Has(fieldReason) {
		return ""
	}
	return f.Text(from.Prefix + "reason")
}

// atReason puts what is wrong with a reason at its field in a forecast, and all else at
// none.
func atReason(err error) error {
	e := errs.As(err)
	if e.Field == "reason" {
		return e.At(fieldReason)
	}
	return e.At("")
}

// forecastPage shows what a change would do, and asks why it is made.
type forecastPage struct {
	Frame   template.Page
	Form    *page.Form
	Action  string
	Typed   []template.Fact // the fields of the form that asked
	Mark    string
	Reason  string
	Tell    bool
	Effects Effects
}

func renderForecast(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, found *leave.Forecast, reason string) error {
	v := page.VisitOf(r)
	p := forecastPage{Form: f, Action: r.URL.Path, Mark: found.Mark(), Reason: reason, Tell: f.Text(fieldTell) != "" || f.Text(fieldStep) == ""}
	for _, name := range slices.Sorted(maps.Keys(f.Values)) {
		if slices.Contains([]string{fieldStep, fieldMark, fieldReason, fieldTell}, name) {
			continue
		}
		for _, value := range f.Values[name] {
			p.Typed = append(p.Typed, template.Fact{Name: name, Text: value})
		}
	}
	var err error
	entry := leave.ChangeEntry{Sums: found.Sums, Effects: found.Effects, People: found.People, Others: found.Others}
	if p.Effects, err = EffectsOf(r, t, &entry, found.Made...); err != nil {
		return err
	}
	if p.Effects.Stops, err = stopsOf(r, t, found.Stops); err != nil {
		return err
	}
	p.Frame = page.ManageFrame(w, r, explain.Change(v.Lang, found.Words), "/manage")
	return page.Render(w, r, f.Status(), forecastView(p))
}

// Effects are what a change does, in words.
type Effects struct {
	Concerns string // whom, and how many it does not concern
	Sums     []EffectSum
	Stops    []string    // what is no longer possible, and for whom
	Rows     []EffectRow // the greatest first
	More     []EffectRow // all others, folded
	Columns  []template.Column
}

// EffectSum is what a change does to one leave type.
type EffectSum struct {
	Type  leave.Type
	Texts []string
}

// EffectRow is what a change does to one leave type of one person.
type EffectRow struct {
	Person, Path string
	Type         leave.Type
	Shifts       []ShiftText // today, and at the ends of this leave year and the next
	Leave        []string    // that is corrected
}

// ShiftText is what is left on a day.
type ShiftText struct {
	Name          string // of the column
	On            string
	Before, After string
	Gain          string // empty: nothing changes
	Less, Short   bool   // less is left; less than nothing is
}

// shownEffects is how many effects are shown at once.
const shownEffects = 25

// EffectsOf puts what a change does into words; made are the leave types that it would make.
func EffectsOf(r *http.Request, t *tenant.Tenant, e *leave.ChangeEntry, made ...leave.Type) (Effects, error) {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return Effects{}, err
	}
	rules, err := t.Leave.Rules(r.Context())
	if err != nil {
		return Effects{}, err
	}
	book := &leave.Rulebook{Types: slices.Concat(rules.Types, made)}
	l := page.VisitOf(r).Lang
	key := "web.forecast.concerns"
	if e.ID != "" { // it is made
		key = "web.forecast.concerned"
	}
	out := Effects{Concerns: l.T(key, "people", l.T("unit.people", "count", e.People), "count", e.Others)}
	for _, s := range e.Sums {
		out.Sums = append(out.Sums, sumOf(l, book, s))
	}
	if len(e.Effects) == 0 {
		return out, nil
	}
	for i := range e.Effects {
		out.Rows = append(out.Rows, effectRow(l, org, book, &e.Effects[i]))
	}
	if len(out.Rows) > shownEffects+5 {
		out.Rows, out.More = out.Rows[:shownEffects], out.Rows[shownEffects:]
	}
	out.Columns = []template.Column{{Text: l.T("web.col.person")}, {Text: l.T("web.col.type")}}
	for i, key := range shiftKeys {
		text := l.T(key)
		if day := sameDay(out.Rows, i); day != "" {
			text += ", " + day
		}
		out.Columns = append(out.Columns, template.Column{Text: text, Number: true})
	}
	if slices.ContainsFunc(e.Effects, func(x leave.Effect) bool { return len(x.Requests) > 0 }) {
		out.Columns = append(out.Columns, template.Column{Text: l.T("web.forecast.leave")})
	}
	return out, nil
}

// sameDay returns the day of a column where it is the same in every row.
func sameDay(rows []EffectRow, column int) string {
	day := rows[0].Shifts[column].On
	if slices.ContainsFunc(rows, func(x EffectRow) bool { return x.Shifts[column].On != day }) {
		return ""
	}
	return day
}

// shiftKeys name the days on which what is left is looked at.
var shiftKeys = [...]string{"web.forecast.now", "web.forecast.end", "web.forecast.next"}

func sumOf(l *lang.Locale, book *leave.Rulebook, s leave.ChangeSum) EffectSum {
	out := EffectSum{}
	out.Type, _ = book.Type(s.Type)
	add := func(key string, amount exact.Rat, count int) {
		if count > 0 {
			_, unit := NumberAndUnit(l, amount, s.Unit)
			out.Texts = append(out.Texts, l.T(key, "amount", signed(l, amount, s.Unit)+" "+unit, "count", count))
		}
	}
	add("web.forecast.gain", s.Gained, s.Gainers)
	add("web.forecast.lose", s.Lost.Neg(), s.Losers)
	add("web.forecast.corrected", exact.Rat{}, s.Requests)
	return out
}

func effectRow(l *lang.Locale, org *people.Organisation, book *leave.Rulebook, e *leave.Effect) EffectRow {
	row := EffectRow{Person: org.Person(e.Person).Name(), Path: "/people/" + string(e.Person) + "/balance"}
	row.Type, _ = book.Type(e.Type)
	for i, s := range []leave.Shift{e.Now, e.End, e.Next} {
		x := ShiftText{Name: l.T(shiftKeys[i])}
		if !s.At.IsZero() { // a type without a balance
			x.On, x.Before, x.After = l.Date(s.At), Exact(l, s.Before, e.Unit), Exact(l, s.After, e.Unit)
			x.Less, x.Short = s.Gain().Sign() < 0, s.After.Sign() < 0
		}
		if gain := s.Gain(); !gain.IsZero() {
			x.Gain = signed(l, gain, e.Unit)
		}
		row.Shifts = append(row.Shifts, x)
	}
	for _, q := range e.Requests {
		row.Leave = append(row.Leave, l.T("web.forecast.counts", "dates", l.Range(q.From, q.To),
			"before", Exact(l, q.Before, e.Unit), "after", explain.Plain(l, q.After, e.Unit)))
	}
	return row
}

// signed is Exact with a sign where it adds, too.
func signed(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	if v.Sign() < 0 {
		return Exact(l, v, u)
	}
	return "+" + Exact(l, v, u)
}
