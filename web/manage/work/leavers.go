// SPDX-License-Identifier: Apache-2.0

package work

import (
	"cmp"
	"net/http"
	"slices"
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

// leaversPage lists those who leave, or have left in the last year.
type leaversPage struct {
	Frame template.Page
	Lines []leaverLine
}

// leaverLine is one of them.
type leaverLine struct {
	leave.Leaver
	Last    string
	Left    bool // the last day is over
	Back    string
	PayOut  string
	Owed    string
	Done    string // what is recorded with the final pay
	Address string
	Paper   string
}

// leaverPath is the page of somebody who leaves, of an employment.
func leaverPath(x *leave.Leaver) string {
	return page.WithQuery(page.LeaverPath(x.Person.ID), "employment", x.Employment.ID)
}

// leaverPaperPath is the same on paper.
func leaverPaperPath(x *leave.Leaver) string {
	return page.WithQuery(page.LeaverPath(x.Person.ID)+"/statement.pdf", "employment", x.Employment.ID)
}

// showLeavers handles GET /manage/leavers.
func showLeavers(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	all, err := t.Leave.Leavers(ctx, v.Person, today.AddYears(-1))
	if err != nil {
		return err
	}
	p := leaversPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.leavers"), "/manage/leavers")}
	for i := range all {
		p.Lines = append(p.Lines, leaverLineOf(v.Lang, &all[i], today))
	}
	return page.Render(w, r, http.StatusOK, leaversView(p))
}

// leaverLineOf puts what becomes of somebody's leave into one line.
func leaverLineOf(l *lang.Locale, x *leave.Leaver, today calendar.Date) leaverLine {
	sum := func(of func(*leave.LeaverLine) exact.Rat) string {
		var out []string
		for i := range x.Lines {
			if amount := of(&x.Lines[i]); !amount.IsZero() {
				out = append(out, x.Lines[i].Type.Name+" "+explain.Plain(l, amount, x.Lines[i].Unit))
			}
		}
		return strings.Join(out, ", ")
	}
	line := leaverLine{Leaver: *x, Last: l.Date(x.Employment.To), Left: x.Employment.To < today, Address: leaverPath(x), Paper: leaverPaperPath(x),
		PayOut: sum(func(o *leave.LeaverLine) exact.Rat { return o.PayOut }),
		Owed:   sum(func(o *leave.LeaverLine) exact.Rat { return o.Owed }),
		Done:   sum(func(o *leave.LeaverLine) exact.Rat { return o.FinalPay })}
	if line.Done != "" {
		line.Done = l.T("admin.leavers.done", "what", line.Done)
	}
	if !x.Back.IsZero() {
		line.Back = l.T("admin.leavers.back", "date", x.Back)
	}
	return line
}

// leaverPage is what becomes of the leave of one person who leaves.
type leaverPage struct {
	Frame    template.Page
	Form     *page.Form // of the final pay
	Leaver   leave.Leaver
	Accounts []leaverAccount
	Unpaid   string // who came back has what was left; empty: nobody did, or nothing was
	Due      string // exactly what the visitor may record with the final pay; empty: nothing
	Left     string // the same in words
}

// leaverAccount is one leave type of a leaver, in words.
type leaverAccount struct {
	Type     leave.Type
	Year     string
	Rows     []leaverRow
	Result   leaverRow // what is paid or owed
	Classes  []leaverRow
	Goes     []view.DueLine
	Lines    []template.LineItem
	Recorded []string // what is recorded with the final pay, by whom and when
}

// leaverRow is one amount with its name, and the other unit where it is known.
type leaverRow struct{ Name, Amount, Other string }

// showLeaver handles GET /manage/leavers/{id}.
func showLeaver(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderLeaver(w, r, t, page.BlankForm(r), r.URL.Query().Get("employment"))
}

func renderLeaver(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, employment string) error {
	v := page.VisitOf(r)
	x, err := t.Leave.Leaver(r.Context(), v.Person, people.ID(r.PathValue("id")), employment)
	if err != nil {
		return err
	}
	p := leaverPage{Form: f, Leaver: x, Left: view.LeftOf(v.Lang, &x),
		Frame: page.ManageFrame(w, r, v.Lang.T("admin.leaver.title", "name", x.Person.Name()), page.LeaverPath(x.Person.ID))}
	if x.Unpaid() {
		p.Unpaid = v.Lang.T("admin.leaver.back", "back", x.Back, "left", p.Left)
	}
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	if v.Viewer.NeedOver(people.KeepBalances, x.Person.ID) == nil && x.Employment.To <= today.AddMonths(1) { // before, nobody knows yet
		p.Due = dueText(x.Due())
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	for i := range x.Lines {
		a := leaverAccountOf(v.Lang, &x.Lines[i])
		a.fillRecorded(v, org, &x.Lines[i])
		p.Accounts = append(p.Accounts, a)
	}
	return page.Render(w, r, f.Status(), leaverView(p))
}

// dueText writes what is due for the form, by leave type, and dueOf reads it.
func dueText(due map[string]exact.Rat) string {
	var out []string
	for typ, amount := range due {
		out = append(out, typ+" "+amount.String())
	}
	slices.Sort(out)
	return strings.Join(out, ";")
}

func dueOf(text string) map[string]exact.Rat {
	out := map[string]exact.Rat{}
	for one := range strings.SplitSeq(text, ";") {
		typ, amount, _ := strings.Cut(one, " ")
		out[typ], _ = exact.Parse(amount) // what cannot be read is not what is due
	}
	return out
}

// fillRecorded says what is recorded with the final pay.
func (a *leaverAccount) fillRecorded(v *page.Visit, org *people.Organisation, x *leave.LeaverLine) {
	for _, line := range x.Recorded {
		key := "admin.leaver.paid"
		if line.Amount.Sign() > 0 {
			key = "admin.leaver.withheld"
		}
		a.Recorded = append(a.Recorded, v.Lang.T(key, "amount", explain.Plain(v.Lang, exact.Max(line.Amount, line.Amount.Neg()), x.Unit),
			"name", org.Person(line.By).Name(), "at", v.Lang.DateTime(line.At, v.Zone), "note", line.Reason))
	}
}

// recordFinalPay handles POST /manage/leavers/{id}/final-pay.
func recordFinalPay(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	x := leave.FinalPay{Person: people.ID(r.PathValue("id")), Employment: f.Text("employment"), Due: dueOf(f.Text("due")), Note: f.Text("reason")}
	if f.Fine() {
		err := t.Leave.RecordFinalPay(r.Context(), page.VisitOf(r).Person, x)
		if err == nil {
			return page.Done(w, r, page.WithQuery(page.LeaverPath(x.Person), "employment", x.Employment), "final-pay")
		}
		if !f.Refuse(err) {
			return err
		}
	}
	return renderLeaver(w, r, t, f, x.Employment)
}

// leaverAccountOf puts one leave type of a leaver into words.
func leaverAccountOf(l *lang.Locale, x *leave.LeaverLine) leaverAccount {
	a := leaverAccount{Type: x.Type, Year: l.Range(x.Year.From, x.Year.To)}
	row := func(key string, amount exact.Rat) leaverRow {
		return leaverRow{l.T("leaver." + key), explain.Plain(l, amount, x.Unit), explain.Other(l, amount, x.Unit, x.DayLength)}
	}
	for _, one := range []struct {
		key    string
		amount exact.Rat
		always bool
	}{
		{"carried", x.Carried, false}, {"corrected", x.Corrected, false}, {"entitled", x.Entitled, true}, {"taken", x.Taken.Neg(), true}, {"lost", x.Lost.Neg(), false},
		{"paid", x.Paid.Neg(), false}, {"since", x.Since, false},
	} {
		if one.always || !one.amount.IsZero() {
			a.Rows = append(a.Rows, row(one.key, one.amount))
		}
	}
	a.fillResult(x, row)
	for _, s := range x.Classes {
		a.Classes = append(a.Classes, row("class."+cmp.Or(string(s.Class), "other"), s.Amount))
	}
	for _, b := range x.Goes {
		a.Goes = append(a.Goes, view.DueLineOf(l, x.Unit, b))
	}
	for i := range x.Statement.Lines {
		if n := &x.Statement.Lines[i]; n.Date >= x.Year.From && !(n.Kind == leave.LineGrant && n.Amount.IsZero()) {
			a.Lines = append(a.Lines, view.LineItem(l, &x.Statement, n))
		}
	}
	return a
}

// fillResult fills in what is paid or owed: what is still to be, or what was with the final pay.
func (a *leaverAccount) fillResult(x *leave.LeaverLine, row func(string, exact.Rat) leaverRow) {
	pay := row("finalpay", x.FinalPay)
	if x.FinalPay.Sign() < 0 {
		pay = row("withheld", x.FinalPay.Neg())
	}
	switch {
	case !x.FinalPay.IsZero() && x.PayOut.IsZero() && x.Owed.IsZero():
		a.Result = pay
		return
	case x.FinalPay.Sign() > 0:
		a.Rows = append(a.Rows, row("finalpay", x.FinalPay.Neg()))
	case x.FinalPay.Sign() < 0:
		a.Rows = append(a.Rows, pay)
	}
	a.Result = row("payout", x.PayOut)
	switch {
	case !x.Owed.IsZero():
		a.Result = row("owed", x.Owed)
	case !x.NotPaid.IsZero():
		a.Result = row("notpaid", x.NotPaid)
	}
}

// leaverPaper handles GET /manage/leavers/{id}/statement.pdf: the same on paper, in
// the language of the person.
func leaverPaper(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	x, err := t.Leave.Leaver(ctx, v.Person, people.ID(r.PathValue("id")), r.URL.Query().Get("employment"))
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	region := org.Locations[org.LocationOn(x.Person.ID, x.Employment.To)].Region
	l := lang.For(cmp.Or(x.Person.Language, v.Settings.Language))
	pdf, err := leaverStatement(l, v.Settings.Name, region, &x, today)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `inline; filename="leave-`+x.Employment.To.String()+`.pdf"`)
	page.Send(w, r, http.StatusOK, "application/pdf", pdf)
	return nil
}
