// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"slices"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/people"
)

// Who says who decides at a step.
type Who string

// Those who may decide at a step.
const (
	AnyManager     Who = "manager"       // one of those who lead a team of the person
	AllManagers    Who = "managers"      // each of them
	Above          Who = "above"         // one of those who lead a manager of the person
	Named          Who = "person"        // Step.Person
	Administrators Who = "administrator" // one of those who keep everybody's leave
)

// Deciding lists them in the order in which pages offer them.
var Deciding = []Who{AnyManager, AllManagers, Above, Named, Administrators}

// Step is one of the decisions that leave takes.
type Step struct {
	Who    Who
	Person people.ID `json:",omitempty"`
	Within int       `json:",omitempty"` // working days after which those of the next step may decide too, and after the last step the administrators; 0: never
}

// ApprovalRule says who decides, one after the other, on leave of some kind, of
// some people.
type ApprovalRule struct {
	ID     string    `json:",omitempty"`
	Name   string    `json:",omitempty"`
	Types  []string  `json:",omitempty"` // ids of leave types; empty: every type
	Team   string    `json:",omitempty"` // of which the person is a member; empty: any
	Person people.ID `json:",omitempty"` // whose leave it is; empty: anybody's
	Over   int       `json:",omitempty"` // for leave of more working days than this; 0: however short
	Steps  []Step
}

// hurries reports whether any step can take too long.
func (a *ApprovalRule) hurries() bool {
	return slices.ContainsFunc(a.Steps, func(s Step) bool { return s.Within > 0 })
}

// usual is the rule where none is kept: one of the managers.
var usual = ApprovalRule{Steps: []Step{{Who: AnyManager}}}

// steps returns the steps of a rule as a request keeps it.
func (a *ApprovalRule) steps() []Step {
	if len(a.Steps) == 0 {
		return usual.Steps
	}
	return a.Steps
}

// Rule returns the rule for a person's leave of a type that costs so many working
// days. Of those that fit the most specific counts: one for the person before one
// for a team, that before one for a type, and that before one for any; of two alike
// the one for longer leave.
func (p *Procedure) Rule(org *people.Organisation, person people.ID, typ string, days exact.Rat) ApprovalRule {
	best := usual
	for _, r := range p.Rules {
		if r.fits(org, person, typ, days) && (best.ID == "" || moreSpecific(&r, &best) > 0) {
			best = r
		}
	}
	return best
}

func (a *ApprovalRule) fits(org *people.Organisation, person people.ID, typ string, days exact.Rat) bool {
	return (a.Person == "" || a.Person == person) && (a.Team == "" || org.InTeam(person, a.Team)) &&
		(len(a.Types) == 0 || slices.Contains(a.Types, typ)) && (a.Over == 0 || days.Cmp(exact.Int(int64(a.Over))) > 0)
}

// moreSpecific is positive where a is more specific than b. Rules alike are told
// apart by their names, so that the order in which they are kept means nothing.
func moreSpecific(a, b *ApprovalRule) int {
	set := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	return cmp.Or(set(a.Person != "")-set(b.Person != ""), set(a.Team != "")-set(b.Team != ""),
		set(len(a.Types) > 0)-set(len(b.Types) > 0), a.Over-b.Over, byName(b.Name, b.ID, a.Name, a.ID))
}

// Capacity is in which right somebody decided.
type Capacity string

// The capacities.
const (
	OwnRight        Capacity = "own"
	AsStandIn       Capacity = "stand-in"      // for somebody who is away
	AsNext          Capacity = "next"          // of the next step, since this one took too long
	AsAdministrator Capacity = "administrator" // in place of those whose step it is
)

// Decision is what one person decided at one step of a request.
type Decision struct {
	ID       string
	Request  string
	Step     int // place in the steps, from 0
	By       people.ID
	For      people.ID // whose stand-in By was; else empty
	As       Capacity
	Approved bool
	Note     string
	At       int64 // microseconds since 1970, UTC
}

