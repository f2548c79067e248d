// SPDX-License-Identifier: Apache-2.0

package lang

import "testing"

// FuzzParseDate: whatever is typed as a date, reading it does not panic, and what
// was read is understood again as the page writes it.
//
//	go test -fuzz FuzzParseDate -fuzztime 10m ./internal/lang
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2026-06-01", "1-6-2026", "01/06/2026", "1 jun 2026", "1 June 2026", "31.12.26", "٣١-١٢-٢٠٢٦", "1 2 3 4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tag := range Tags() {
			l := For(tag)
			d, err := l.ParseDate(s)
			if err != nil {
				continue
			}
			if again, err := l.ParseDate(d.String()); err != nil || again != d {
				t.Errorf("%s: %q is %v, then %v, %v", tag, s, d, again, err)
			}
		}
	})
}
