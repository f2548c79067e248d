// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"testing"

	"verlof/errs"
	"verlof/identity"
	"verlof/people"
)

// demand has the customer demand a second factor of those named.
func (h *house) demand(names ...string) {
	h.t.Helper()
	h.must(h.store.Update(h.t.Context(), func(tx identity.Tx) error {
		return tx.SaveSignInPolicy(identity.DefaultPolicy().Demand(names...))
	}))
}

func inactive(p people.Person) people.Person {
	p.Active = false
	return p
}

func with(p people.Person, r people.Roles) people.Person {
	p.Roles = r
	return p
}

// TestDemand: of whom the policy demands a second factor, for each name that it knows.
func TestDemand(t *testing.T) {
	for name, make := range map[string]func(*house){
		"everybody": func(*house) {},
		"manager": func(h *house) {
			h.store.SaveTeams(people.Team{ID: "t", Managers: []people.ID{"ana"}, Members: []people.ID{"ben"}})
		},
		"administrator":    func(h *house) { h.store.SavePerson(with(ana, people.Administrator)) },
		"system-manager":   func(h *house) { h.store.SavePerson(with(ana, people.SystemManager)) },
		"sickness-officer": func(h *house) { h.store.SavePerson(with(ana, people.SicknessOfficer)) },
		"auditor":          func(h *house) { h.store.SavePerson(with(ana, people.Auditor)) },
		"payroll":          func(h *house) { h.store.SavePerson(with(ana, people.Payroll)) },
		"custom": func(h *house) {
			p := with(ana, 0)
			p.Custom = []string{"hr"}
			h.store.SavePerson(p)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			make(h)
			for _, other := range identity.Demandable() {
				h.demand(other)
				want := identity.SignedIn
				if other == name || other == "everybody" {
					want = identity.Enrolment
				}
				if e := h.ana(from(office)); e.Session.Stage != want {
					t.Errorf("demanded of %s: %s is at stage %s", other, name, e.Session.Stage)
				}
				sec, err := h.Security(t.Context(), "ana")
				if err != nil || (sec.Demanded > identity.OneFactor) != (want == identity.Enrolment) {
					t.Errorf("demanded of %s: %s is told %d, %v", other, name, sec.Demanded, err)
				}
			}
		})
	}
	if got := len(identity.Demandable()); got != 8 {
		t.Errorf("%d names, and 8 are tested", got)
	}
}

// TestEnrolment: of whom a factor is demanded who has none, sets one up and can do nothing
// else before.
func TestEnrolment(t *testing.T) {
	h := newHouse(t)
	h.demand("everybody")
	e := h.ana(from(office))
	h.signedIn(e.Token, false)
	if e.Session.Stage != identity.Enrolment || e.Device != "" {
		t.Fatalf("stage %s, device %q", e.Session.Stage, e.Device)
	}
	w, err := h.Waiting(t.Context(), browser(e, office))
	if err != nil || w.Session.Stage != identity.Enrolment || w.Short {
		t.Errorf("waits: %+v, %v", w, err)
	}
	_, err = h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(e, office)})
	refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
	_, err = h.second(e, "123456", from(office))
	refused(t, err, errs.Unauthenticated, "identity.error.signed_out")
	if err := h.ChangePolicy(t.Context(), e.Session, identity.Policy{}); err == nil {
		t.Error("the policy was changed from there")
	}
	p, c := h.enrol(e)
	h.signedIn(c.Token, true)
	h.signedIn(e.Token, false)
	if c.Session.Stage != identity.SignedIn || c.Device == "" || len(c.Codes) == 0 {
		t.Errorf("after enrolment: %+v", c)
	}
	half := h.half(from(abroad))
	_, err = h.second(half, p.next(), from(abroad))
	h.must(err)
}

// TestPolicyHoldsAtOnce: who is signed in with less than is demanded by now is out at the
// next request; who showed two factors stays.
func TestPolicyHoldsAtOnce(t *testing.T) {
	h, _, c := protected(t)
	ben, err := h.try(benMail, password, from(office))
	h.must(err)
	h.demand("administrator")
	h.signedIn(ben.Token, true)
	h.demand("everybody")
	h.signedIn(ben.Token, false)
	h.signedIn(c.Token, true)
	h.demand()
	h.signedIn(ben.Token, true)
}