// Fell says why a step is not decided by those whom it names.
type Fell string

// Why a step fell to others.
const (
	NotFallen   Fell = ""
	FellToAdmin Fell = "administrators" // nobody whom the step names may decide: the administrators do
	FellToOwn   Fell = "own"            // nor is there any other administrator: the person decides
	FellAway    Fell = "skipped"        // nobody is left who has not approved already: there is nothing to decide
)

// Deputy is somebody who may decide in place of another who is away.
type Deputy struct {
	For, By people.ID
	Until   calendar.Date // last day of it
}

// Stage is a step of a request, and how it stands.
type Stage struct {
	Step
	Deciders  []people.ID // in their own right, by name
	Fell      Fell
	Deputies  []Deputy      // for those of them who are away
	Later     []people.ID   // who may decide too since it took too long
	Due       calendar.Date // last day before those of the next step may decide too; zero: no such day, or not this step's turn
	Decisions []Decision
	Done      bool
}

// Progress is how far a request has come.
type Progress struct {
	Rule   ApprovalRule
	Stages []Stage
	Now    int // place of the stage that waits
}

// Waits returns the stage that waits.
func (p *Progress) Waits() *Stage { return &p.Stages[p.Now] }

// progress works out how far a pending request has come.
func (o *office) progress(r *Request, decisions []Decision) Progress {
	p := Progress{Rule: r.Route, Now: -1}
	since, passed := o.book.ready(r), map[people.ID]bool{}
	for i, step := range r.Route.steps() {
		s := Stage{Step: step}
		for _, d := range decisions {
			if d.Step == i {
				s.Decisions = append(s.Decisions, d)
			}
		}
		o.seat(&s, r, passed)
		s.Done = s.complete()
		if !s.Done && p.Now < 0 {
			p.Now = i
			o.stand(&s, r, passed)
		}
		for _, d := range s.Decisions {
			passed[d.By], since = true, max(since, d.At)
		}
		p.Stages = append(p.Stages, s)
	}
	if p.Now < 0 { // whoever was still to decide is gone: the last word is missing all the same
		p.Now = len(p.Stages) - 1
		o.stand(&p.Stages[p.Now], r, passed)
	}
	o.escalate(&p, r, since, passed)
	return p
}

// seat fills in who decides at a stage. Nobody does on their own leave, nor on two
// steps of one request; where nobody is left the administrators do.
func (o *office) seat(s *Stage, r *Request, passed map[people.ID]bool) {
	barred := func(id people.ID) bool {
		here := slices.ContainsFunc(s.Decisions, func(d Decision) bool { return d.By == id })
		return id == r.Person || passed[id] && !here
	}
	s.Deciders = fewer(o.named(s.Step, r.Person), barred)
	if len(s.Deciders) > 0 {
		return
	}
	s.Fell, s.Deciders = FellToAdmin, fewer(o.hr(), barred)
	switch {
	case len(s.Deciders) > 0:
	case len(passed) > 0:
		s.Fell = FellAway
	case o.org.Administers(r.Person):
		s.Fell, s.Deciders = FellToOwn, []people.ID{r.Person}
	}
}

// named returns those whom a step of a person's leave names.
func (o *office) named(s Step, person people.ID) []people.ID {
	switch s.Who {
	case AnyManager, AllManagers:
		return o.org.Leaders(person)
	case Above:
		return o.org.Above(person)
	case Administrators:
		return o.hr()
	}
	if o.org.Person(s.Person).Active {
		return []people.ID{s.Person}
	}
	return nil
}

// complete reports whether what was decided at a stage is enough.
func (s *Stage) complete() bool {
	if s.Fell == FellAway {
		return true
	}
	for _, d := range s.Decisions {
		if s.Who != AllManagers || s.Fell != NotFallen || d.As == AsAdministrator || d.As == AsNext {
			return true
		}
	}
	return s.Who == AllManagers && s.Fell == NotFallen &&
		!slices.ContainsFunc(s.Deciders, func(id people.ID) bool { return !s.spoken(id) })
}

