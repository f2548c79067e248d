// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"slices"

	"verlof/internal/lang"
)

// Blank returns the headings of an empty file of a kind, in l's language: every column that says
// something of its own. A file that begins with them is read without a question.
func Blank(k Kind, l *lang.Locale) []string {
	// The parts of a name stand for the whole, and the hours for their percentage.
	fields := slices.DeleteFunc(Fields(k), func(f Field) bool { return f == Full || f == Percentage })
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = l.T("intake.field." + string(f))
	}
	return out
}
