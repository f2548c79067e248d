// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"context"
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// staffPage lists everybody, for those who keep people.
type staffPage struct {
	Frame template.Page
	Form  *page.Form // what is looked for
	Teams []template.Option
	Lines []staffLine
	Pages template.Pages

	Uninvited []people.ID // those of the list who were never invited and may be
}

// staffLine is one person of the list.
type staffLine struct {
	Person   people.Person
	Teams    string
	Location string
	Works    string // name of the working pattern
	Since    string
	Badges   []view.Badge
}

// presence is where somebody stands on a day.
type presence struct {
	state string        // "here", "coming", "gone", "closed"; its words are "admin.state." + state
	on    calendar.Date // when it begins or ended
}

// presenceOf says where a person stands on a day.
func presenceOf(r *people.Record, today calendar.Date) presence {
	p := presence{state: "gone"}
	for _, e := range r.Employments {
		switch {
		case e.Range().Contains(today):
			p = presence{"here", e.From}
		case p.state != "here" && e.From > today && p.state != "coming":
			p = presence{"coming", e.From}
		case p.state == "gone":
			p.on = e.To
		}
	}
	if !r.Person.Active {
		p.state = "closed"
	}
	return p
}

// counts reports whether somebody works here, or soon will.
func (p presence) counts() bool { return p.state == "here" || p.state == "coming" }

// wanted reports whether a list of so chosen people holds somebody; "" are those
// who work here, and an unknown choice holds nobody.
func (p presence) wanted(which string) bool {
	switch which {
	case "", "here":
		return p.counts()
	case "gone":
		return !p.counts()
	}
	return which == "all"
}

// inviteAll handles POST /manage/people/invite: those of a list who were never invited.
func inviteAll(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := staffOf(r, t)
	if err != nil {
		return err
	}
	n, err := t.Identity.InviteAll(r.Context(), p.Uninvited)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "admin.error.nobody_to_invite").At("find")
	}
	if err == nil {
		return page.Done(w, r, p.path(""), "all-invited")
	}
	if !p.Form.Mend(err) {
		return err
	}
	return p.render(w, r)
}

// path is that of the list, or of one of its pages.
func (p *staffPage) path(number string) string {
	return page.WithQuery("/manage/people", "find", p.Form.Text("find"), "team", p.Form.Text("team"), "who", p.Form.Text("who"), "page", number)
}

// uninvited returns who was never invited: nobody where people sign in with a provider of the
// customer's own alone, which asks for no invitation.
func uninvited(ctx context.Context, t *tenant.Tenant) (map[people.ID]bool, error) {
	_, elsewhere, err := t.SSO.Doors(ctx)
	if err != nil || elsewhere {
		return nil, err
	}
	all, err := t.Identity.Uninvited(ctx)
	out := map[people.ID]bool{}
	for _, p := range all {
		out[p.ID] = true
	}
	return out, err
}

// showStaff handles GET /manage/people.
func showStaff(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	p, err := staffOf(r, t)
	if err != nil {
		return err
	}
	return p.render(w, r)
}

func (p *staffPage) render(w http.ResponseWriter, r *http.Request) error {
	p.Frame = page.ManageFrame(w, r, p.Form.Lang.T("admin.people"), p.path(p.Form.Text("page")))
	return page.Render(w, r, p.Form.Status(), staffView(*p))
}

// staffOf returns the list that a request asks for.
func staffOf(r *http.Request, t *tenant.Tenant) (p staffPage, err error) {
	if p.Form, err = page.ReadForm(r); err == nil {
		err = p.fill(r, t)
	}
	return p, err
}

