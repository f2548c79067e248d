// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/url"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/web/template"
)

// subject is whom a page is about: the visitor, or somebody they may look after.
type subject struct {
	Person people.Person
	Own    bool
}

func subjectOf(v *visit, p people.Person) subject { return subject{Person: p, Own: p.ID == v.person} }

// title returns one sentence for one's own page, and another, with the name, for
// that of somebody else.
func (s subject) title(l *lang.Locale, own, other string) string {
	if s.Own {
		return l.T(own)
	}
	return l.T(other, "name", s.Person.Name())
}

// path returns the address of a page about the subject: "requests", "balance".
func (s subject) path(page string) string {
	if s.Own {
		return "/" + page
	}
	return "/people/" + url.PathEscape(string(s.Person.ID)) + "/" + page
}

// crumbs lead back from a page about somebody else.
func (s subject) crumbs(l *lang.Locale) []template.Link {
	if s.Own {
		return nil
	}
	return []template.Link{{Text: l.T("web.nav.people"), Href: "/people"}}
}

// ask returns where leave is asked for in the subject's name.
func (s subject) ask() string {
	if s.Own {
		return "/leave/new"
	}
	return withQuery("/leave/new", "person", string(s.Person.ID))
}

// tabs lead between the pages about the subject.
func (s subject) tabs(l *lang.Locale, here string) []template.Link {
	return []template.Link{
		{Text: l.T("web.tab.requests"), Href: s.path("requests"), Current: here == "requests"},
		{Text: l.T("web.tab.balance"), Href: s.path("balance"), Current: here == "balance"},
		{Text: l.T("web.tab.claims"), Href: s.path("claims"), Current: here == "claims"},
	}
}

// claim returns where something is reported in the subject's name.
func (s subject) claim(k leave.ClaimKind) string {
	if s.Own {
		return withQuery("/claims/new", "kind", string(k))
	}
	return withQuery("/claims/new", "kind", string(k), "person", string(s.Person.ID))
}
