// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"
	"slices"
	"strconv"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// byHandPath is the list of what was written by hand.
const byHandPath = "/manage/adjustments"

// byHandPage lists what was written by hand into everybody's balances.
type byHandPage struct {
	Frame template.Page
	Form  *page.Form
	Types []template.Option
	Lines []byHandLine
	All   int // lines, whatever is chosen
	Pages template.Pages
}

// byHandLine is one line in words.
type byHandLine struct {
	leave.ByHand
	Days, Amount, Written string
	Note                  string // what became of it
	Undo                  string // address where it is taken back; empty: it cannot be
	Balance               string // address of the balance that it stands in
}

// showByHand handles GET /manage/adjustments.
func showByHand(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, ctx := page.VisitOf(r), r.Context()
	all, err := t.Leave.ByHand(ctx, v.Person)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	p := byHandPage{Form: f, All: len(all), Frame: page.ManageFrame(w, r, v.Lang.T("admin.adjustments"), byHandPath)}
	entitled := slices.DeleteFunc(slices.Clone(book.Types), func(x leave.Type) bool { return !x.Entitled })
	p.Types = typeFilter(v.Lang, entitled)
	var lines []byHandLine
	for i := range all {
		if byHandWanted(f, &all[i]) {
			lines = append(lines, byHandLineOf(v, &all[i]))
		}
	}
	p.Lines, p.Pages = page.Paginate(lines, f.Text("page"), func(number string) string {
		return page.WithQuery(byHandPath, "find", f.Text("find"), "type", f.Text("type"), "year", f.Text("year"), "page", number)
	})
	return page.Render(w, r, f.Status(), byHandView(p))
}

// byHandWanted reports whether a line is one of those that are asked for.
func byHandWanted(f *page.Form, x *leave.ByHand) bool {
	year := strconv.Itoa(max(x.Year, x.Line.Date.Year()))
	if x.Fixed != nil {
		year = strconv.Itoa(x.Year)
	}
	return view.Matches(x.Person, f.Text("find")) && (f.Text("type") == "" || f.Text("type") == x.Type.ID) &&
		(f.Text("year") == "" || f.Text("year") == year)
}

// byHandLineOf puts a line into words.
func byHandLineOf(v *page.Visit, x *leave.ByHand) byHandLine {
	l := v.Lang
	line := byHandLine{ByHand: *x, Amount: explain.Signed(l, x.Line.Amount, x.Type.Unit), Balance: "/people/" + string(x.Person.ID) + "/balance"}
	line.Written = l.T("byhand.written", "name", x.By.Name(), "at", l.DateTime(x.Line.At, v.Zone))
	switch {
	case x.Fixed != nil:
		line.Days, line.Amount = l.T("byhand.fixed", "year", x.Year), explain.Plain(l, x.Line.Amount, x.Type.Unit)
		line.Balance += "#fix"
	case x.Line.Until.IsZero():
		line.Days = l.Date(x.Line.Date)
	default:
		line.Days = l.Range(x.Line.Date, x.Line.Until)
	}
	line.Note = byHandNote(l, x)
	if x.MayUndo() {
		line.Undo = byHandPath + "/" + x.Line.ID + "/undo"
	}
	return line
}

// byHandNote says what became of a line.
func byHandNote(l *lang.Locale, x *leave.ByHand) string {
	switch {
	case x.Undone != nil:
		return l.T("byhand.undone")
	case x.Back != nil:
		return l.T("byhand.back", "amount", explain.Signed(l, x.Back.Amount, x.Type.Unit), "reason", x.Back.Reason)
	}
	return ""
}

// undoByHandPage asks why a line is taken back.
type undoByHandPage struct {
	Frame template.Page
	Form  *page.Form
	Line  byHandLine
}

// showUndoByHand handles GET /manage/adjustments/{id}/undo.
func showUndoByHand(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderUndoByHand(w, r, t, f)
}

func renderUndoByHand(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	x, err := t.Leave.OneByHand(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := undoByHandPage{Form: f, Line: byHandLineOf(v, &x), Frame: page.ManageFrame(w, r, v.Lang.T("byhand.undo.title"), byHandPath)}
	return page.Render(w, r, f.Status(), undoByHandView(p))
}

// undoByHand handles POST /manage/adjustments/{id}/undo.
func undoByHand(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	done, err := f.Attempt(func() error {
		return t.Leave.UndoAdjustment(r.Context(), page.VisitOf(r).Person, r.PathValue("id"), f.Text("reason"), true)
	})
	switch {
	case err != nil:
		return err
	case done:
		return page.Done(w, r, byHandPath, "taken-back")
	}
	return renderUndoByHand(w, r, t, f)
}

func byHandColumns(l *lang.Locale) []template.Column {
	return []template.Column{{Text: l.T("web.col.person")}, {Text: l.T("web.col.type")}, {Text: l.T("byhand.days")},
		{Text: l.T("leaver.paper.amount"), Number: true}, {Text: l.T("byhand.reason")}, {Text: l.T("byhand.undo")}}
}

// undoFacts say what is taken back.
func undoFacts(l *lang.Locale, x byHandLine) []template.Fact {
	return []template.Fact{{Name: l.T("web.col.person"), Text: x.Person.Name()}, {Name: l.T("web.col.type"), Text: x.Type.Name},
		{Name: l.T("byhand.days"), Text: x.Days}, {Name: l.T("leaver.paper.amount"), Text: x.Amount},
		{Name: l.T("byhand.reason"), Text: x.Line.Reason + " (" + x.Written + ")"}}
}
