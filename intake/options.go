// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"maps"
	"slices"
	"strconv"

	"verlof/calendar"
	"verlof/errs"
)

// Options are what a page or flags decide about an import. The zero value leaves
// everything to be recognised. Patterns, packages, locations and types may be
// given by id or by name.
type Options struct {
	Kind        Kind             // empty: recognised
	Columns     map[string]Field // by number from 1 or by heading; Nothing leaves a column out
	DateFormat  string           // one of DateFormats; empty: recognised
	Start       calendar.Date    // first day of employments that the file does not date; zero: see Defaults.Start
	ChangesFrom calendar.Date    // day from which another pattern, package or location holds, and of balances without a day; zero: today
	Pattern     string           // of persons of whom the file does not say it; empty: the first that exists
	Package     string
	Location    string
	Types       map[string]string // leave type for a word of the file, SickReport or AsCalled
	LeaveOut    bool              // Apply leaves refused lines out; without it, it refuses while there are any
}

// chosen returns Columns by index.
func (o *Options) chosen(header []string) (map[int]Field, error) {
	chosen := map[int]Field{}
	taken := map[Field]bool{}
	for _, key := range slices.Sorted(maps.Keys(o.Columns)) {
		field := o.Columns[key]
		i, err := columnOf(header, key)
		if err != nil {
			return nil, err
		}
		if field != Nothing && !slices.ContainsFunc(Kinds(), func(k Kind) bool { return slices.Contains(Fields(k), field) }) {
			return nil, errs.New(errs.Invalid, "intake.error.field", "word", string(field)).At("columns")
		}
		if field != Nothing && taken[field] {
			return nil, errs.New(errs.Invalid, "intake.error.chosen_twice", "word", string(field)).At("columns")
		}
		chosen[i], taken[field] = field, true
	}
	return chosen, nil
}

// columnOf finds a column by its number from 1 or by its heading.
func columnOf(header []string, key string) (int, error) {
	if n, err := strconv.Atoi(key); err == nil && n >= 1 && n <= len(header) {
		return n - 1, nil
	}
	found := -1
	for i, h := range header {
		if same(h) != same(key) {
			continue
		}
		if found >= 0 {
			return 0, errs.New(errs.Invalid, "intake.error.column_twice", "word", key).At("columns")
		}
		found = i
	}
	if found < 0 {
		return 0, errs.New(errs.Invalid, "intake.error.column", "word", key).At("columns")
	}
	return found, nil
}
