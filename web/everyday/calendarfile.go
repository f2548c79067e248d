// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"
	"time"

	"verlof/internal/ical"
	"verlof/leave"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/view"
)

// requestFile handles GET /requests/{id}/calendar.ics: the leave as an entry for somebody's own
// calendar, while it counts. Its hours are those of whoever looks.
func requestFile(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	d, err := t.Leave.Detail(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !inCalendar(d.Request.State) {
		return page.ErrNothing
	}
	title := d.Type.Name
	if !view.SubjectOf(v, d.Person).Own {
		title = d.Person.Name() + ": " + title
	}
	e := view.Entry(v.Lang, d.Request.Span, title)
	e.UID, e.Tentative = d.Request.ID+"@"+r.Host, d.Request.State == leave.Pending
	e.Stamp = time.UnixMicro(max(d.Request.AskedAt, d.Request.DecidedAt))
	file := ical.Calendar{Entries: []ical.Entry{e}}
	w.Header().Set("Content-Disposition", `attachment; filename="leave-`+d.Request.From.String()+`.ics"`)
	page.Send(w, r, http.StatusOK, ical.ContentType, file.Bytes())
	return nil
}

// inCalendar reports whether leave of a state has a place in somebody's calendar.
func inCalendar(s leave.State) bool { return s == leave.Pending || s == leave.Approved }
