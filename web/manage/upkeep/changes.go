// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"net/http"
	"slices"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// changesPage lists what was changed of all that leave rests on, latest first.
type changesPage struct {
	Frame template.Page
	Kinds []template.Option
	Kind  string
	Lines []changeLine
	Older string // address of what came before; empty: nothing did
}

// changeLine is one change in words.
type changeLine struct {
	What, Path string
	When, By   string
	Kind       string
	Reason     string
	Concerns   string // whom
}

// showChanges handles GET /manage/changes.
func showChanges(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, kind := page.VisitOf(r), leave.ChangeKind(f.Text("kind"))
	if !slices.Contains(leave.ChangeKinds, kind) {
		kind = ""
	}
	list, more, err := t.Leave.Changes(r.Context(), v.Person, kind, f.Text("before"))
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := changesPage{Kind: string(kind), Kinds: []template.Option{{Text: v.Lang.T("web.changes.all")}}}
	for _, k := range leave.ChangeKinds {
		p.Kinds = append(p.Kinds, template.Option{Value: string(k), Text: v.Lang.T("web.changes.kind." + string(k))})
	}
	for i := range list {
		p.Lines = append(p.Lines, lineOf(v, org, &list[i]))
	}
	if more {
		p.Older = page.WithQuery(page.ChangesPath, "kind", p.Kind, "before", list[len(list)-1].ID)
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.changes"), page.ChangesPath)
	return page.Render(w, r, f.Status(), changesView(p))
}

func lineOf(v *page.Visit, org *people.Organisation, e *leave.ChangeEntry) changeLine {
	x := changeLine{What: explain.Change(v.Lang, e.Words), Path: page.ChangesPath + "/" + e.ID, Reason: e.Reason,
		Kind: v.Lang.T("web.changes.kind." + string(e.Kind)), By: org.Person(e.By).Name(), When: v.Lang.DateTime(e.At, v.Zone)}
	x.Concerns = v.Lang.T("web.changes.nobody")
	if e.People > 0 {
		x.Concerns = v.Lang.T("unit.people", "count", e.People)
	}
	return x
}

// changePage is one change with all that it did.
type changePage struct {
	Frame   template.Page
	Facts   []template.Fact
	People  int
	Effects view.Effects
}

// showChange handles GET /manage/changes/{id}.
func showChange(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	e, err := t.Leave.ChangeOnRecord(r.Context(), v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	x, p := lineOf(v, org, &e), changePage{People: e.People}
	p.Facts = factsOf(v.Lang, "when", x.When, "by", x.By, "kind", x.Kind, "reason", x.Reason)
	if p.Effects, err = view.EffectsOf(r, t, &e); err != nil {
		return err
	}
	p.Frame = page.ManageFrame(w, r, x.What, x.Path)
	return page.Render(w, r, http.StatusOK, changeView(p))
}

// factsOf returns pairs of name and value, those without a value left out.
func factsOf(l *lang.Locale, pairs ...string) []template.Fact {
	var out []template.Fact
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			out = append(out, template.Fact{Name: l.T("web.changes." + pair[0]), Text: pair[1]})
		}
	}
	return out
}
