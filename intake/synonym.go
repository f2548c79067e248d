// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"slices"
	"strings"
)

// AsCalled stands in Options.Types for the type that has the word of the file for a name, there
// already or new: the word is not taken for another type that means the same.
const AsCalled = "as-called"

// holidayWords are words for holiday, as fold writes them: what the yearly leave of most people is called.
var holidayWords = strings.Fields(`holiday holidays holidayleave vacation vacations vacationleave vacationdays annualleave paidvacation pto paidtimeoff
	vakantie vakanties vakantieverlof vakantiedagen vakantieuren verlofdagen jaarlijkseverlof wettelijkeverlof
	urlaub jahresurlaub erholungsurlaub urlaubstage conge conges congepaye congespayes congeannuel congesannuels vacances vacaciones`)

// holidayStems are what the names of types begin, end or go on with that are holiday.
var holidayStems = strings.Fields(`holiday vacation annualleave vakantie urlaub conges vacances vacaciones`)

// meant returns the type that a word for holiday is taken for where no type is called so: the only
// one of which people have a balance and whose name says holiday. Nil where there is none, or
// more than one, such as a statutory part and one on top. The plan tells of it once, at the
// first line with the word.
func (d *draft) meant(word string, line int) *kind {
	if d.called[same(word)] || !slices.Contains(holidayWords, fold(word)) {
		return nil
	}
	var found []*kind
	for _, t := range d.book.Types {
		says := func(stem string) bool { return strings.Contains(fold(t.Name), stem) }
		if t.Entitled && !t.Retired && slices.ContainsFunc(holidayStems, says) {
			found = append(found, &kind{Type: t, exists: true})
		}
	}
	if len(found) != 1 {
		return nil
	}
	d.guess(word, found[0], line)
	return found[0]
}

// guess notes in the plan that a word is taken for a type.
func (d *draft) guess(word string, k *kind, line int) {
	if d.options.Types == nil {
		d.options.Types = map[string]string{}
	}
	d.options.Types[word], d.meaning[same(word)] = k.ID, k
	d.named = append(d.named, Line{Number: line, Named: true, Thing: TheType, Act: Same, Title: word,
		Notes: []Note{{Key: "intake.note.taken_for", Args: []any{"type", k.Name}}}})
}