// TestSavePolicy: who may, with a fresh proof, and who may not demand of others what they
// do not have.
func TestSavePolicy(t *testing.T) {
	h := newHouse(t)
	e := h.ana(from(office))
	want := identity.DefaultPolicy().Demand("administrator")
	save := func(p identity.Policy) error { return h.ChangePolicy(t.Context(), e.Session, p) }
	refused(t, save(want), errs.Forbidden, "people.error.system_manager")
	h.store.SavePerson(with(ana, people.Administrator))
	refused(t, save(want), errs.Invalid, "identity.error.yourself_first")
	refused(t, save(identity.Policy{Remember: identity.MaxRemember + 1}), errs.Invalid, "identity.error.remember")
	refused(t, save(identity.Policy{Remember: -1}), errs.Invalid, "identity.error.remember")
	_, c := h.enrol(e)
	e = c.Entry
	h.must(save(want))
	if got, err := h.Policy(t.Context()); err != nil || got != want {
		t.Errorf("kept %+v, %v", got, err)
	}
	h.pass(h.Limits.Fresh)
	if err := save(want); !identity.Stale(err) {
		t.Errorf("without a fresh proof: %v", err)
	}
}

// TestResetFactors: who lost everything is let in by an administrator, on record and with
// a mail, and by an operator. (ASVS 5.0, 6.4.4.)
func TestResetFactors(t *testing.T) {
	h, _, c := protected(t)
	h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true})
	ben, err := h.try(benMail, password, from(office))
	h.must(err)
	refused(t, h.ResetFactors(t.Context(), ben.Session, "ana"), errs.Forbidden, "people.error.system_manager")
	h.store.SavePerson(people.Person{ID: "ben", Email: benMail, Active: true, Roles: people.SystemManager})
	refused(t, h.ResetFactors(t.Context(), ben.Session, "ben"), errs.Conflict, "identity.error.reset_own")
	h.pass(h.Limits.Fresh)
	if err := h.ResetFactors(t.Context(), ben.Session, "ana"); !identity.Stale(err) {
		t.Errorf("without a fresh proof: %v", err)
	}
	ben, err = h.StepUp(t.Context(), identity.Proof{Password: password, Visitor: browser(ben, office)})
	h.must(err)
	h.must(h.ResetFactors(t.Context(), ben.Session, "ana"))
	h.signedIn(c.Token, false)
	if e := h.ana(from(abroad)); e.Session.Stage != identity.SignedIn {
		t.Errorf("after the reset: stage %s", e.Session.Stage)
	}
	refused(t, h.ResetFactors(t.Context(), ben.Session, "ana"), errs.Conflict, "identity.error.no_factors")
	sec, err := h.Security(t.Context(), "ana")
	if err != nil || len(sec.Records) == 0 || sec.Records[0].What != identity.RecordReset || sec.Records[0].By != "ben" {
		t.Errorf("records: %+v, %v", sec.Records, err)
	}
	if l := h.letters(identity.KindFactorsReset); len(l) != 1 || l[0].Person.ID != "ana" {
		t.Errorf("letters: %+v", l)
	}
}

// TestStandings: who signs in how, for those who keep it.
func TestStandings(t *testing.T) {
	h, _, _ := protected(t)
	if _, err := h.Standings(t.Context(), "ben"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("shown to anybody: %v", err)
	}
	h.store.SavePerson(with(ana, people.SystemManager))
	h.demand("system-manager")
	all, err := h.Standings(t.Context(), "ana")
	h.must(err)
	got := map[people.ID]identity.Standing{}
	for _, s := range all {
		got[s.Person.ID] = s
	}
	if a := got["ana"]; !a.App || a.Demanded != identity.TwoFactors || !a.Protected() || a.State != identity.Open {
		t.Errorf("ana: %+v", a)
	}
	if b := got["ben"]; b.Protected() || b.Demanded > identity.OneFactor {
		t.Errorf("ben: %+v", b)
	}
	if _, ok := got["fay"]; ok || got["eva"].State != "" || got["dia"].State != identity.Blocked {
		t.Errorf("all: %+v", got)
	}
}
