// SPDX-License-Identifier: Apache-2.0

package web

import (
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/people"
)

// stand makes people of acme what f makes of them.
func (w *world) stand(who string, f func(*people.Person)) {
	w.Helper()
	if err := w.acme.Leave.Store.Update(w.Context(), func(tx leave.Tx) error {
		p, err := tx.Person(people.ID(w.acme.id(who)))
		if err != nil {
			return err
		}
		f(&p)
		return tx.SavePerson(p)
	}); err != nil {
		w.Fatal(err)
	}
}

// TestOwnIsForOthers: of two administrators whom nobody leads neither approves their own
// overtime nor takes back their own week that is over, and the inbox does not offer it;
// once the other is shut out the one who is left does both.
func TestOwnIsForOthers(t *testing.T) {
	w := newWorld(t, nil)
	claiming(w)
	w.stand("noor", func(p *people.Person) { p.Roles = people.Administrator })
	c, day := w.acme, calendar.MustParse
	ana, noor := people.ID(c.id("ana")), people.ID(c.id("noor"))
	week, err := c.Leave.Submit(w.Context(), noor, leave.Ask{Person: noor, Type: "holiday", Span: leave.Span{From: day("2026-03-09"), To: day("2026-03-10")}})
	if err == nil {
		err = c.Leave.Approve(w.Context(), ana, week.ID, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	claim, err := c.Leave.FileClaim(w.Context(), noor, leave.Claim{Person: noor, Kind: leave.ClaimOvertime, Type: "lieu", Date: day("2026-02-28"), Minutes: 120, Factor: 150})
	if err != nil || claim.State != leave.Pending {
		t.Fatal(claim.State, err)
	}
	approve := func(by people.ID) error { return c.Leave.DecideClaim(w.Context(), by, claim.ID, true, "") }
	if err := approve(noor); !errs.Is(err, errs.Forbidden) {
		t.Errorf("an administrator approves their own overtime: %v", err)
	}
	if err := c.Leave.Cancel(w.Context(), noor, week.ID, "I was there"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("an administrator takes back their own week that is over: %v", err)
	}
	if d, err := c.Leave.Detail(w.Context(), noor, week.ID); err != nil || d.MayCancel {
		t.Errorf("the page offers to take it back: %v, %v", d.MayCancel, err)
	}
	offered := func(who string) bool { return strings.Contains(w.at(c, who).get("/inbox").Body.String(), claim.ID) }
	if offered("noor") || !offered("ana") {
		t.Errorf("the inbox offers noor's overtime to noor: %v, to ana: %v", offered("noor"), offered("ana"))
	}
	w.stand("ana", func(p *people.Person) { p.Active = false })
	if !offered("noor") {
		t.Error("the inbox does not offer it to the only administrator who is left")
	}
	if err := approve(noor); err != nil {
		t.Errorf("nobody is left to approve it: %v", err)
	}
	if err := c.Leave.Cancel(w.Context(), noor, week.ID, "I was there"); err != nil {
		t.Errorf("nobody is left to take it back: %v", err)
	}
}

// TestLeaderWhoLeft: the only administrator, whose only manager was shut out, takes back
// their own week; while the manager is there they may not.
func TestLeaderWhoLeft(t *testing.T) {
	w := newWorld(t, nil)
	c := w.acme
	ana, bram := people.ID(c.id("ana")), people.ID(c.id("bram"))
	if err := c.Leave.Store.Update(w.Context(), func(tx leave.Tx) error {
		return tx.SaveTeam(people.Team{ID: c.id("office"), Name: "Office", Members: []people.ID{ana}, Managers: []people.ID{bram}})
	}); err != nil {
		t.Fatal(err)
	}
	decides := func() bool {
		org, err := c.People.Organisation(w.Context())
		if err != nil {
			t.Fatal(err)
		}
		v, err := org.Viewer(ana)
		return err == nil && v.MayDecide(ana)
	}
	if decides() {
		t.Error("decides on their own leave though bram leads them")
	}
	w.stand("bram", func(p *people.Person) { p.Active = false })
	if !decides() {
		t.Error("may not decide on their own leave though nobody else is left")
	}
}

// TestCollectiveLeftBehind: who booked leave for somebody and does not lead them any more
// learns nothing more of them by it, and sees their own part still.
func TestCollectiveLeftBehind(t *testing.T) {
	w := newWorld(t, nil)
	c, day := w.acme, calendar.MustParse("2026-04-20")
	ana, bram, carla, gita := people.ID(c.id("ana")), people.ID(c.id("bram")), people.ID(c.id("carla")), people.ID(c.id("gita"))
	lead := func(sales people.ID, support ...people.ID) {
		t.Helper()
		if err := c.Leave.Store.Update(w.Context(), func(tx leave.Tx) error {
			if err := tx.SaveTeam(people.Team{ID: c.id("sales"), Name: "Sales", Members: []people.ID{carla}, Managers: []people.ID{sales}}); err != nil {
				return err
			}
			return tx.SaveTeam(people.Team{ID: c.id("support"), Name: "Support", Members: support, Managers: []people.ID{bram}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	lead(bram, gita)
	booked, err := c.Leave.BookCollective(w.Context(), bram, leave.CollectiveAsk{Choice: leave.Choice{People: []people.ID{carla, gita}}, Type: "special",
		Reason: "Office closed", Key: "k1", Span: leave.Span{From: day, To: day}})
	if err != nil {
		t.Fatal(err)
	}
	seen := func(who string) (carla, gita bool) {
		body := w.at(c, who).get("/collective/" + booked.ID).Body.String()
		return strings.Contains(body, "Carla"), strings.Contains(body, "Gita")
	}
	if carla, gita := seen("bram"); !carla || !gita {
		t.Fatalf("who booked it sees carla: %v, gita: %v", carla, gita)
	}
	lead(ana, gita)
	if carla, gita := seen("bram"); carla || !gita {
		t.Errorf("who leads carla no more sees carla: %v, gita: %v", carla, gita)
	}
	if carla, gita := seen("ana"); !carla || !gita {
		t.Errorf("an administrator sees carla: %v, gita: %v", carla, gita)
	}
}
