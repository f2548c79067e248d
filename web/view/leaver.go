// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
)

// LeftOf says what somebody had left on the last day, or owed, type by type; empty where it was
// nothing.
func LeftOf(l *lang.Locale, x *leave.Leaver) string {
	var out []string
	for i := range x.Lines {
		if one := &x.Lines[i]; !one.PayOut.IsZero() || !one.Owed.IsZero() {
			out = append(out, one.Type.Name+" "+explain.Plain(l, one.PayOut.Sub(one.Owed), one.Unit))
		}
	}
	return strings.Join(out, ", ")
}
