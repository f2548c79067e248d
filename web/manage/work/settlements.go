// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

const settlementsPath = page.SettlementsPath

// settlementsPage lists what payroll has settled.
type settlementsPage struct {
	Frame  template.Page
	Crumbs []template.Link
	Next   calendar.Range // what is to be settled next
	May    bool           // it has begun, and who looks settles
	Lines  []settlementEntry
}

// settlementEntry is a settlement in words.
type settlementEntry struct {
	leave.SettlementEntry
	Period, Made, Undone string
	Told, Corrected      string // how many lines
	State                view.Badge
}

// showSettlements handles GET /taken/settlements.
func showSettlements(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	all, err := t.Leave.Settlements(r.Context(), v.Person)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := settlementsPage{Crumbs: settlementCrumbs(v, false), Next: nextToSettle(all, today)}
	p.May = v.Viewer.Has(people.SettleLeave) && p.Next.From <= today
	for _, x := range all {
		p.Lines = append(p.Lines, settlementEntryOf(v, x))
	}
	p.Frame = collectiveFrame(w, r, v.Lang.T("web.settlements"), settlementsPath)
	return page.Render(w, r, http.StatusOK, settlementsView(p))
}

// nextToSettle returns the month after the latest that is settled; where none is, that before today's.
func nextToSettle(all []leave.SettlementEntry, today calendar.Date) calendar.Range {
	var last calendar.Date
	for i := range all {
		if x := &all[i]; !x.Undone() {
			last = max(last, x.Period.To)
		}
	}
	next := last.AddDays(1)
	if last.IsZero() {
		next = calendar.On(today.Year(), today.Month(), 1).AddMonths(-1)
	}
	return calendar.MonthOf(next.Year(), next.Month())
}

func settlementEntryOf(v *page.Visit, x leave.SettlementEntry) settlementEntry {
	l := v.Lang
	out := settlementEntry{SettlementEntry: x, Period: periodText(l, x.Period), Made: l.T("web.settlement.by", "name", x.By.Name(), "at", l.DateTime(x.At, v.Zone)),
		State: view.Badge{Tone: template.Good, Text: l.T("web.settlement.stands")}}
	out.Told, out.Corrected = l.Number(exact.Int(int64(x.Pieces)), 0), l.Number(exact.Int(int64(x.Corrections)), 0)
	if x.Undone() {
		out.State = view.Badge{Text: l.T("web.settlement.undone")}
		out.Undone = l.T("web.settlement.by", "name", x.UndoneBy.Name(), "at", l.DateTime(x.UndoneAt, v.Zone))
	}
	return out
}

// periodText names a month, or says from when to when.
func periodText(l *lang.Locale, in calendar.Range) string {
	if in == calendar.MonthOf(in.From.Year(), in.From.Month()) {
		return l.Month(in.From.Year(), in.From.Month())
	}
	return l.Range(in.From, in.To)
}

// settlementCrumbs lead back from a page about settlements.
func settlementCrumbs(v *page.Visit, one bool) []template.Link {
	crumbs := append(collectiveCrumbs(v, false), page.SectionOf("taken").Link(v.Lang))
	if one {
		crumbs = append(crumbs, template.Link{Text: v.Lang.T("web.settlements"), Href: settlementsPath})
	}
	return crumbs
}

// settlementPage shows a settlement, or what one would tell.
type settlementPage struct {
	Frame       template.Page
	Form        *page.Form
	Crumbs      []template.Link
	Of          settlementEntry         // of one that was made
	Preview     leave.SettlementPreview // of one that is not made yet
	Settled     []template.Link         // settlements that are in its way
	Corrections []takenRow
	Lines       []takenRow
	Pages       template.Pages
	Sums        []template.Fact // what its own time cost, by type
}

// newSettlement handles GET /taken/settlements/new: what settling a time would tell.
func newSettlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	return renderPreview(w, r, t, f, periodOf(f, today))
}

