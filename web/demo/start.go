// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"net/http"
	"slices"

	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// StartPath is where a visitor of a demo begins.
const StartPath = "/demo"

// startPage says who is who, and what is worth a try.
type startPage struct {
	Frame template.Page
	Who   []Person
	Tries []try
}

// try is something to look at, as somebody who may.
type try struct {
	Key  string // of its words, below web.demo.try
	As   Person
	Path string
}

// start handles GET /demo.
func (d *Demo) start(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	who, err := d.Persons(r.Context(), t)
	if err != nil {
		return err
	}
	p := startPage{Frame: page.Frame(w, r, v.Lang.T("web.demo.start.title")), Who: who}
	for _, x := range []struct{ key, role, path string }{
		{"why", "employee", "/balance"}, {"decide", "manager", "/inbox"}, {"change", "administrator", page.ChangesPath}, {"past", "administrator", page.PastsPath},
	} {
		i := slices.IndexFunc(who, func(p Person) bool { return p.Role == x.role })
		if i < 0 {
			continue
		}
		if x.path == page.PastsPath {
			if open, err := t.Pasts(r.Context(), who[i].ID); err != nil || len(open) == 0 {
				continue // nothing went wrong here
			}
		}
		p.Tries = append(p.Tries, try{x.key, who[i], x.path})
	}
	return page.Render(w, r, http.StatusOK, startView(p))
}
