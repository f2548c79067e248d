// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"
	"slices"

	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// readBlocks works out how far the blocks of the type are that is shown; nil where its
// policies ask for none.
func (p *overviewPage) readBlocks(r *http.Request, t *tenant.Tenant, found *leave.Overview) (err error) {
	typ, ok := shownType(p.Form.Text("type"), found)
	if !ok {
		return nil
	}
	p.Blocks, err = t.Leave.BlocksOf(r.Context(), page.VisitOf(r).Person, found.At, p.Form.Text("team"), typ.ID)
	if err != nil || len(p.Blocks) == 0 {
		return err
	}
	l := page.VisitOf(r).Lang
	p.Standings = []template.Option{{Text: l.T("block.all")}}
	for _, s := range leave.BlockStandings {
		p.Standings = append(p.Standings, template.Option{Value: string(s), Text: l.T("block.standing." + string(s))})
	}
	return nil
}

// shownType is the type that is asked for, or else the first of an overview.
func shownType(id string, found *leave.Overview) (leave.Type, bool) {
	if len(found.Sums) == 0 {
		return leave.Type{}, false
	}
	i := slices.IndexFunc(found.Sums, func(s leave.OverviewSum) bool { return s.Type.ID == id })
	return found.Sums[max(0, i)].Type, true
}

// wanted reports whether a person is shown: with the standing that is asked for, or all.
func (p *overviewPage) wanted(who people.ID) bool {
	s := p.Form.Text("block")
	return s == "" || len(p.Blocks) == 0 || string(p.Blocks[who].Standing) == s
}

// fillBlock says on a line how far the block is, and when it is.
func (p *overviewPage) fillBlock(row *overviewRow, who people.ID) {
	b, ok := p.Blocks[who]
	if !ok {
		return
	}
	l := p.Form.Lang
	row.Block = overviewBlock{Text: l.T("block.standing." + string(b.Standing)), Tone: view.BlockTones[b.Standing]}
	if !b.By.IsZero() {
		row.Block.When = append(row.Block.When, l.T("block.by", "date", l.DateShort(b.By)))
	}
	for _, part := range b.Parts {
		row.Block.When = append(row.Block.When, l.Range(part.From, part.To))
	}
}

// overviewBlock is how far a block is, in words.
type overviewBlock struct {
	Text string
	When []string // its parts, or by when it must begin
	Tone template.Tone
}
