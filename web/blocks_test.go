// SPDX-License-Identifier: Apache-2.0

package web

import (
	"strings"
	"testing"

	"verlof/leave"
)

// TestBlockOfLeave: what a policy asks for stands on one's balance, before one asks and in
// everybody's balances, where those of one standing can be chosen.
func TestBlockOfLeave(t *testing.T) {
	w := newWorld(t, nil)
	book, err := w.acme.Leave.Rules(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = w.acme.Leave.Store.Update(t.Context(), func(tx leave.Tx) error {
		for _, p := range book.Policies {
			if p.Type == "holiday" {
				p.Terms.Block = leave.Block{Weeks: 2, Twice: 1}
				if err := tx.SavePolicy(p); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	carla, esra, bram := w.at(w.acme, "carla"), w.at(w.acme, "esra"), w.at(w.acme, "bram")
	for _, c := range []struct {
		who        *browser
		path       string
		want, lack []string
	}{
		{carla, "/balance", []string{"2 weeks in a row, or one week two times", "booked from 3 Aug 2026 to 14 Aug 2026"}, nil},
		{esra, "/balance", []string{"to book, beginning by"}, nil},
		{esra, "/balance?at=2026-12-31", []string{"to book, beginning by"}, []string{"is possible any more"}}, // it is March
		{esra, "/leave/new?type=holiday&from=2026-09-07&to=2026-09-18", []string{"With these days there is a block of leave"}, nil},
		{esra, "/leave/new?type=holiday&from=2026-09-08&to=2026-09-11", nil, []string{"block of leave"}},
		{bram, "/balances?type=holiday", []string{"Still to book", "Booked", "carla", "esra"}, nil},
		{bram, "/balances?block=booked&type=holiday", []string{"Booked", "carla"}, []string{"people/esra"}},
		{bram, "/balances?block=taken&type=holiday", []string{"Nobody found"}, []string{"people/carla"}},
	} {
		body := c.who.get(c.path).Body.String()
		for _, s := range c.want {
			if !strings.Contains(body, s) {
				t.Errorf("%s lacks %q", c.path, s)
			}
		}
		for _, s := range c.lack {
			if strings.Contains(body, s) {
				t.Errorf("%s has %q", c.path, s)
			}
		}
	}
}
