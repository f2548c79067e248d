// SPDX-License-Identifier: Apache-2.0

package view

import (
	"verlof/identity"
	"verlof/internal/lang"
	"verlof/web/page"
)

// HistoryLine is something that was changed in how people sign in.
type HistoryLine struct {
	What    string
	Details []string
	When    string
	Who     string // empty: the person themselves
}

// HistoryLines are what was changed in how people sign in, as the person reads it. They are not
// told what their keepers wrote.
func HistoryLines(v *page.Visit, records []identity.Record) []HistoryLine {
	var out []HistoryLine
	for _, x := range records {
		h := HistoryLine{What: v.Lang.T("identity.record."+x.What, "note", x.Note), When: at(v, x.At)}
		switch {
		case x.By == "":
			h.Who = v.Lang.T("factor.by_operator")
		case x.By != x.Person:
			h.Who = v.Org.Person(x.By).Name()
		}
		out = append(out, h)
	}
	return out
}

// KeptHistoryLines are the same as those read them who keep how people sign in: with what was
// demanded from then on, and why sessions were ended.
func KeptHistoryLines(v *page.Visit, records []identity.Record) []HistoryLine {
	out := HistoryLines(v, records)
	for i, x := range records {
		switch {
		case x.What == identity.RecordPolicy:
			out[i].Details = policyTexts(v.Lang, identity.RecordedPolicy(x.Note))
		case x.What == identity.RecordSessionsEnded && x.Note != "":
			out[i].Details = []string{x.Note}
		}
	}
	return out
}

// policyTexts says what a policy demands.
func policyTexts(l *lang.Locale, p identity.Policy) []string {
	texts := []string{
		l.T("identity.record.policy.second", "who", thoseText(l, p.Second)),
		l.T("identity.record.policy.passkey", "who", thoseText(l, p.Passkey)),
		l.T("identity.record.policy.feeds", "who", l.T("admin.second.feeds."+string(p.Feeds))),
	}
	if p.Remember >= 0 {
		texts = append(texts, l.T("identity.record.policy.remember", "days", l.T("unit.days", "count", p.Remember)))
	}
	if p.Only {
		texts = append(texts, l.T("admin.second.only"))
	}
	return texts
}

func thoseText(l *lang.Locale, t identity.Those) string {
	var names []string
	for _, name := range t.Names() {
		names = append(names, l.T("admin.second.demand."+name))
	}
	if len(names) == 0 {
		return l.T("identity.record.policy.nobody")
	}
	return l.List(names...)
}
