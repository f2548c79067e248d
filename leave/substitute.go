// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"slices"

	"verlof/errs"
	"verlof/people"
)

// Substitution is whether leave of a type names a substitute: somebody who does the
// work of the one who is away. A stand-in, who decides in their place, is another
// thing.
type Substitution string

// The substitutions.
const (
	NoSubstitute   Substitution = ""     // nobody is named
	MaySubstitute  Substitution = "may"  // somebody may be
	MustSubstitute Substitution = "must" // somebody has to be
)

// Substitutions lists them in the order in which pages offer them.
var Substitutions = []Substitution{NoSubstitute, MaySubstitute, MustSubstitute}

// Answer is what a substitute says to doing the work.
type Answer string

// The answers.
const (
	Unanswered Answer = ""
	Agreed     Answer = "agreed"
	Declined   Answer = "declined"
)

// Substitute is somebody who was named to do the work of a person on leave, and what
// they said. The names of the fields are those in the database.
type Substitute struct {
	Person     people.ID `json:"person,omitempty"` // empty: from then on nobody
	By         people.ID `json:"by"`
	At         int64     `json:"at"` // microseconds since 1970, UTC
	Answer     Answer    `json:"answer,omitempty"`
	Note       string    `json:"note,omitempty"` // what the substitute wrote
	AnsweredAt int64     `json:"answered_at,omitempty"`
}

// Substitute returns who was named last; zero where nobody was.
func (r *Request) Substitute() Substitute {
	if n := len(r.Substitutes); n > 0 {
		return r.Substitutes[n-1]
	}
	return Substitute{}
}

// Covered returns who does the work meanwhile, as far as is known: whoever was named
// last and has not declined. It is empty where nobody does.
func (r *Request) Covered() people.ID {
	if s := r.Substitute(); s.Answer != Declined {
		return s.Person
	}
	return ""
}

// holds reports whether nobody may approve a request of the type yet: the substitute
// has still to agree, where the type demands it, or has declined, and the person has
// not said what is to be done. Leave for which nobody was named was asked for before
// the type wanted it.
func (t *Type) holds(r *Request) bool {
	s := r.Substitute()
	switch {
	case r.State != Pending || s.Person == "":
		return false
	case t.SubstituteAgrees:
		return s.Answer != Agreed
	}
	return t.Substitute == MustSubstitute && s.Answer == Declined
}

// held reports whether nobody may approve a request yet, for want of a substitute.
func (b *Rulebook) held(r *Request) bool {
	t, ok := b.Type(r.Type)
	return ok && t.holds(r)
}

// ready returns the instant from which those who decide could: that of the request,
// or where a substitute had to agree first that of the answer.
func (b *Rulebook) ready(r *Request) int64 {
	if t, ok := b.Type(r.Type); ok && t.SubstituteAgrees {
		return max(r.AskedAt, r.Substitute().AnsweredAt)
	}
	return r.AskedAt
}

// substitutes reports whether any leave type knows substitutes.
func (b *Rulebook) substitutes() bool {
	return slices.ContainsFunc(b.Types, func(t Type) bool { return t.Substitute != NoSubstitute })
}

// candidates returns those whom the viewer may name as the substitute of a person, by
// name: whom they may see away, and those who lead the person; the administrators
// where that is nobody.
func (c *scene) candidates(person people.ID) []people.ID {
	leaders := c.org.Leaders(person)
	out := fewer(c.org.Order, func(id people.ID) bool {
		return id == person || !c.org.Person(id).Active || !c.viewer.MaySeeAbsence(id) && !slices.Contains(leaders, id)
	})
	if len(out) == 0 {
		out = fewer(c.org.Administrators(), func(id people.ID) bool { return id == person })
	}
	return out
}

