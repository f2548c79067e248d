// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"strings"
	"testing"

	"verlof/internal/lang"
)

// TestBlank: an empty file, filled in, is read in every language without a column to explain.
func TestBlank(t *testing.T) {
	for _, tag := range lang.Tags() {
		for _, k := range Kinds() {
			heads := Blank(k, lang.For(tag))
			line := make([]string, len(heads))
			text := strings.Join(heads, ";") + "\n" + strings.Join(line, ";") + "\n"
			file, err := Open(Source{"blank.csv", strings.NewReader(text)}, Options{})
			if err != nil {
				t.Errorf("%s, %s: %v", tag, k, err)
				continue
			}
			if file.Kind != k {
				t.Errorf("%s: a file for %s is read as %s", tag, k, file.Kind)
			}
			for i, c := range file.Columns {
				if c.Field == Nothing {
					t.Errorf("%s, %s: the column %q means nothing", tag, k, heads[i])
				}
			}
		}
	}
}
