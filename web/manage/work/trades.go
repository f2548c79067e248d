// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"

	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// tradesPage lists the leave that was bought and sold, for payroll.
type tradesPage struct {
	Frame template.Page
	Lines []view.ClaimLine
	Pages template.Pages
}

// showTrades handles GET /manage/trades.
func showTrades(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	all, err := t.Leave.Trades(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := tradesPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.trades"), "/manage/trades")}
	var lines []view.ClaimLine
	for _, c := range all {
		lines = append(lines, view.ClaimLineOf(v, c))
	}
	p.Lines, p.Pages = page.Paginate(lines, r.URL.Query().Get("page"), func(number string) string { return page.WithQuery("/manage/trades", "page", number) })
	return page.Render(w, r, http.StatusOK, tradesView(p))
}

// tradesFile handles GET /manage/trades/list.csv: the same as a file.
func tradesFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	l := v.Lang
	all, err := t.Leave.Trades(r.Context(), v.Person)
	if err != nil {
		return err
	}
	return page.SendTable(w, r, "trades.csv", func(yield func([]string) bool) {
		if !yield([]string{l.T("leaver.paper.number"), l.T("web.col.person"), l.T("web.claims.what"), l.T("web.col.type"), l.T("web.claim.field.date.trade"),
			l.T("leaver.paper.amount"), l.T("admin.trades.unit"), l.T("web.col.state"), l.T("admin.trades.decided")}) {
			return
		}
		for _, c := range all {
			if !yield([]string{c.Who.Number, c.Who.Name(), l.T("web.claim." + string(c.Kind)), c.On.Name, c.Claim.Date.String(), fileNumber(l, c.Worth, c.On.Unit),
				l.T("admin.trades.unit." + string(c.On.Unit)), l.T("ui.status." + string(c.State)), instant(c.DecidedAt)}) {
				return
			}
		}
	})
}
