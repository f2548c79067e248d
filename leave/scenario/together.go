// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"slices"

	"verlof/leave"
)

// together refuses clauses that say nothing without another, or against one.
func together(terms *leave.Terms, said map[string]bool) error {
	carries := said["carries"] || slices.ContainsFunc(terms.Levels, func(l leave.Level) bool { return l.Carries.Sign() > 0 })
	for _, word := range []string{"until", "valid", "keeps", "beside"} {
		if said[word] && !carries {
			return wrong(word, "says how what went over ends, and nothing goes over without a clause \"carries N\"")
		}
	}
	if said["until"] && said["valid"] {
		return wrong("valid", "two last days are said of what went over, \"until\" and \"valid\"; say one")
	}
	for _, word := range []string{"within", "before", "from", "paid", "each child", "goes on", "unpaid", "reported"} {
		if (said[word] || said["= "+word]) && terms.Event.Kind == "" {
			return wrong(word, "is said of leave that is due on an event, such as 2 days per moving")
		}
	}
	if said["carries"] && terms.Event.Kind != "" {
		return wrong("carries", "goes with leave of a leave year; what is due on an event ends when the event says")
	}
	return hidden(terms)
}

// hidden refuses two amounts for the same time away or length of service, of which one would never count.
func hidden(terms *leave.Terms) error {
	for i, x := range terms.Away {
		if slices.ContainsFunc(terms.Away[:i], func(o leave.Away) bool {
			return o.Sick == x.Sick && o.Weeks == x.Weeks && slices.Equal(o.Types, x.Types)
		}) {
			return wrong("while", "two amounts are said for the same time away; say one")
		}
	}
	for i, l := range terms.Levels {
		if slices.ContainsFunc(terms.Levels[:i], func(o leave.Level) bool { return o.After == l.After }) {
			return wrong("after", "two amounts are said from %d months of service on; say one", l.After)
		}
	}
	return nil
}