// makeSettlement handles POST /taken/settlements.
func makeSettlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	in := calendar.Range{From: f.DateOr("from", 0), To: f.DateOr("to", 0)}
	var made leave.Settlement
	done, err := f.Attempt(func() (err error) {
		made, err = t.Leave.SettleLeave(r.Context(), page.VisitOf(r).Person, in, f.Text("mark"))
		return err
	})
	switch {
	case done:
		return page.Done(w, r, settlementsPath+"/"+made.ID, "settled")
	case err != nil:
		return err
	}
	return renderPreview(w, r, t, f, in)
}

// renderPreview shows what settling a time would tell.
func renderPreview(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, in calendar.Range) error {
	v := page.VisitOf(r)
	p := settlementPage{Form: f, Crumbs: settlementCrumbs(v, true)}
	var err error
	if p.Preview, err = t.Leave.PreviewSettlement(r.Context(), v.Person, in); err != nil && !f.Refuse(err) {
		return err
	}
	for _, x := range p.Preview.Settled {
		p.Settled = append(p.Settled, template.Link{Text: periodText(v.Lang, x.Period), Href: settlementsPath + "/" + x.ID})
	}
	p.fill(v.Lang, p.Preview.Lines, func(number string) string { return page.SettlePath(in, number) })
	title := v.Lang.T("web.settle")
	if f.Fine() {
		title = v.Lang.T("web.settle.title", "period", periodText(v.Lang, in))
	}
	p.Frame = collectiveFrame(w, r, title, settlementsPath+"/new")
	return page.Render(w, r, f.Status(), previewView(p))
}

// showSettlement handles GET /taken/settlements/{id}.
func showSettlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderSettlement(w, r, t, f)
}

// undoSettlement handles POST /taken/settlements/{id}/undo.
func undoSettlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	at := r.PathValue("id")
	undone, err := f.Attempt(func() error {
		return t.Leave.UndoSettlement(r.Context(), page.VisitOf(r).Person, at, f.Text("reason"))
	})
	switch {
	case undone:
		return page.Done(w, r, settlementsPath+"/"+at, "settlement-undone")
	case err != nil:
		return err
	}
	return renderSettlement(w, r, t, f)
}

