// SPDX-License-Identifier: Apache-2.0

package people

import (
	"slices"

	"verlof/errs"
)

// Viewer is a person together with those they lead: enough to answer who may
// see and do what. It is the one place where that is decided.
type Viewer struct {
	Person
	Leads    map[ID]bool // persons in a team that the viewer leads
	Near     map[ID]bool // persons who share a team with the viewer
	Led      bool        // somebody else leads a team of the viewer's
	TeamsLed []string    // ids of the teams the viewer leads
	TeamsIn  []string    // ids of the teams the viewer belongs to
}

// NewViewer works out what p may see from the teams of the customer.
func NewViewer(p Person, teams []Team) Viewer {
	v := Viewer{Person: p, Leads: map[ID]bool{}, Near: map[ID]bool{}}
	for _, t := range teams {
		leads, in := slices.Contains(t.Managers, p.ID), slices.Contains(t.Members, p.ID)
		if leads {
			v.TeamsLed = append(v.TeamsLed, t.ID)
		}
		if in {
			v.TeamsIn = append(v.TeamsIn, t.ID)
			v.Led = v.Led || slices.ContainsFunc(t.Managers, func(m ID) bool { return m != p.ID })
		}
		for _, m := range t.Members {
			if leads && m != p.ID {
				v.Leads[m] = true
			}
			if in || leads {
				v.Near[m] = true
			}
		}
	}
	return v
}

// IsManager reports whether v leads anybody.
func (v Viewer) IsManager() bool { return len(v.Leads) > 0 }

// IsAdministrator reports whether v keeps everybody's leave.
func (v Viewer) IsAdministrator() bool { return v.Roles.Has(Administrator) }

// IsSystemManager reports whether v keeps the customer's settings.
func (v Viewer) IsSystemManager() bool { return v.Roles.Has(SystemManager) }

// IsSicknessOfficer reports whether v follows everybody's sickness.
func (v Viewer) IsSicknessOfficer() bool { return v.Roles.Has(SicknessOfficer) }

// MaySeeSickness reports whether v may see all that is kept of p's sickness, notes and
// certificates among it: oneself and sickness officers. Who leads p may not, nor may
// administrators.
func (v Viewer) MaySeeSickness(p ID) bool { return p == v.ID || v.IsSicknessOfficer() }

// MayKnowSick reports whether v may know that p's absence is sickness, where the customer's
// settings let those who lead p and administrators know it, or not.
func (v Viewer) MayKnowSick(p ID, s Settings) bool {
	return v.MaySeeSickness(p) || s.SicknessKnown && v.MaySeeReason(p)
}

// MayReportSick reports whether v may report p sick, and back at work.
func (v Viewer) MayReportSick(p ID) bool { return v.MaySeeReason(p) || v.IsSicknessOfficer() }

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
// administrator whom nobody leads: else that leave could never be decided.
func (v Viewer) MayDecide(p ID) bool {
	if p == v.ID {
		return v.IsAdministrator() && !v.Led
	}
	return v.IsAdministrator() || v.Leads[p]
}

// MaySeeAbsence reports whether v may see that p is away: oneself, those who
// share a team, those whom v leads, and for administrators and sickness officers everybody.
func (v Viewer) MaySeeAbsence(p ID) bool {
	return p == v.ID || v.IsAdministrator() || v.IsSicknessOfficer() || v.Near[p] || v.Leads[p]
}

// MaySeeReason reports whether v may see why p is away, and p's balances:
// oneself, those who lead p, and administrators.
func (v Viewer) MaySeeReason(p ID) bool {
	return p == v.ID || v.IsAdministrator() || v.Leads[p]
}

// MayAskFor reports whether v may ask for leave in p's name.
func (v Viewer) MayAskFor(p ID) bool { return v.MaySeeReason(p) }

// seen returns a person as the viewer may see them: when somebody was born is for
// themselves and for administrators.
func (v Viewer) seen(p Person) Person {
	if p.ID != v.ID && !v.IsAdministrator() {
		p.Born = 0
	}
	return p
}

// MaySeeTeam reports whether v may see the chart of a team.
func (v Viewer) MaySeeTeam(id string) bool {
	return v.IsAdministrator() || v.IsSicknessOfficer() || slices.Contains(v.TeamsIn, id) || slices.Contains(v.TeamsLed, id)
}

// NeedAdministrator returns Forbidden unless v is an administrator.
func (v Viewer) NeedAdministrator() error {
	if v.IsAdministrator() {
		return nil
	}
	return errs.New(errs.Forbidden, "people.error.administrator")
}

// NeedSystemManager returns Forbidden unless v keeps the settings.
func (v Viewer) NeedSystemManager() error {
	if v.IsSystemManager() || v.IsAdministrator() {
		return nil
	}
	return errs.New(errs.Forbidden, "people.error.system_manager")
}
