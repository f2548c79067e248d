// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity/provision"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// keptCard is what a person's page tells of the customer's directory.
type keptCard struct {
	provision.Standing
	Name  string // of the directory
	Moves []keptMove
}

// keptMove is a move between teams, in words.
type keptMove struct{ Words, Day string }

// keptOf returns it; Known is false of a person of whom no directory has spoken.
func keptOf(r *http.Request, t *tenant.Tenant, id people.ID) (keptCard, error) {
	v := page.VisitOf(r)
	st, err := t.Provision.Standing(r.Context(), v.Person, id)
	if err != nil {
		return keptCard{}, err
	}
	rules, err := t.Provision.Rules(r.Context())
	if err != nil {
		return keptCard{}, err
	}
	c := keptCard{Standing: st, Name: directoryName(v, rules)}
	for _, m := range st.Moves {
		if m.State != provision.MoveDropped {
			c.Moves = append(c.Moves, keptMove{moveWords(v.Lang, m), v.Lang.Date(calendar.DateOf(m.Made.In(v.Zone)))})
		}
	}
	return c, nil
}

// Known reports whether the directory keeps the person, or would.
func (c *keptCard) Known() bool { return c.User.Known && !c.User.Removed }

// moveWords says from where to where somebody goes.
func moveWords(l *lang.Locale, m provision.Move) string {
	switch {
	case m.From.Name == "":
		return l.T("admin.move.into", "to", m.To.Name)
	case m.To.Name == "":
		return l.T("admin.move.out", "from", m.From.Name)
	}
	return l.T("admin.move.words", "from", m.From.Name, "to", m.To.Name)
}

// keptFacts are what the directory says of the person and Verlof does not show elsewhere.
func (p *personPage) keptFacts() []template.Fact {
	l, u := p.Frame.L, p.Kept.User
	facts := []template.Fact{{Name: l.T("admin.kept.user"), Text: u.Name}}
	if u.Department != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.kept.department"), Text: u.Department})
	}
	if u.Manager != "" && p.KeptManager != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.kept.manager"), Text: p.KeptManager})
	}
	var names []string
	for _, g := range p.Kept.Groups {
		names = append(names, g.Name)
	}
	if len(names) > 0 {
		facts = append(facts, template.Fact{Name: l.T("admin.kept.groups"), Text: l.List(names...)})
	}
	return facts
}

// detach handles POST /manage/people/{id}/directory: the person is kept by hand from now
// on, or by the directory again.
func detach(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id, off := people.ID(r.PathValue("id")), f.Text("keep") == "hand"
	if !off && f.Text("keep") != "directory" {
		return errs.New(errs.Invalid, "")
	}
	done, err := f.Attempt(func() error { return t.Provision.Detach(r.Context(), page.VisitOf(r).Person, id, off) })
	switch {
	case err != nil:
		return err
	case !done:
		return renderPerson(w, r, t, f)
	case off:
		return page.Done(w, r, page.PersonPath(id), "person-detached")
	}
	return page.Done(w, r, page.PersonPath(id), "person-attached")
}
