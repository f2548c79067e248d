// SPDX-License-Identifier: Apache-2.0

package work

import (
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/internal/paper"
	"verlof/leave"
)

// leaverLaw returns the sentence that says which law asks for the statement, of the country in which somebody worked
// last; without a law where we know of none.
func leaverLaw(l *lang.Locale, region string) string {
	country, _, _ := strings.Cut(region, "-")
	if key := "leaver.paper.law." + country; l.Has(key) {
		return l.T(key)
	}
	return l.T("leaver.paper.law")
}

// leaverStatement writes what becomes of somebody's leave as a PDF, dated today, for one who worked in a region last.
func leaverStatement(l *lang.Locale, customer, region string, x *leave.Leaver, today calendar.Date) ([]byte, error) {
	y, m, d := today.Civil()
	doc, err := paper.New(l.T("leaver.paper.title")+": "+x.Person.Name(), l.Tag(), customer+" · "+x.Person.Name(), l.T("leaver.paper.lacks"),
		time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	doc.Title(customer, l.T("leaver.paper.title"))
	facts := [][2]string{{l.T("leaver.paper.person"), x.Person.Name()}}
	if x.Person.Number != "" {
		facts = append(facts, [2]string{l.T("leaver.paper.number"), x.Person.Number})
	}
	facts = append(facts, [2]string{l.T("leaver.paper.employment"), l.Range(x.Employment.From, x.Employment.To)},
		[2]string{l.T("leaver.paper.date"), l.Date(today)})
	doc.Facts(facts...)
	var accounts []leaverAccount
	for i := range x.Lines {
		accounts = append(accounts, leaverAccountOf(l, &x.Lines[i]))
	}
	leaverSummary(doc, l, accounts)
	for i := range accounts {
		leaverPart(doc, l, &accounts[i])
	}
	doc.Heading(l.T("leaver.paper.certificate"))
	doc.Text(l.T("leaver.paper.certificate.text", "name", x.Person.Name(), "from", x.Employment.From, "to", x.Employment.To))
	doc.Small(leaverLaw(l, region))
	doc.Signature(l.T("leaver.paper.sign.employer"), l.T("leaver.paper.sign.person"))
	return doc.Bytes()
}

// leaverSummary writes what is paid or owed, a line for each leave type.
func leaverSummary(doc *paper.Doc, l *lang.Locale, accounts []leaverAccount) {
	if len(accounts) == 0 {
		doc.Text(l.T("leaver.none"))
		return
	}
	var rows [][]string
	for _, a := range accounts {
		rows = append(rows, []string{a.Type.Name, a.Result.Name, a.Result.Amount, a.Result.Other})
	}
	doc.Table([]paper.Column{{Text: l.T("web.col.type"), Width: 0.36}, {Text: l.T("leaver.paper.result"), Width: 0.28},
		{Text: l.T("leaver.paper.amount"), Width: 0.18, Number: true, Strong: true}, {Text: l.T("leaver.paper.other"), Width: 0.18, Number: true}}, rows)
}

// leaverPart writes how it came about for one leave type.
func leaverPart(doc *paper.Doc, l *lang.Locale, a *leaverAccount) {
	doc.Heading(a.Type.Name + " · " + a.Year)
	var sums [][]string
	for _, r := range append(append(a.Rows, a.Result), a.Classes...) {
		sums = append(sums, []string{r.Name, r.Amount, r.Other})
	}
	doc.Table([]paper.Column{{Text: l.T("leaver.paper.sums"), Width: 0.6}, {Text: l.T("leaver.paper.amount"), Width: 0.2, Number: true},
		{Text: l.T("leaver.paper.other"), Width: 0.2, Number: true}}, sums)
	for _, d := range a.Goes {
		doc.Text(l.T("leaver.paper.goes", "what", d.What, "left", d.Left, "until", d.Until))
	}
	if len(a.Lines) == 0 {
		return
	}
	var rows [][]string
	for _, x := range a.Lines {
		rows = append(rows, []string{x.When, x.What + " " + bracketed(strings.Join(x.Reasons, "; ")), x.Amount, x.Left})
	}
	doc.Table([]paper.Column{{Text: l.T("web.col.when"), Width: 0.22}, {Text: l.T("leaver.paper.how"), Width: 0.44},
		{Text: l.T("leaver.paper.change"), Width: 0.17, Number: true}, {Text: l.T("leaver.paper.balance"), Width: 0.17, Number: true}}, rows)
}

// bracketed puts a text into brackets; nothing stays nothing.
func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}
