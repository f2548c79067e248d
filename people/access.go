// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"

	"verlof/errs"
)

// Viewer is a person together with their roles and those they lead: enough to answer who may
// see and do what. It is the one place where that is decided.
type Viewer struct {
	Person
	Leads    map[ID]bool // persons in a team that the viewer leads
	Near     map[ID]bool // persons who share a team with the viewer
	Last     bool        // nobody else is there to decide on what is the viewer's: no active leader of theirs, and no other administrator
	TeamsLed []string    // ids of the teams the viewer leads
	TeamsIn  []string    // ids of the teams the viewer belongs to

	held  []Role            // the customer's own roles that the viewer holds
	wide  Rights            // over everybody, and over the customer as a whole
	over  map[ID]Rights     // over some persons, for what is not over everybody
	given map[ID]Rights     // the same, by a role and not since the viewer leads them
	teams map[string]Rights // over all members of a team
}

// NewViewer works out what p may see from the teams of the customer and from its own roles,
// those that p does not hold among them.
func NewViewer(p Person, teams []Team, roles ...Role) Viewer {
	v := Viewer{Person: p, Leads: map[ID]bool{}, Near: map[ID]bool{}, wide: everywhere(&p, roles),
		over: map[ID]Rights{}, given: map[ID]Rights{}, teams: map[string]Rights{}}
	for _, r := range roles {
		if r.heldBy(&p) {
			v.held = append(v.held, r)
		}
	}
	for i := range teams {
		v.meet(&teams[i])
	}
	if p.Bureau == nil {
		v.over[p.ID] |= ownRights
	}
	return v
}

// meet notes what a team gives the viewer.
func (v *Viewer) meet(t *Team) {
	leads, in := slices.Contains(t.Managers, v.ID), slices.Contains(t.Members, v.ID)
	var may, given Rights
	if leads {
		v.TeamsLed = append(v.TeamsLed, t.ID)
		may |= managerRights
	}
	if in {
		v.TeamsIn = append(v.TeamsIn, t.ID)
		may |= teamRights
	}
	for i := range v.held {
		if r := &v.held[i]; !r.Everybody && r.over(t.ID) {
			given |= r.allows() & overPersons & v.ceiling()
		}
	}
	if may |= given; may == 0 {
		return
	}
	v.teams[t.ID] |= may
	for _, m := range t.Members {
		if leads && m != v.ID {
			v.Leads[m] = true
		}
		if in || leads {
			v.Near[m] = true
		}
		if m != v.ID {
			v.over[m] |= may
			v.given[m] |= given
		}
	}
}

// Has reports whether v has a right over everybody.
func (v Viewer) Has(r Right) bool { return v.wide.Has(r) }

// Over reports whether v has a right over a person.
func (v Viewer) Over(r Right, p ID) bool { return v.wide.Has(r) || v.over[p].Has(r) }

// OverTeam reports whether v has a right over all members of a team.
func (v Viewer) OverTeam(r Right, team string) bool { return v.wide.Has(r) || v.teams[team].Has(r) }

// ByRole reports whether v has a right over a person by a role: as one who leads them does
// not count.
func (v Viewer) ByRole(r Right, p ID) bool { return v.wide.Has(r) || v.given[p].Has(r) }

// HasAny reports whether v has a right over anybody else than themselves.
func (v Viewer) HasAny(r Right) bool {
	if v.wide.Has(r) {
		return true
	}
	for p, may := range v.over {
		if p != v.ID && may.Has(r) {
			return true
		}
	}
	return false
}

// Need returns Forbidden unless v has a right over everybody.
func (v Viewer) Need(r Right) error {
	if v.Has(r) {
		return nil
	}
	return errNoRight
}

// NeedAny returns Forbidden unless v has a right over anybody else than themselves.
func (v Viewer) NeedAny(r Right) error {
	if v.HasAny(r) {
		return nil
	}
	return errNoRight
}

// NeedOver returns Forbidden unless v has a right over a person by a role or a team: what
// everybody may about themselves does not count.
func (v Viewer) NeedOver(r Right, p ID) error {
	if v.Has(r) || p != v.ID && v.over[p].Has(r) {
		return nil
	}
	return errNoRight
}

// errNoRight is what those are told who may not.
var errNoRight = errs.New(errs.Forbidden, "people.error.no_right")

// IsManager reports whether v leads anybody.
func (v Viewer) IsManager() bool { return len(v.Leads) > 0 }

// IsAdministrator reports whether v has every right of an administrator.
func (v Viewer) IsAdministrator() bool { return v.wide.Covers(Administrator.Rights()) }

// IsSystemManager reports whether v keeps the customer's settings and sign-in.
func (v Viewer) IsSystemManager() bool { return v.wide.Covers(SystemManager.Rights()) }

// IsSicknessOfficer reports whether v follows the sickness of others.
func (v Viewer) IsSicknessOfficer() bool { return v.HasAny(FollowSickness) }

// Decides reports whether v may decide on leave of others.
func (v Viewer) Decides() bool { return v.HasAny(DecideLeave) }

