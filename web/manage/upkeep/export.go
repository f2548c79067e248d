// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// exportPage offers everything of the customer in one file.
type exportPage struct {
	Frame template.Page
	May   bool     // the visitor may have it
	Past  []string // when it was taken along before, and by whom
}

// showExport handles GET /manage/export.
func showExport(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	before, err := t.TakenAlong(r.Context(), v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := exportPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.export"), page.ExportPath), May: v.Viewer.SeesAll()}
	for _, x := range before {
		who := v.Lang.T("admin.export.operator")
		if x.By != "" {
			if who = v.Lang.T("admin.export.left"); org.Person(x.By).ID != "" {
				who = org.Person(x.By).Name()
			}
		}
		p.Past = append(p.Past, v.Lang.DateTime(x.At.UnixMicro(), v.Zone)+" · "+who)
	}
	return page.Render(w, r, http.StatusOK, exportView(p))
}

// How long a file may take to be made, and how slowly it may be fetched.
const (
	exportTime = 30 * time.Minute
	slowest    = 64 << 10 // bytes in a second
)

// sendExport handles POST /manage/export: the file itself. Nothing of it is kept.
func sendExport(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	may := http.NewResponseController(w)
	if err := may.SetWriteDeadline(time.Now().Add(exportTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	file, err := t.TakeAlong(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	defer file.Close()
	_ = may.SetWriteDeadline(time.Now().Add(time.Minute + time.Duration(file.Size/slowest)*time.Second)) // it was supported above, or is not
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	h.Set("Cache-Control", "no-store")
	_, _ = io.Copy(w, file) // who went away has asked for nothing
	return nil
}