func (p *staffPage) fill(r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	all, err := t.People.People(ctx, v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	patterns, err := t.People.Patterns(ctx, v.Person)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	never, err := uninvited(ctx, t)
	if err != nil {
		return err
	}
	p.Teams = []template.Option{{Text: v.Lang.T("admin.all_teams")}}
	for _, team := range org.Teams {
		p.Teams = append(p.Teams, template.Option{Value: team.ID, Text: team.Name})
	}
	in := teamsOf(org)
	for _, one := range all {
		now := presenceOf(org.Records[one.ID], today)
		if !now.wanted(p.Form.Text("who")) || !view.Matches(one, p.Form.Text("find")) || !in.holds(one.ID, p.Form.Text("team")) {
			continue
		}
		line := staffLine{Person: one, Teams: v.Lang.List(in.names(one.ID)...), Location: org.Locations[one.Location].Name}
		line.fill(v.Lang, org.Records[one.ID], now, today, patterns)
		if never[one.ID] && now.counts() {
			p.Uninvited = append(p.Uninvited, one.ID)
			line.Badges = append(line.Badges, view.Badge{Text: v.Lang.T("admin.uninvited")})
		}
		line.Badges = append(line.Badges, roleBadges(v.Lang, one, in.leads(one.ID))...)
		p.Lines = append(p.Lines, line)
	}
	p.Lines, p.Pages = page.Paginate(p.Lines, p.Form.Text("page"), p.path)
	return nil
}

// fill says how and since when somebody works.
func (x *staffLine) fill(l *lang.Locale, r *people.Record, now presence, today calendar.Date, patterns []people.Pattern) {
	if now.state == "here" {
		x.Since = l.Date(now.on)
	}
	if b, ok := now.badge(l); ok {
		x.Badges = append(x.Badges, b)
	}
	if c, ok := r.ContractOn(max(today, now.on)); ok {
		x.Works = view.PatternName(patterns, c.Pattern)
	} else if now.counts() {
		x.Badges = append(x.Badges, view.Badge{Tone: template.Warn, Text: l.T("admin.no_contract")})
	}
}

// badge names a presence that is not the usual one.
func (p presence) badge(l *lang.Locale) (view.Badge, bool) {
	switch p.state {
	case "coming":
		return view.Badge{Tone: template.Info, Text: l.T("admin.state.coming", "date", p.on)}, true
	case "gone":
		if p.on.IsZero() {
			return view.Badge{Text: l.T("admin.state.never")}, true
		}
		return view.Badge{Text: l.T("admin.state.gone", "date", p.on)}, true
	case "closed":
		return view.Badge{Text: l.T("admin.state.closed")}, true
	}
	return view.Badge{}, false
}

// roleBadges name what somebody may do beyond being an employee.
func roleBadges(l *lang.Locale, p people.Person, leads bool) []view.Badge {
	var out []view.Badge
	if leads {
		out = append(out, view.Badge{Text: l.T("admin.role.manager")})
	}
	for _, name := range p.Roles.Names() {
		out = append(out, view.Badge{Tone: template.Info, Text: l.T("admin.role." + name)})
	}
	return out
}

// membership says who is in which team.
type membership map[people.ID][]people.Team

func teamsOf(org *people.Organisation) membership {
	m := membership{}
	for _, t := range org.Teams {
		for _, p := range t.Members {
			m[p] = append(m[p], t)
		}
		for _, p := range t.Managers {
			if !slices.Contains(t.Members, p) {
				m[p] = append(m[p], t)
			}
		}
	}
	return m
}

// names are those of the teams that somebody is in.
func (m membership) names(p people.ID) []string {
	var out []string
	for _, t := range m[p] {
		if slices.Contains(t.Members, p) {
			out = append(out, t.Name)
		}
	}
	return out
}

// holds reports whether somebody is in a team or leads it; "" is any team or none.
func (m membership) holds(p people.ID, team string) bool {
	return team == "" || slices.ContainsFunc(m[p], func(t people.Team) bool { return t.ID == team })
}

// leads reports whether somebody leads a team.
func (m membership) leads(p people.ID) bool {
	return slices.ContainsFunc(m[p], func(t people.Team) bool { return slices.Contains(t.Managers, p) })
}

// uncovered counts who works here without a contract line.
func uncovered(org *people.Organisation, today calendar.Date) int {
	n := 0
	for _, r := range org.Records {
		now := presenceOf(r, today)
		if _, ok := r.ContractOn(max(today, now.on)); now.counts() && !ok {
			n++
		}
	}
	return n
}
