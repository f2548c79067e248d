// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/web/template"
)

// Way is how leave is decided on: step by step, and by which rule.
type Way struct {
	Rule  string // why these steps; empty where the usual one holds
	Steps []stageView
}

// stageView is one step of it.
type stageView struct {
	Place  int    // from 1
	Who    string // who decides
	Notes  []string
	Status template.Status // empty: not its turn yet
	Now    bool
}

// WayOf puts the steps into words. Where nothing waits now is -1.
func WayOf(l *lang.Locale, org *people.Organisation, book *leave.Rulebook, p leave.Progress, waits bool) Way {
	v := Way{Rule: ruleWhy(l, org, book, &p.Rule)}
	for i := range p.Stages {
		s := &p.Stages[i]
		x := stageView{Place: i + 1, Who: WhoOf(l, org, s.Step), Now: waits && i == p.Now}
		x.Notes = stageNotes(l, org, s, x.Now)
		switch {
		case x.Now:
			x.Status = template.Pending
		case len(s.Decisions) > 0 && !s.Decisions[len(s.Decisions)-1].Approved:
			x.Status = template.Refused
		case s.Done:
			x.Status = template.Approved
		}
		v.Steps = append(v.Steps, x)
	}
	return v
}

// WhoOf says who decides at a step.
func WhoOf(l *lang.Locale, org *people.Organisation, s leave.Step) string {
	if s.Who == leave.Named {
		return org.Person(s.Person).Name()
	}
	return l.T("approval.who." + string(s.Who))
}

// ruleWhy says by which rule the steps are, and why it holds.
func ruleWhy(l *lang.Locale, org *people.Organisation, book *leave.Rulebook, r *leave.ApprovalRule) string {
	if len(r.Steps) == 0 || r.Name == "" {
		return ""
	}
	return l.T("approval.rule", "name", r.Name, "scope", strings.Join(ScopeOf(l, org, book, r), ", "))
}

// ScopeOf lists what a rule is about.
func ScopeOf(l *lang.Locale, org *people.Organisation, book *leave.Rulebook, r *leave.ApprovalRule) []string {
	var out []string
	if r.Person != "" {
		out = append(out, org.Person(r.Person).Name())
	}
	if r.Team != "" {
		out = append(out, l.T("approval.team", "name", TeamName(org, r.Team)))
	}
	if len(r.Types) > 0 {
		out = append(out, TypeNames(book, r.Types))
	}
	if r.Over > 0 {
		out = append(out, l.T("approval.over", "count", r.Over))
	}
	if len(out) == 0 {
		out = append(out, l.T("approval.everything"))
	}
	return out
}

// TeamName returns the name of a team; its id where there is none of that id.
func TeamName(org *people.Organisation, id string) string {
	for _, t := range org.Teams {
		if t.ID == id {
			return t.Name
		}
	}
	return id
}

// TypeNames lists the names of leave types.
func TypeNames(book *leave.Rulebook, ids []string) string {
	var out []string
	for _, id := range ids {
		if t, ok := book.Type(id); ok {
			out = append(out, t.Name)
		}
	}
	return strings.Join(out, ", ")
}

// stageNotes say by name who decides at a step, who stands in, since it takes long
// or falls to others, and what was decided.
func stageNotes(l *lang.Locale, org *people.Organisation, s *leave.Stage, now bool) []string {
	var out []string
	if s.Fell != leave.NotFallen {
		out = append(out, l.T("approval.fell."+string(s.Fell)))
	}
	for _, d := range s.Decisions {
		out = append(out, DecisionText(l, org, d))
	}
	if s.Done || !now {
		return out
	}
	if s.Who != leave.Named {
		out = append(out, nameList(org, s.Deciders))
	}
	for _, d := range s.Deputies {
		out = append(out, l.T("approval.deputy", "by", org.Person(d.By).Name(), "name", org.Person(d.For).Name(), "date", d.Until))
	}
	switch {
	case len(s.Later) > 0:
		out = append(out, l.T("approval.later", "names", nameList(org, s.Later), "date", s.Due))
	case !s.Due.IsZero():
		out = append(out, l.T("approval.due", "date", s.Due))
	}
	return out
}

func nameList(org *people.Organisation, ids []people.ID) string {
	var out []string
	for _, id := range ids {
		out = append(out, org.Person(id).Name())
	}
	return strings.Join(out, ", ")
}

// DecisionText says what somebody decided, and in which right.
func DecisionText(l *lang.Locale, org *people.Organisation, d leave.Decision) string {
	return DecidedText(l, d.Approved, d.As, org.Person(d.By).Name(), org.Person(d.For).Name())
}

// DecidedText says what somebody decided, in which right, and in whose place.
func DecidedText(l *lang.Locale, approved bool, as leave.Capacity, by, person string) string {
	verb := "approval.refused."
	if approved {
		verb = "approval.approved."
	}
	return l.T(verb+string(as), "name", by, "person", person)
}

// AsOf says in which right the visitor decides, where it is not their own.
func AsOf(l *lang.Locale, org *people.Organisation, h *leave.Handling) string {
	if !h.MayDecide || h.As == leave.OwnRight {
		return ""
	}
	return l.T("approval.as."+string(h.As), "name", h.For.Name(), "names", nameList(org, h.Waits().Deciders))
}

// StepOf says which of several steps waits; nothing where there is one alone.
func StepOf(l *lang.Locale, h *leave.Handling) string {
	if len(h.Stages) < 2 {
		return ""
	}
	return l.T("approval.step", "place", h.Now+1, "of", len(h.Stages))
}

// BreachTexts say beyond which limits leave goes.
func BreachTexts(l *lang.Locale, all []leave.Breach) []string {
	var out []string
	for _, b := range all {
		why := b.Reason()
		out = append(out, l.T(why.Key, why.Args...))
	}
	return out
}

// DueOf says until when an answer to a request is due; nothing where it may take its
// time.
func DueOf(l *lang.Locale, h *leave.Handling) string {
	if h.AnswerBy.IsZero() {
		return ""
	}
	return l.T("approval.answer_by", "date", h.AnswerBy)
}
