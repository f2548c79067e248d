// SPDX-License-Identifier: Apache-2.0

package web

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"verlof/intake"
)

// words are the words of the file that stand for leave types and are none by
// themselves: those that somebody explained, and those that would be new types.
func (u *upload) words() []string {
	found := maps.Clone(u.Options.Types)
	if found == nil {
		found = map[string]string{}
	}
	if u.plan != nil {
		for _, n := range u.plan.Lines {
			if n.Thing == intake.TheType && n.Act == intake.Add {
				found[n.Title] = ""
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// fillOptions fills the form with what an upload has decided or guessed.
func fillOptions(f *form, u *upload) {
	for _, c := range u.file.Columns {
		f.values.Set("column"+strconv.Itoa(c.Number), string(c.Field))
	}
	o := u.Options
	if u.plan != nil {
		o = u.plan.Options
	}
	f.values.Set("kind", string(u.file.Kind))
	f.values.Set("date_format", cmp.Or(o.DateFormat, u.file.Dates.Format))
	f.values.Set("pattern", o.Pattern)
	f.values.Set("package", o.Package)
	f.values.Set("location", o.Location)
	if !o.Start.IsZero() {
		f.values.Set("start", o.Start.String())
	}
	if !o.ChangesFrom.IsZero() {
		f.values.Set("changes_from", o.ChangesFrom.String())
	}
	for i, word := range u.words() {
		f.values.Set("word"+strconv.Itoa(i), u.Options.Types[word])
	}
}

// readOptions are what the form decides about an upload. Where the kind changes, what
// the columns mean is guessed anew.
func readOptions(f *form, u *upload) intake.Options {
	o := intake.Options{Kind: intake.Kind(f.text("kind")), DateFormat: f.text("date_format"), Start: f.dateOr("start", 0),
		ChangesFrom: f.dateOr("changes_from", 0), Pattern: f.text("pattern"), Package: f.text("package"), Location: f.text("location"),
		Types: map[string]string{}}
	if f.text("kind") == f.text("kind_before") {
		o.Columns = map[string]intake.Field{}
		for n := 1; f.values.Has("column" + strconv.Itoa(n)); n++ {
			o.Columns[strconv.Itoa(n)] = intake.Field(f.text("column" + strconv.Itoa(n)))
		}
	}
	for i, word := range u.words() {
		if is := f.text("word" + strconv.Itoa(i)); is != "" {
			o.Types[word] = is
		}
	}
	return o
}