// checkSubstitute refuses somebody as the substitute of a person who is away in a
// span, by what the type says. The field is substitute.
func (c *scene) checkSubstitute(t *Type, person people.ID, in Span, substitute people.ID) error {
	switch {
	case substitute == "" && t.Substitute == MustSubstitute:
		return refusal(errs.Invalid, "substitute", "leave.error.substitute_missing")
	case substitute == "":
		return nil
	case t.Substitute == NoSubstitute:
		return refusal(errs.Invalid, "substitute", "leave.error.no_substitute")
	case substitute == person:
		return refusal(errs.Invalid, "substitute", "leave.error.own_substitute")
	case !slices.Contains(c.candidates(person), substitute):
		return refusal(errs.Invalid, "substitute", "people.error.no_person")
	case c.gone(substitute, in):
		return refusal(errs.Conflict, "substitute", "leave.error.substitute_gone")
	}
	return nil
}

// gone reports whether somebody does not work for the customer, any more or yet, on the
// first or the last day of a span.
func (c *scene) gone(id people.ID, in Span) bool {
	r := c.org.Records[id]
	return r == nil || !r.Person.Active || !r.EmployedOn(in.From) || !r.EmployedOn(in.To)
}

// firstSubstitute returns the substitutes of a new request.
func (c *scene) firstSubstitute(id people.ID) []Substitute {
	if id == "" {
		return nil
	}
	return []Substitute{{Person: id, By: c.viewer.ID, At: c.s.at()}}
}

// Duty is work that somebody does for another who is away, as far as the one who does
// it, or decides on their leave, may know of it.
type Duty struct {
	Request string // id
	Person  people.Person
	Type    Type // zero where the viewer may not know it
	Span
	State State
	Substitute
	Demanded bool // the leave waits for the answer
}

// duty returns what the viewer may know of the work that a request makes for its
// substitute.
func (c *scene) duty(r *Request) Duty {
	d := Duty{Request: r.ID, Person: c.org.Person(r.Person), Span: r.Span, State: r.State, Substitute: r.Substitute(), Demanded: c.book.held(r)}
	if a, ok := c.absence(r); ok {
		d.Type = a.Type
	}
	return d
}

// duties returns the work that a person does for others in the days of a span: what the
// viewer may know of it.
func (c *scene) duties(person people.ID, in Span) ([]Duty, error) {
	if !c.book.substitutes() {
		return nil, nil
	}
	all, err := c.SubstituteRequests(person, in.From)
	var out []Duty
	for i := range all {
		r := &all[i]
		if r.From <= in.To && r.Covered() == person && (person == c.viewer.ID || c.viewer.MaySeeAbsence(r.Person)) {
			out = append(out, c.duty(r))
		}
	}
	return out, err
}

// substituteAway returns when in a span the substitute is away too, as far as the viewer
// may know it.
func (c *scene) substituteAway(id people.ID, in Span) ([]Absence, error) {
	if id == "" {
		return nil, nil
	}
	away, err := c.awayIn(in.Range())
	return c.absences(away, func(r *Request) bool { return r.Person == id }), err
}

// cover adds to what is shown of leave who does the work: when they are away too, and
// what the person on leave was to do for others in that time.
func (c *scene) cover(r *Request) (Covering, error) {
	var out Covering
	for _, s := range r.Substitutes {
		out.Substitutes = append(out.Substitutes, NamedSubstitute{s, c.org.Person(s.Person)})
	}
	if id := r.Covered(); id != "" && r.State.Counts() {
		out.SubstituteGone = c.gone(id, r.Span)
	}
	if !r.State.Counts() {
		return out, nil
	}
	var err error
	if out.SubstituteAway, err = c.substituteAway(r.Covered(), r.Span); err != nil {
		return out, err
	}
	out.Duties, err = c.duties(r.Person, r.Span)
	return out, err
}

// Covering is who does the work of somebody on leave, and what speaks against it.
type Covering struct {
	Substitutes    []NamedSubstitute // all who were named, in that order
	SubstituteAway []Absence         // when the one who does the work is away too
	SubstituteGone bool              // or does not work for the customer any more
	Duties         []Duty            // work of others that the person was to do in that time
}

// NamedSubstitute is a substitute with a name.
type NamedSubstitute struct {
	Substitute
	Who people.Person // zero: nobody from then on
}