// spoken reports whether somebody, or a stand-in for them, has decided at a stage.
func (s *Stage) spoken(id people.ID) bool {
	return slices.ContainsFunc(s.Decisions, func(d Decision) bool {
		return d.As == OwnRight && d.By == id || d.As == AsStandIn && d.For == id
	})
}

// stand fills in who stands in for those of a stage who are away. A stand-in who is
// away hands nothing on, and nobody decides on their own leave by standing in.
func (o *office) stand(s *Stage, r *Request, passed map[people.ID]bool) {
	for _, id := range s.Deciders {
		for _, d := range o.deputies(id) {
			if d.By != r.Person && !passed[d.By] {
				s.Deputies = append(s.Deputies, d)
			}
		}
	}
}

// escalate works out until when the stage that waits has time, and who may decide
// too once it has taken longer.
func (o *office) escalate(p *Progress, r *Request, since int64, passed map[people.ID]bool) {
	s := p.Waits()
	if s.Within == 0 || o.book.held(r) {
		return
	}
	s.Due = o.book.workdays(o.org, r.Person, o.dateOf(r.Person, since), s.Within)
	if o.now(r.Person) <= s.Due {
		return
	}
	next := Stage{Step: Step{Who: Administrators}}
	if p.Now+1 < len(p.Stages) {
		next.Step = p.Stages[p.Now+1].Step
	}
	o.seat(&next, r, passed)
	s.Later = fewer(next.Deciders, func(id people.ID) bool { return slices.Contains(s.Deciders, id) })
}

// workdays returns the day that is n working days after d where a person works:
// Monday to Friday, public holidays left out.
func (b *Rulebook) workdays(org *people.Organisation, person people.ID, d calendar.Date, n int) calendar.Date {
	for n > 0 {
		d = d.AddDays(1)
		if d.Monday().AddDays(4) < d {
			continue
		}
		if off := b.Holidays[org.LocationOn(person, d)]; off != nil {
			if h, ok := off.On(d); ok && h.Off == calendar.FullDay {
				continue
			}
		}
		n--
	}
	return d
}

// capacity returns in which right somebody may decide at the stage that waits, and
// for whom as a stand-in; false where they may not. Administrators may in place of
// anybody, as they keep everybody's leave, but not twice on one request.
func (o *office) capacity(p *Progress, r *Request, by people.ID) (as Capacity, absent people.ID, ok bool) {
	s := p.Waits()
	open := func(id people.ID) bool { return s.Who != AllManagers || s.Fell != NotFallen || !s.spoken(id) }
	if slices.Contains(s.Deciders, by) && open(by) {
		return OwnRight, "", true
	}
	if by == r.Person {
		return "", "", false
	}
	for _, d := range s.Deputies {
		if d.By == by && open(d.For) {
			return AsStandIn, d.For, true
		}
	}
	if slices.Contains(s.Later, by) {
		return AsNext, "", true
	}
	return AsAdministrator, "", o.org.Administers(by) && !p.decided(by)
}

// decided reports whether somebody has decided on a request already.
func (p *Progress) decided(by people.ID) bool {
	return slices.ContainsFunc(p.Stages, func(s Stage) bool {
		return slices.ContainsFunc(s.Decisions, func(d Decision) bool { return d.By == by })
	})
}

// Asked returns whom the stage that waits is put to: those who decide, those who
// stand in for them, and those who may decide too.
func (s *Stage) Asked() []people.ID {
	out := slices.Concat(s.Deciders, s.Later)
	for _, d := range s.Deputies {
		out = append(out, d.By)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reached returns whom a request was put to on its way: at the step that waits and at
// those before it, whether they decided or not.
func (p *Progress) reached() []people.ID {
	var out []people.ID
	for i := range p.Stages[:p.Now+1] {
		s := &p.Stages[i]
		out = append(out, s.Asked()...)
		for _, d := range s.Decisions {
			out = append(out, d.By)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
