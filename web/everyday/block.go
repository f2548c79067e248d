// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// blockMonths is how long before the last day on which a block can begin the home page
// speaks of it.
const blockMonths = 4

// blockNotes returns how far a person's blocks are, by type: all that is known of them,
// or for the home page what is to be done soon.
func blockNotes(ctx context.Context, v *page.Visit, t *tenant.Tenant, who people.ID, at calendar.Date, home bool) (map[string][]soonNote, error) {
	blocks, err := t.Leave.Blocks(ctx, v.Person, who, at)
	if err != nil {
		return nil, err
	}
	out := map[string][]soonNote{}
	for i := range blocks {
		b := &blocks[i]
		soon := b.Standing == leave.BlockPossible && b.By <= at.AddMonths(blockMonths)
		if b.Standing == leave.BlockNotDue || home && !soon {
			continue
		}
		key := "block.note"
		n := soonNote{Tone: template.Info}
		switch {
		case b.Standing == leave.BlockMissed:
			key, n.Tone = "block.missed", template.Warn
		case soon:
			n.Tone = template.Warn
		}
		n.Text = view.BlockText(v.Lang, key, b)
		n.Done = len(b.Parts) > 0
		out[b.Type.ID] = append(out[b.Type.ID], n)
	}
	return out, nil
}

// fillBlock says what the days make of a block.
func (p *previewPart) fillBlock(l *lang.Locale, found *leave.Preview) {
	switch b := found.Block; {
	case b == nil || found.Problem != nil:
	case len(b.Parts) > 0:
		p.Block = template.Flash{Tone: template.Good, Text: l.T("block.with", "rule", view.BlockRule(l, b.Rule))}
	case b.Standing == leave.BlockMissed:
		p.Block = template.Flash{Tone: template.Warn, Text: view.BlockText(l, "block.with.missed", b)}
	}
}
