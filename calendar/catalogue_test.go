// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
)

// TestNames: every feast, region and country has a name in every language.
func TestNames(t *testing.T) {
	keys := map[string]bool{}
	for _, r := range calendar.Regions() {
		keys["region."+r.Code], keys["country."+r.Country] = true, true
		for year := 2000; year <= 2035; year++ {
			for _, h := range r.Holidays(year) {
				keys["holiday."+h.Key] = true
			}
		}
	}
	for _, tag := range lang.Tags() {
		for key := range keys {
			if !lang.For(tag).Has(key) {
				t.Errorf("%s: there is no %s", tag, key)
			}
		}
	}
}

// TestSentences: every refusal of a working pattern can be read.
func TestSentences(t *testing.T) {
	for _, text := range []string{
		"", "mon 8", "mon mon", "mon 08:00-12:00 11:00-15:00", "mon 17:00", "mon | tue", "mon 22:00-06:00",
		"mon 08:00-09:00 10:00-11:00 12:00-13:00",
	} {
		_, err := calendar.ParsePattern(text)
		e := errs.As(err)
		for _, tag := range lang.Tags() {
			if l := lang.For(tag); !l.Has(e.Public) || l.T(e.Public, e.Args...) == "" {
				t.Errorf("%s: no sentence for %s", tag, e.Public)
			}
		}
	}
}
