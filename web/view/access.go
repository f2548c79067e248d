// SPDX-License-Identifier: Apache-2.0

package view

import (
	"slices"

	"verlof/internal/lang"
	"verlof/internal/order"
	"verlof/people"
)

// AccessLine is one line of who may what: what is allowed, with the reason.
type AccessLine struct {
	Person people.Person // who may, where the lines are of several
	Over   string        // over whom, where the lines are of one
	Why    string
	Rights []string
	Health bool // they may see what is kept of somebody's sickness
}

// RightName says what a right allows.
func RightName(l *lang.Locale, r people.Right) string { return l.T("people.right." + r.String()) }

// RightWords says what some rights allow.
func RightWords(l *lang.Locale, s people.Rights) []string {
	var out []string
	for r := range s.All() {
		out = append(out, RightName(l, r))
	}
	return out
}

// OverOf says over whom a grant is.
func OverOf(l *lang.Locale, g *people.Grant) string {
	if g.Everybody {
		return l.T("admin.roles.everybody")
	}
	return g.Team.Name
}

// WhyOf says where a grant comes from.
func WhyOf(l *lang.Locale, g *people.Grant) string {
	switch g.From {
	case people.ByRole:
		return l.T("access.why.role", "role", l.T("admin.role."+g.Role))
	case people.ByOwnRole:
		return l.T("access.why.own-role", "role", g.Role)
	}
	return l.T("access.why."+string(g.From), "team", g.Team.Name)
}

// GrantLines are what one person may.
func GrantLines(l *lang.Locale, grants []people.Grant) []AccessLine {
	var out []AccessLine
	for i := range grants {
		g := &grants[i]
		out = append(out, AccessLine{Over: OverOf(l, g), Why: WhyOf(l, g), Rights: RightWords(l, g.Rights), Health: g.Rights.Has(people.FollowSickness)})
	}
	return out
}

// AccessLines are who may what about one person, those first who may most.
func AccessLines(l *lang.Locale, list []people.Access) []AccessLine {
	var out []AccessLine
	for i := range list {
		a := &list[i]
		x := AccessLine{Person: a.Person, Rights: RightWords(l, a.Rights()), Health: a.Rights().Has(people.FollowSickness)}
		var why []string
		for j := range a.Grants {
			if one := WhyOf(l, &a.Grants[j]); !slices.Contains(why, one) {
				why = append(why, one)
			}
		}
		x.Why = l.List(why...)
		out = append(out, x)
	}
	order.By(out, func(a, b AccessLine) int { return len(b.Rights) - len(a.Rights) })
	return out
}
