// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"slices"
	"strings"

	"verlof/leave"
)

// type NAME [in days|hours] [counts calendar days|six days|days between] [without balance] [gives back ... [in part too]]
func (w *world) sayType(a *args) error {
	t, err := typeOf(a)
	if err != nil {
		return err
	}
	return w.offer(t)
}

// offer adds a type of leave, in place of one that has its name, where the rules let it be.
func (w *world) offer(t leave.Type) error {
	if err := t.Check(); err != nil {
		return impossible(t.ID, err)
	}
	if err := w.once(later("type "+t.ID+" ..."), "type", t.ID); err != nil {
		return err
	}
	if _, known := w.book.Type(t.ID); known {
		if err := w.book.CheckUsedType(&t, w.uses); err != nil {
			return impossible(t.ID, err)
		}
	}
	w.book.Types = slices.DeleteFunc(w.book.Types, func(o leave.Type) bool { return o.ID == t.ID })
	w.book.Types = append(w.book.Types, t)
	return nil
}

// uses reports whether anything of anybody's is of a type of leave.
func (w *world) uses(id string) (bool, error) {
	for _, f := range w.persons {
		if slices.ContainsFunc(f.Requests, func(r leave.Request) bool { return r.Type == id }) ||
			slices.ContainsFunc(f.Adjustments, func(x leave.Adjustment) bool { return x.Type == id }) ||
			slices.ContainsFunc(f.Fixed, func(x leave.FixedEntitlement) bool { return x.Type == id }) ||
			slices.ContainsFunc(f.Claims, func(x leave.Claim) bool { return x.Type == id }) {
			return true, nil
		}
	}
	return false, nil
}

// ParseType reads a type of leave as it stands in a line "type". Its name is its ID
// too. It reports an *Error of line 1 where the text is at fault.
func ParseType(text string) (leave.Type, error) {
	words, err := split(text)
	var t leave.Type
	if err == nil {
		t, err = typeOf(&args{words: words})
	}
	return t, mistake(1, err)
}

// typeOf reads what ParseType does.
func typeOf(a *args) (leave.Type, error) {
	name, err := a.next("the name of a type of leave")
	if err != nil {
		return leave.Type{}, err
	}
	if err := mayBeCalled(name); err != nil {
		return leave.Type{}, err
	}
	t := leave.Type{ID: name, Name: name, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true}
	said := &args{said: map[string]bool{}}
	for len(a.words) > 0 {
		rest := a.rest()
		i := slices.IndexFunc(typeClauses, func(c typeClause) bool { return rest == c.words || strings.HasPrefix(rest, c.words+" ") })
		if i < 0 {
			return t, noTypeClause(rest)
		}
		if err := said.once(typeClauses[i].about()); err != nil {
			return t, err
		}
		typeClauses[i].set(&t)
		a.words = strings.Fields(rest[len(typeClauses[i].words):])
	}
	switch {
	case t.SubstituteAgrees && t.Substitute == leave.NoSubstitute:
		return t, wrong("substitute agrees", "goes with \"may name a substitute\" or \"must name a substitute\"")
	case t.PartlyBack && t.GiveBack == leave.Type{}.GiveBack:
		return t, wrong("in part too", "goes with \"gives back when certified\", \"unless agreed\" or \"always\"")
	}
	return t, nil
}

// noTypeClause refuses what is no clause of a type.
func noTypeClause(rest string) error {
	words := strings.Fields(rest)
	return wrong(words[0], "is nothing that is said of a type; %s", meant(rest, clauseList(), "expected: "+strings.Join(clauseList(), ", ")))
}

// mayBeCalled refuses what cannot be the name of a person or a type, since a line would read it otherwise.
func mayBeCalled(name string) error {
	if name == "" || isDigit(name) || strings.ContainsAny(name, ",:") {
		return wrong(name, "cannot be a name; one begins with a letter and has neither a comma nor a colon in it")
	}
	return nil
}

// typeClause is what may be said of a type of leave.
type typeClause struct {
	words string
	set   func(*leave.Type)
}

// about is what a clause is about; two that are about the same stand against each other.
func (c typeClause) about() string {
	switch {
	case c.words == "in days" || c.words == "in hours":
		return "in"
	case strings.HasSuffix(c.words, "name a substitute"):
		return "name a substitute"
	case strings.HasPrefix(c.words, "counts"), strings.HasPrefix(c.words, "gives back"):
		first, _, _ := strings.Cut(c.words, " ")
		return first
	}
	return c.words
}

// typeClauses are all of them; one that begins like another comes before it.
var typeClauses = []typeClause{
	{"in days", func(t *leave.Type) { t.Unit = leave.Days }},
	{"in hours", func(t *leave.Type) { t.Unit = leave.Hours }},
	{"counts calendar days", func(t *leave.Type) { t.Counting = leave.CalendarDays }},
	{"counts six days", func(t *leave.Type) { t.Counting = leave.SixDays }},
	{"counts days between", func(t *leave.Type) { t.Counting = leave.Sandwich }},
	{"without balance", func(t *leave.Type) { t.Entitled = false }},
	{"gives back when certified", func(t *leave.Type) { t.GiveBack = leave.BackCertified }},
	{"gives back unless agreed", func(t *leave.Type) { t.GiveBack = leave.BackUnlessAgreed }},
	{"gives back always", func(t *leave.Type) { t.GiveBack = leave.BackAlways }},
	{"stands after two weeks", func(t *leave.Type) { t.AnswerDays = 14 }},
	{"may name a substitute", func(t *leave.Type) { t.Substitute = leave.MaySubstitute }},
	{"must name a substitute", func(t *leave.Type) { t.Substitute = leave.MustSubstitute }},
	{"substitute agrees", func(t *leave.Type) { t.SubstituteAgrees = true }},
	{"less needs nobody", func(t *leave.Type) { t.FreeReturn = true }},
	{"not paid at the end", func(t *leave.Type) { t.EndsUnpaid = true }},
	{"in part too", func(t *leave.Type) { t.PartlyBack = true }},
}

func clauseList() []string {
	var all []string
	for _, c := range typeClauses {
		all = append(all, c.words)
	}
	return all
}
