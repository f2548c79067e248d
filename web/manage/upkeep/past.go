// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"net/http"
	"time"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// pastsPage lists the past states that can be looked at.
type pastsPage struct {
	Frame template.Page
	All   bool
	Lines []pastLine
}

// pastLine is one of them.
type pastLine struct {
	Path                      string
	State, Until, Opened, Why string
	Granted                   bool // only by a grant of the operator
	Looks                     []lookLine
}

// lookLine says who looked at which pages, between when and when.
type lookLine struct{ Who, When, Pages string }

// mostLooks is how many looks of a past state are told, the newest.
const mostLooks = 200

// showPasts handles GET /manage/pasts.
func showPasts(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	list, err := t.Pasts(r.Context(), v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := pastsPage{All: v.Viewer.IsAdministrator()}
	for i := range list {
		looks, err := t.Looks(r.Context(), v.Person, list[i].ID, mostLooks)
		if err != nil {
			return err
		}
		p.Lines = append(p.Lines, pastLineOf(v, org, &list[i], looks))
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.pasts"), page.PastsPath)
	return page.Render(w, r, http.StatusOK, pastsView(p))
}

func pastLineOf(v *page.Visit, org *people.Organisation, p *tenant.OpenPast, looks []tenant.PastLook) pastLine {
	at := func(t time.Time) string { return v.Lang.DateTime(t.UnixMicro(), v.Zone) }
	x := pastLine{Path: page.PastsPath + "/" + p.ID, State: at(p.State), Until: at(p.Ends), Why: p.Reason, Granted: tenant.Granted(p),
		Opened: v.Lang.T("admin.pasts.opened.by", "at", at(p.Opened), "by", p.By)}
	var who []string
	pages := map[string][]tenant.PastLook{}
	for _, l := range looks {
		if pages[l.Who] == nil {
			who = append(who, l.Who)
		}
		pages[l.Who] = append(pages[l.Who], l)
	}
	for _, w := range who {
		name := w // of an operator
		if p := org.Person(people.ID(w)); p.ID != "" {
			name = p.Name()
		}
		x.Looks = append(x.Looks, lookLine{name, at(pages[w][0].At), v.Lang.T("admin.pasts.pages", "count", len(pages[w]))})
	}
	return x
}

// stepOver handles GET /manage/pasts/{id}/look: the site of the past state, with a link that
// lets the visitor in.
func stepOver(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if from := r.Header.Get("Sec-Fetch-Site"); from != "" && from != "same-origin" && from != "none" {
		return errs.New(errs.Forbidden, "web.error.cross_origin")
	}
	v := page.VisitOf(r)
	url, err := t.StepOver(r.Context(), v.Person, v.Session, r.PathValue("id"))
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, url)
}

// facts say what a past state is.
func (x *pastLine) facts(l *lang.Locale) []template.Fact {
	facts := []template.Fact{{Name: l.T("admin.pasts.opened"), Text: x.Opened}, {Name: l.T("admin.pasts.until"), Text: x.Until}}
	if x.Why != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.pasts.why"), Text: x.Why})
	}
	if x.Granted {
		facts = append(facts, template.Fact{Name: l.T("admin.pasts.access"), Text: l.T("admin.pasts.granted")})
	}
	return facts
}