// SeesLeave reports whether v may see leave of others.
func (v Viewer) SeesLeave() bool { return v.HasAny(SeeLeave) }

// MaySeeSickness reports whether v may see all that is kept of p's sickness, notes and
// certificates among it: oneself and sickness officers. Who leads p may not, nor may
// administrators.
func (v Viewer) MaySeeSickness(p ID) bool { return v.Over(FollowSickness, p) }

// MayKnowSick reports whether v may know that p's absence is sickness, where the customer's
// settings let those who lead p and administrators know it, or not.
func (v Viewer) MayKnowSick(p ID, s Settings) bool {
	return v.MaySeeSickness(p) || s.SicknessKnown && v.Over(KnowSick, p)
}

// MayReportSick reports whether v may report p sick, and back at work.
func (v Viewer) MayReportSick(p ID) bool { return v.Over(ReportSick, p) }

// MaySeeSickFigures reports whether v may see figures of sickness: officers everybody's, who
// leads a team those of the team where the settings say so.
func (v Viewer) MaySeeSickFigures(s Settings) bool {
	return v.IsSicknessOfficer() || s.SickFigures && v.IsManager()
}

// NeedSicknessOfficer returns Forbidden unless v is a sickness officer.
func (v Viewer) NeedSicknessOfficer() error {
	if v.IsSicknessOfficer() {
		return nil
	}
	return errs.New(errs.Forbidden, "people.error.sickness_officer")
}

// MayDecide reports whether v may approve or refuse leave of p. Those who lead
// p may, and administrators. Nobody decides on their own leave, except an
// administrator where nobody else is left to: else that leave could never be decided.
func (v Viewer) MayDecide(p ID) bool {
	if p == v.ID {
		return v.IsAdministrator() && v.Last
	}
	return v.Over(DecideLeave, p)
}

// MaySeeAbsence reports whether v may see that p is away: oneself, those who
// share a team, those whom v leads, and by a role.
func (v Viewer) MaySeeAbsence(p ID) bool { return v.Over(SeeAway, p) }

// MaySeeReason reports whether v may see why p is away, and p's balances:
// oneself, those who lead p, and by a role.
func (v Viewer) MaySeeReason(p ID) bool { return v.Over(SeeLeave, p) }

// MayAskFor reports whether v may ask for leave in p's name.
func (v Viewer) MayAskFor(p ID) bool { return v.Over(AskLeave, p) }

// MaySeeFile reports whether v may see p's file: contact details, employments and contract lines.
func (v Viewer) MaySeeFile(p ID) bool { return v.Has(SeeSetup) || v.MaySeeReason(p) }

// Seen returns a person as the viewer may see them: who may not see their file knows them by
// name, where they work and whether they still do. When somebody was born is for themselves
// and for those with a right to know.
func (v Viewer) Seen(p Person) Person {
	if !v.MaySeeFile(p.ID) {
		p = Person{ID: p.ID, GivenName: p.GivenName, FamilyName: p.FamilyName, Location: p.Location, Active: p.Active, Born: p.Born, Bureau: p.Bureau}
	}
	if !v.Over(SeeBirth, p.ID) {
		p.Born = 0
	}
	return p
}

// MaySeeTeam reports whether v may see the chart of a team.
func (v Viewer) MaySeeTeam(id string) bool { return v.OverTeam(SeeAway, id) }

// NeedAdministrator returns Forbidden unless v is an administrator.
func (v Viewer) NeedAdministrator() error {
	if v.IsAdministrator() {
		return nil
	}
	return errs.New(errs.Forbidden, "people.error.administrator")
}

// SeesAll reports whether v may see everything of everybody, sickness too, and is one of the
// customer's own people: nobody of a bureau.
func (v Viewer) SeesAll() bool { return v.Bureau == nil && v.wide.Covers(AllRights) }

// NeedAll returns Forbidden unless v sees everything.
func (v Viewer) NeedAll() error {
	if v.SeesAll() {
		return nil
	}
	return errs.New(errs.Forbidden, "people.error.everything")
}

// SignInKeeper returns somebody who keeps the customer's sign-in, as a transaction knows them,
// with what their roles allow: teams play no part. It reports Forbidden for everybody else,
// and for who is unknown or shut out.
func SignInKeeper(tx interface {
	Person(ID) (Person, error)
	CustomRoles() ([]Role, error)
}, by ID) (Viewer, error) {
	p, err := tx.Person(by)
	if errs.Is(err, errs.NotFound) || err == nil && !p.Active {
		return Viewer{}, Viewer{}.NeedSignInKeeper()
	}
	if err != nil {
		return Viewer{}, err
	}
	roles, err := tx.CustomRoles()
	if err != nil {
		return Viewer{}, err
	}
	v := NewViewer(p, nil, roles...)
	return v, v.NeedSignInKeeper()
}

// NeedSignInKeeper returns Forbidden unless v keeps the customer's sign-in.
func (v Viewer) NeedSignInKeeper() error {
	if v.Has(KeepSignIn) {
		return nil
	}
	return errs.New(errs.Forbidden, "people.error.system_manager")
}