func renderSettlement(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	d, err := t.Leave.Settlement(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := settlementPage{Form: f, Of: settlementEntryOf(v, d.SettlementEntry), Crumbs: settlementCrumbs(v, true)}
	here := settlementsPath + "/" + d.ID
	p.fill(v.Lang, d.Lines, func(number string) string { return page.WithQuery(here, "page", number) })
	p.Frame = collectiveFrame(w, r, p.Of.Period, here)
	return page.Render(w, r, f.Status(), settlementView(p))
}

// fill shows all corrections, one page of the other lines, and what these come to by type.
func (p *settlementPage) fill(l *lang.Locale, lines []leave.SettlementLine, at func(number string) string) {
	var own []leave.SettlementLine
	var types []leave.Type
	sums := map[string]leave.Spent{}
	for i := range lines {
		x := &lines[i]
		if x.Corrects() {
			p.Corrections = append(p.Corrections, settlementRowOf(l, x))
			continue
		}
		own = append(own, *x)
		if _, known := sums[x.Type.ID]; !known {
			types = append(types, x.Type)
		}
		sums[x.Type.ID] = sums[x.Type.ID].Add(x.Spent)
	}
	for _, t := range types {
		sum := sums[t.ID]
		p.Sums = append(p.Sums, template.Fact{Name: t.Name,
			Text: l.T("web.settlement.sum", "days", view.Numeral(l, sum.Days, leave.Days), "hours", view.Numeral(l, sum.Minutes, leave.Hours))})
	}
	own, p.Pages = page.Paginate(own, p.Form.Text("page"), at)
	for i := range own {
		p.Lines = append(p.Lines, settlementRowOf(l, &own[i]))
	}
}

func settlementRowOf(l *lang.Locale, x *leave.SettlementLine) takenRow {
	row := takenRow{Name: x.Person.Name(), Key: string(x.Person.ID), Type: x.Type.Name,
		When: l.Range(x.In.From, x.In.To), Request: x.SettledLine.Request, Days: view.Numeral(l, x.Days, leave.Days), Hours: view.Numeral(l, x.Minutes, leave.Hours)}
	if x.Corrects() {
		row.Corrects = periodText(l, x.Of.Period)
		was, is, unit := x.Was.Days, x.Was.Days.Add(x.Days), leave.Days
		if x.Days.IsZero() {
			was, is, unit = x.Was.Minutes, x.Was.Minutes.Add(x.Minutes), leave.Hours
		}
		row.Change = l.T("web.settlement.change", "was", explain.Plain(l, was, unit), "is", explain.Plain(l, is, unit))
		if len(x.Why) > 0 {
			row.Change += ": " + strings.Join(explain.Reasons(l, x.Why), "; ")
		}
		if x.Request.State != leave.Approved {
			row.Part = l.T("ui.status." + string(x.Request.State))
		}
	}
	return row
}

// facts say who settled, and who took it back.
func (p *settlementPage) facts() []template.Fact {
	l := p.Frame.L
	out := []template.Fact{{Name: l.T("web.settlement.stands"), Text: p.Of.Made}, {Name: l.T("web.collective.who"), Text: l.T("unit.people", "count", p.Of.People)}}
	if p.Of.Undone != "" {
		out = append(out, template.Fact{Name: l.T("web.settlement.undone"), Text: p.Of.Undone}, template.Fact{Name: l.T("web.field.reason"), Text: p.Of.UndoReason})
	}
	return out
}

// settlementFile handles GET /taken/settlements/{id}/file: what was told, in the columns of the leave that was taken.
func settlementFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	d, err := t.Leave.Settlement(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	teams, err := t.People.Teams(r.Context(), v.Person)
	if err != nil {
		return err
	}
	in := view.TeamNames(teams)
	name := "settlement-" + d.Period.From.String() + "-" + d.Period.To.String() + ".csv"
	return page.SendTable(w, r, name, func(yield func([]string) bool) {
		if !yield(append(takenHeads(v.Lang), v.Lang.T("web.settlement.corrects"))) {
			return
		}
		for i := range d.Lines {
			x := &d.Lines[i]
			about := ""
			if x.Corrects() {
				about = x.Of.Period.String()
			}
			if !yield(append(takenCells(v.Lang, x.Person, strings.Join(in[x.Person.ID], ", "), x.Type, x.In, x.Spent), about)) {
				return
			}
		}
	})
}

// payNote is what a page of leave taken says to those who settle it.
type payNote struct {
	Tone template.Tone
	Text string
	Link template.Link
}

// payNotes tells whether a time is settled, and what has changed since.
func payNotes(r *http.Request, t *tenant.Tenant, in calendar.Range) ([]payNote, error) {
	v := page.VisitOf(r)
	l := v.Lang
	p, err := t.Leave.PreviewSettlement(r.Context(), v.Person, in)
	var out []payNote
	for _, x := range p.Settled {
		changed := 0
		for i := range p.Lines {
			if p.Lines[i].About == x.ID {
				changed++
			}
		}
		n := payNote{Tone: template.Good, Text: l.T("web.settled", "period", periodText(l, x.Period), "name", x.By.Name(), "at", l.DateTime(x.At, v.Zone)),
			Link: template.Link{Text: l.T("web.settled.see"), Href: settlementsPath + "/" + x.ID}}
		if changed > 0 {
			n.Tone, n.Text = template.Warn, n.Text+" "+l.T("web.settled.changed", "count", changed)
			n.Link = template.Link{Text: l.T("web.settled.changes"), Href: page.SettlePath(in, "")}
		}
		out = append(out, n)
	}
	if p.May {
		out = append(out, payNote{Tone: template.Info, Text: l.T("web.settled.not"),
			Link: template.Link{Text: l.T("web.settle"), Href: page.SettlePath(in, "")}})
	}
	return out, err
}
