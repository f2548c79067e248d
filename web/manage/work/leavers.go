// SPDX-License-Identifier: Apache-2.0

package work

import (
	"cmp"
	"net/http"
	"strings"

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
	Address string
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
	for _, x := range all {
		line := leaverLine{Leaver: x, Last: v.Lang.Date(x.Employment.To), Left: x.Employment.To < today,
			Address: "/manage/leavers/" + string(x.Person.ID)}
		var pay, owed []string
		for i := range x.Lines {
			one := &x.Lines[i]
			if !one.PayOut.IsZero() {
				pay = append(pay, one.Type.Name+" "+explain.Plain(v.Lang, one.PayOut, one.Unit))
			}
			if !one.Owed.IsZero() {
				owed = append(owed, one.Type.Name+" "+explain.Plain(v.Lang, one.Owed, one.Unit))
			}
		}
		if !x.Back.IsZero() {
			line.Back = v.Lang.T("admin.leavers.back", "date", x.Back)
		}
		line.PayOut, line.Owed = strings.Join(pay, ", "), strings.Join(owed, ", ")
		p.Lines = append(p.Lines, line)
	}
	return page.Render(w, r, http.StatusOK, leaversView(p))
}

// leaverPage is what becomes of the leave of one person who leaves.
type leaverPage struct {
	Frame    template.Page
	Leaver   leave.Leaver
	Accounts []leaverAccount
	Unpaid   string // who came back has what was left; empty: nobody did, or nothing was
}

// leaverAccount is one leave type of a leaver, in words.
type leaverAccount struct {
	Type    leave.Type
	Year    string
	Rows    []leaverRow
	Result  leaverRow // what is paid or owed
	Classes []leaverRow
	Goes    []view.DueLine
	Lines   []template.LineItem
}

// leaverRow is one amount with its name, and the other unit where it is known.
type leaverRow struct{ Name, Amount, Other string }

// showLeaver handles GET /manage/leavers/{id}.
func showLeaver(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	x, err := t.Leave.Leaver(r.Context(), v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := leaverPage{Leaver: x, Frame: page.ManageFrame(w, r, v.Lang.T("admin.leaver.title", "name", x.Person.Name()), "/manage/leavers/"+string(x.Person.ID))}
	if x.Unpaid() {
		p.Unpaid = v.Lang.T("admin.leaver.back", "back", x.Back, "left", view.LeftOf(v.Lang, &x))
	}
	for i := range x.Lines {
		p.Accounts = append(p.Accounts, leaverAccountOf(v.Lang, &x.Lines[i]))
	}
	return page.Render(w, r, http.StatusOK, leaverView(p))
}

// leaverAccountOf puts one leave type of a leaver into words.
func leaverAccountOf(l *lang.Locale, x *leave.LeaverLine) leaverAccount {
	a := leaverAccount{Type: x.Type, Year: l.Range(x.Year.From, x.Year.To)}
	row := func(key string, amount exact.Rat) leaverRow {
		minus := strings.NewReplacer("-", "\u2212")
		return leaverRow{l.T("leaver." + key), minus.Replace(explain.Plain(l, amount, x.Unit)), minus.Replace(explain.Other(l, amount, x.Unit, x.DayLength))}
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
	a.Result = row("payout", x.PayOut)
	if !x.Owed.IsZero() {
		a.Result = row("owed", x.Owed)
	}
	for _, s := range x.Classes {
		a.Classes = append(a.Classes, row("class."+string(s.Class), s.Amount))
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

// leaverPaper handles GET /manage/leavers/{id}/statement.pdf: the same on paper, in
// the language of the person.
func leaverPaper(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	x, err := t.Leave.Leaver(ctx, v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	l := lang.For(cmp.Or(x.Person.Language, v.Settings.Language))
	pdf, err := leaverStatement(l, v.Settings.Name, &x, today)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `inline; filename="leave-`+x.Employment.To.String()+`.pdf"`)
	page.Send(w, r, http.StatusOK, "application/pdf", pdf)
	return nil
}
