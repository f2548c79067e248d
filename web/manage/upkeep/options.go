// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"verlof/intake"
	"verlof/web/page"
)

// words are the words of the file that stand for leave types and are none by
// themselves: those that somebody explained, those that were taken for a type or would be new
// ones, and those of which nobody can have a balance.
func (u *upload) words() []string {
	found := maps.Clone(u.Options.Types)
	if found == nil {
		found = map[string]string{}
	}
	if u.plan != nil {
		for _, n := range u.plan.Lines {
			switch {
			case n.Thing == intake.TheType:
				found[n.Title] = ""
			case n.Balance.Unknown && n.Balance.Type != "":
				found[n.Balance.Type] = ""
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// meaning is what a word of the file is taken for: as somebody explained it, or as the plan guessed.
func (u *upload) meaning(word string) string {
	guessed := ""
	if u.plan != nil {
		guessed = u.plan.Options.Types[word]
	}
	return cmp.Or(u.Options.Types[word], guessed, intake.AsCalled)
}

// fillOptions fills the form with what an upload has decided or guessed.
func fillOptions(f *page.Form, u *upload) {
	for _, c := range u.file.Columns {
		f.Values.Set("column"+strconv.Itoa(c.Number), string(c.Field))
	}
	o := u.Options
	if u.plan != nil {
		o = u.plan.Options
	}
	f.Values.Set("kind", string(u.file.Kind))
	f.Values.Set("date_format", cmp.Or(o.DateFormat, u.file.Dates.Format))
	f.Values.Set("pattern", o.Pattern)
	f.Values.Set("package", o.Package)
	f.Values.Set("location", o.Location)
	if !o.Start.IsZero() {
		f.Values.Set("start", o.Start.String())
	}
	if !o.ChangesFrom.IsZero() {
		f.Values.Set("changes_from", o.ChangesFrom.String())
	}
	for i, word := range u.words() {
		f.Values.Set("word"+strconv.Itoa(i), u.meaning(word))
	}
}

// readOptions are what the form decides about an upload. Where the kind changes, what
// the columns mean is guessed anew.
func readOptions(f *page.Form, u *upload) intake.Options {
	o := intake.Options{Kind: intake.Kind(f.Text("kind")), DateFormat: f.Text("date_format"), Start: f.DateOr("start", 0),
		ChangesFrom: f.DateOr("changes_from", 0), Pattern: f.Text("pattern"), Package: f.Text("package"), Location: f.Text("location"),
		Types: map[string]string{}}
	if f.Text("kind") == f.Text("kind_before") {
		o.Columns = map[string]intake.Field{}
		for n := 1; f.Values.Has("column" + strconv.Itoa(n)); n++ {
			o.Columns[strconv.Itoa(n)] = intake.Field(f.Text("column" + strconv.Itoa(n)))
		}
	}
	for i, word := range u.words() {
		if is := f.Text("word" + strconv.Itoa(i)); is != "" {
			o.Types[word] = is
		}
	}
	return o
}
