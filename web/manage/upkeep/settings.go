// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/static"
	"verlof/web/template"
	"verlof/web/view"
)

// settingsPage is where the customer's own settings are kept.
type settingsPage struct {
	Frame     template.Page
	Form      *page.Form
	Languages []template.Option
	All       bool // the visitor keeps people and rules too
	Copied    bool // every change is kept at a second place
	Copy      tenant.Copy
	Zone      *time.Location
}

// accents are offered beside the field for a colour; any other can be chosen.
var accents = strings.Fields("#2f5fd0 #0f766e #15803d #b45309 #b91c1c #be185d #7e22ce #334155")

// showSettings handles GET /manage/settings. A colour in the query is shown without
// being saved.
func showSettings(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if !r.Form.Has("accent") {
		s, err := t.People.Settings(r.Context())
		if err != nil {
			return err
		}
		f = drawSettings(f.Lang, s).Form()
	}
	return renderSettings(w, r, t, f)
}

// saveSettings handles POST /manage/settings.
func saveSettings(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	draw := func() (*page.Drawn, error) {
		s, err := t.People.Settings(r.Context())
		return drawSettings(f.Lang, s), err
	}
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error {
		saved, err := f.Attempt(func() error {
			return t.People.SaveSettings(r.Context(), page.VisitOf(r).Person,
				people.Settings{Name: f.Text("name"), Accent: f.Text("accent"), Language: f.Text("language"),
					SicknessKnown: f.Has("sickness_known", "yes"), SickFigures: f.Has("sick_figures", "yes")})
		})
		if saved {
			return page.Done(w, r, "/manage/settings", "settings-saved")
		}
		if err != nil {
			return err
		}
		return renderSettings(w, r, t, f)
	})
}

// drawSettings are the settings as their form shows them.
func drawSettings(l *lang.Locale, s people.Settings) *page.Drawn {
	d := page.Draw(l)
	d.Text("name", "", s.Name)
	d.Text("accent", "", cmp.Or(s.Accent, static.DefaultAccent.String()))
	d.Choice("language", "", s.Language, view.LanguageOptions())
	d.Tick("sickness_known", l.T("admin.settings.sickness_known"), s.SicknessKnown)
	d.Tick("sick_figures", l.T("admin.settings.sick_figures"), s.SickFigures)
	return d
}

// previewSettings handles GET /manage/settings/preview: the colour, on this page.
func previewSettings(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, accentView(f.Lang, f.Text("accent")))
}

func renderSettings(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) (err error) {
	v := page.VisitOf(r)
	p := settingsPage{Form: f, Languages: view.LanguageOptions(), All: v.Viewer.IsAdministrator(), Zone: v.Zone}
	if p.Copy, p.Copied, err = t.Copy(r.Context()); err != nil {
		return err
	}
	p.Frame = page.ManageFrame(w, r, f.Lang.T("admin.settings"), "/manage/settings")
	p.Frame.Scripts = []string{"preview.js"}
	return page.Render(w, r, f.Status(), settingsView(p))
}

// crumbs returns the way back from a page that system managers reach too: Manage itself is
// for those who keep people and rules as well, which all says.
func crumbs(l *lang.Locale, all bool, through ...template.Link) []template.Link {
	if all {
		return page.ManageCrumbs(l, through...)
	}
	return through
}

func (p *settingsPage) accent() template.Input {
	i := p.Form.Need("accent")
	i.Type, i.Short, i.Hint = "color", true, p.Frame.L.T("admin.field.accent.hint")
	i.Attrs = templ.Attributes{"list": "accents"}
	return i
}

// tick is a setting that is on or off.
func (p *settingsPage) tick(name string) template.Tick {
	t := p.Form.Tick(name, "yes", p.Frame.L.T("admin.settings."+name))
	t.Hint = p.Frame.L.T("admin.settings." + name + ".hint")
	return t
}

// copyLead says when changes are at the second place.
func (p *settingsPage) copyLead() string {
	if p.Copy.Within > 0 {
		return p.Frame.L.T("copy.lead.within", "count", int(p.Copy.Within.Seconds()))
	}
	return p.Frame.L.T("copy.lead")
}

// copyFacts say how the second place of the customer's database stands.
func (p *settingsPage) copyFacts() []template.Fact {
	l := p.Frame.L
	at := func(t time.Time) string { return l.DateTime(t.UnixMicro(), p.Zone) }
	var facts []template.Fact
	add := func(name, text string) { facts = append(facts, template.Fact{Name: l.T("copy." + name), Text: text}) }
	if !p.Copy.At.IsZero() {
		add("at", at(p.Copy.At))
	}
	switch {
	case p.Copy.Further && p.Copy.Away.IsZero():
		add("away", l.T("copy.away.unknown"))
	case p.Copy.Further:
		add("away", l.T("copy.away.at", "at", at(p.Copy.Away)))
	}
	add("back", l.T("copy.back.days", "count", p.Copy.Days))
	switch {
	case p.Copy.Drilled.IsZero():
		add("drill", l.T("copy.drill.none"))
	case p.Copy.Sound:
		add("drill", l.T("copy.drill.sound", "at", at(p.Copy.Drilled), "seconds", exact.New(p.Copy.Took.Milliseconds()+1, 1000)))
	default:
		add("drill", l.T("copy.drill.failed", "at", at(p.Copy.Drilled)))
	}
	if p.Copy.Sound && p.Copy.People > 0 {
		add("recomputed", l.T("copy.recomputed.all", "count", p.Copy.People, "balances", p.Copy.Pots))
	}
	return facts
}

// customerLanguage is the language of those who chose none.
func (p *settingsPage) customerLanguage() template.Choice {
	c := p.Form.Choice("language", p.Languages)
	c.Hint = p.Frame.L.T("admin.settings.language.hint")
	return c
}
