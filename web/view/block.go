// SPDX-License-Identifier: Apache-2.0

package view

import (
	"strings"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/web/template"
)

// BlockTones says how each standing of a block is meant.
var BlockTones = map[leave.BlockStanding]template.Tone{leave.BlockMissed: template.Bad, leave.BlockPossible: template.Warn,
	leave.BlockAsked: template.Info, leave.BlockBooked: template.Good, leave.BlockTaken: template.Good, leave.BlockNotDue: template.Info}

// BlockRule writes how long a block is, and in which season.
func BlockRule(l *lang.Locale, b leave.Block) string {
	rule := l.T("block.weeks", "count", b.Weeks)
	switch {
	case b.SixDays > 0:
		rule = l.T("block.six", "count", b.SixDays)
	case b.Twice > 0:
		rule = l.T("block.twice", "rule", rule, "count", b.Twice)
	}
	if b.From.IsZero() {
		return rule
	}
	return l.T("block.season", "rule", rule, "from", l.DateShort(b.From.In(2024)), "to", l.DateShort(b.To.In(2024)))
}

// BlockText writes how far a block is in one sentence, of a key that names rule and
// why.
func BlockText(l *lang.Locale, key string, v *leave.BlockView) string {
	return l.T(key, "rule", BlockRule(l, v.Rule), "why", strings.Join(explain.Reasons(l, v.Why), "; "))
}
