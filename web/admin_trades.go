// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"net/http"

	table "verlof/internal/sheet"
	"verlof/leave"
	"verlof/tenant"
	"verlof/web/template"
)

// tradesPage lists the leave that was bought and sold, for payroll.
type tradesPage struct {
	Frame template.Page
	Lines []claimLine
	Pages template.Pages
}

// showTrades handles GET /manage/trades.
func showTrades(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := visitOf(r)
	all, err := t.Leave.Trades(r.Context(), v.person)
	if err != nil {
		return err
	}
	p := tradesPage{Frame: adminFrame(w, r, v.lang.T("admin.trades"), "/manage/trades")}
	var lines []claimLine
	for _, c := range all {
		lines = append(lines, claimLineOf(v, c))
	}
	p.Lines, p.Pages = paginate(lines, r.URL.Query().Get("page"), func(number string) string { return withQuery("/manage/trades", "page", number) })
	return render(w, r, http.StatusOK, tradesView(p))
}

// tradesFile handles GET /manage/trades/list.csv: the same as a file.
func tradesFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := visitOf(r)
	l := v.lang
	all, err := t.Leave.Trades(r.Context(), v.person)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = table.WriteCSV(&b, ';', func(yield func([]string) bool) {
		if !yield([]string{l.T("leaver.paper.number"), l.T("web.col.person"), l.T("web.claims.what"), l.T("web.col.type"), l.T("web.claim.field.date.trade"),
			l.T("leaver.paper.amount"), l.T("admin.trades.unit"), l.T("web.col.state"), l.T("admin.trades.decided")}) {
			return
		}
		for _, c := range all {
			decided := ""
			if c.DecidedAt != 0 {
				decided = l.DateTime(c.DecidedAt, v.zone)
			}
			amount := l.Number(c.Worth, 2)
			if c.On.Unit == leave.Hours {
				amount = l.HoursOf(c.Worth)
			}
			if !yield([]string{c.Who.Number, c.Who.Name(), l.T("web.claim." + string(c.Kind)), c.On.Name, c.Claim.Date.String(), amount,
				l.T("admin.trades.unit." + string(c.On.Unit)), l.T("ui.status." + string(c.State)), decided}) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="trades.csv"`)
	send(w, r, http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
	return nil
}
