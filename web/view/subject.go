// SPDX-License-Identifier: Apache-2.0

// Package view owns how things of leave look wherever pages of several packages show them:
// whom a page is about, a line of a statement, a claim, the way of a decision, badges and
// what can be chosen. It refuses addresses and handlers: those are of the page packages,
// which import it and never each other.
package view

import (
	"net/url"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/web/page"
	"verlof/web/template"
)

// Subject is whom a page is about: the visitor, or somebody they may look after.
type Subject struct {
	Person people.Person
	Own    bool
	Asks   bool   // the visitor may ask for leave in their name
	Left   bool   // they left, and are not to begin again: leave that is asked for is of before
	Papers string // address of what becomes of the leave of somebody who left; empty: nobody did, or it is not for the visitor
}

// Know takes over what the organisation knows of the subject on a day.
func (s *Subject) Know(v *page.Visit, org *people.Organisation, today calendar.Date) {
	if r := org.Records[s.Person.ID]; r != nil && !s.Own && r.Left(today) {
		s.Left = true
		s.Asks = s.Asks && r.Person.Active // for who is shut out nothing is booked
		if v.Viewer.Has(people.SeeReports) {
			s.Papers = page.LeaverPath(s.Person.ID)
		}
	}
}

// SubjectOf returns p as the subject of a page that v looks at.
func SubjectOf(v *page.Visit, p people.Person) Subject {
	return Subject{Person: p, Own: p.ID == v.Person, Asks: v.Viewer.MayAskFor(p.ID)}
}

// Title returns one sentence for one's own page, and another, with the name, for
// that of somebody else.
func (s Subject) Title(l *lang.Locale, own, other string) string {
	if s.Own {
		return l.T(own)
	}
	return l.T(other, "name", s.Person.Name())
}

// Path returns the address of a page about the subject: "requests", "balance".
func (s Subject) Path(page string) string {
	if s.Own {
		return "/" + page
	}
	return "/people/" + url.PathEscape(string(s.Person.ID)) + "/" + page
}

// Crumbs lead back from a page about somebody else.
func (s Subject) Crumbs(l *lang.Locale) []template.Link {
	if s.Own {
		return nil
	}
	return []template.Link{{Text: l.T("web.nav.people"), Href: "/people"}}
}

// Ask returns where leave is asked for in the subject's name.
func (s Subject) Ask() string {
	if s.Own {
		return "/leave/new"
	}
	return page.WithQuery("/leave/new", "person", string(s.Person.ID))
}

// Tabs lead between the pages about the subject.
func (s Subject) Tabs(l *lang.Locale, here string) []template.Link {
	return []template.Link{
		{Text: l.T("web.tab.requests"), Href: s.Path("requests"), Current: here == "requests"},
		{Text: l.T("web.tab.balance"), Href: s.Path("balance"), Current: here == "balance"},
		{Text: l.T("web.tab.claims"), Href: s.Path("claims"), Current: here == "claims"},
	}
}

// Claim returns where something is reported in the subject's name.
func (s Subject) Claim(k leave.ClaimKind) string {
	if s.Own {
		return page.WithQuery("/claims/new", "kind", string(k))
	}
	return page.WithQuery("/claims/new", "kind", string(k), "person", string(s.Person.ID))
}

// TeamNames returns the names of the teams that each person belongs to, in the order of the teams.
func TeamNames(teams []people.Team) map[people.ID][]string {
	in := map[people.ID][]string{}
	for _, t := range teams {
		for _, m := range t.Members {
			in[m] = append(in[m], t.Name)
		}
	}
	return in
}
