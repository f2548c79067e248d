// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verlof/calendar"
	"verlof/errs"
	firm "verlof/identity/bureau"
	"verlof/identity/sso"
	"verlof/people"
	"verlof/store"
	"verlof/store/storetest"
)

// TestBureauStore keeps both sides of an admission whole, on both engines, and has the people
// of a bureau follow it.
func TestBureauStore(t *testing.T) {
	storetest.Both(t, func(t *testing.T, setting string) {
		db := customer(t, setting, 1, 25)
		same := func(what string, want, got any, err error) {
			t.Helper()
			if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
				t.Errorf("%s: %v\n%s", what, err, d)
			}
		}
		a := firm.Admission{ID: "b1", Host: "firm.example", Roles: people.Payroll, Custom: []string{"r1"}, Whom: firm.Whom{Mails: []string{"a@firm.example", "b@firm.example"}},
			Reason: "Keeps leave", Until: calendar.On(2026, 12, 31), Ends: march.Add(time.Hour), State: firm.Offered, Made: march, MadeBy: storetest.Admin, Version: 1}
		guest := people.Person{ID: "g", GivenName: "Gé", FamilyName: "Gast", Active: true, Bureau: &people.Bureau{ID: "b1"}}
		update(t, db, func(tx *store.Tx) error { return errors.Join(tx.SaveAdmission(a), tx.SaveGuest(guest)) })
		update(t, db, func(tx *store.Tx) error {
			got, err := tx.Admission("b1")
			same("offered", a, got, err)
			p, err := tx.Person("g")
			same("a guest of one that is offered", "Gé Gast (firm.example) false", p.Name()+map[bool]string{true: " true", false: " false"}[p.Active], err)
			_, err = tx.SSOProvider("b1")
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("a provider before there was an answer: %v", err)
			}
			a.State, a.Firm, a.Name, a.Site, a.Answered = firm.Accepted, "t9", "Firm", "https://firm.example", march
			a.Whom = firm.Whom{All: true}
			return tx.SaveAdmission(a)
		})
		update(t, db, func(tx *store.Tx) error {
			all, err := tx.Admissions()
			same("accepted", []firm.Admission{a}, all, err)
			p, err := tx.SSOProvider("b1")
			same("its provider", sso.Provider{ID: "b1", Name: "Firm", Issuer: a.Site, ClientID: "b1", Both: true, On: true, Bureau: true, Made: march, MadeBy: storetest.Admin}, p, err)
			own, err := tx.SSOProviders()
			same("the customer's own providers", 0, len(own), err)
			if err := tx.SaveSSOLink(sso.Link{Provider: "b1", Subject: "s", Person: "g", Email: "a@firm.example", Made: march, Used: march}); err != nil {
				return err
			}
			return errors.Join(tx.AddVisit(firm.Visit{ID: "v1", Bureau: "b1", Person: "g", At: march}), tx.AddVisit(firm.Visit{ID: "v2", Bureau: "b1", Person: "g", At: march}))
		})
		guest.Roles, guest.Custom = people.Payroll, []string{"r1"}
		guest.Bureau = &people.Bureau{ID: "b1", Name: "Firm", Site: a.Site, Mail: "a@firm.example", Ends: a.Ends}
		update(t, db, func(tx *store.Tx) error {
			guests, err := tx.GuestsOf("b1")
			same("guests", []people.Person{guest}, guests, err)
			who, err := tx.GuestOf("b1", "s")
			same("by the name there", guest.ID, who, err)
			subject, err := tx.SubjectOf("g")
			same("the name there", "s", subject, err)
			persons, err := tx.Persons()
			same("people", 3, len(persons), err)
			records, err := tx.Records()
			same("records", 3, len(records), err)
			visits, err := tx.Visits("b1", 1)
			same("the last visit", []firm.Visit{{ID: "v2", Bureau: "b1", Person: "g", At: march}}, visits, err)
			a.State, a.Ended, a.EndedBy = firm.Ended, march, storetest.Admin
			return tx.SaveAdmission(a)
		})
		update(t, db, func(tx *store.Tx) error {
			guests, err := tx.Guests()
			if len(guests) != 1 || guests[0].Active || err != nil {
				t.Errorf("guests of one that has ended: %+v, %v", guests, err)
			}
			p, err := tx.SSOProvider("b1")
			same("its provider", false, p.On, err)
			return nil
		})
		served(t, db, same)
	})
}

func served(t *testing.T, db *store.DB, same func(string, any, any, error)) {
	t.Helper()
	s := firm.Served{ID: "s1", Customer: "t1", Name: "Acme", Site: "https://acme.example", Roles: []string{"payroll"}, Custom: []string{"Our own", "role"},
		Whom: firm.Whom{Mails: []string{"a@firm.example"}}, Reason: "x", Until: calendar.On(2026, 12, 31), Ends: march, State: firm.Offered, Version: 3}
	update(t, db, func(tx *store.Tx) error { return tx.SaveServed(s) })
	update(t, db, func(tx *store.Tx) error {
		got, err := tx.Served("s1")
		same("served", s, got, err)
		s.State, s.Chosen, s.Answered, s.AnsweredBy = firm.Accepted, []people.ID{storetest.Boss}, march, storetest.Admin
		return tx.SaveServed(s)
	})
	update(t, db, func(tx *store.Tx) error {
		all, err := tx.AllServed()
		same("all served", []firm.Served{s}, all, err)
		_, err = tx.Served("none")
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("one that is not there: %v", err)
		}
		return nil
	})
}
