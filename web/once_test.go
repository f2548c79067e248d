// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/leave"
	"verlof/people"
)

// onceForms are forms that make something of worth, each with the page on which it stands, what is typed, and
// what is typed when it is meant otherwise.
var onceForms = map[string]struct {
	who, page, path string
	typed           []string
	other           [2]string
	made            func(w *world, c *customer) int
}{
	"line_by_hand": {"ana", "/people/{carla}/balance", "/people/{carla}/adjustments",
		[]string{"type", "holiday", "date", "2026-03-02", "amount", "3", "reason", "From the year before"}, [2]string{"amount", "4"}, linesOfCarla},
	"overtime": {"carla", "/claims/new?kind=overtime", "/claims/new", []string{"type", "overtime", "date", "2026-03-02", "time", "2:00", "factor", "100"}, [2]string{"time", "3:00"}, claimsOfCarla},
}

func linesOfCarla(w *world, c *customer) int {
	all, err := c.Leave.ByHand(w.Context(), people.ID(c.id("ana")))
	if err != nil {
		w.Fatal(err)
	}
	return len(slices.DeleteFunc(all, func(x leave.ByHand) bool { return x.Person.ID != people.ID(c.id("carla")) }))
}

func claimsOfCarla(w *world, c *customer) int {
	n := 0
	err := c.Leave.Store.View(w.Context(), func(tx leave.Tx) error {
		all, err := tx.Claims(people.ID(c.id("carla")))
		n = len(all)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// TestSentTwice: a form that is sent twice makes one thing, and answers as it did before; with something else
// in it, it says so and can be sent again. A new page makes another of the same.
func TestSentTwice(t *testing.T) {
	for name, tt := range onceForms {
		t.Run(name, func(t *testing.T) {
			at := now
			w := newWorldAt(t, nil, func() time.Time { at = at.Add(time.Second); return at })
			c := w.acme
			path := strings.ReplaceAll(tt.path, "{carla}", c.id("carla"))
			b := w.at(c, tt.who)
			open := func() *typing {
				f := b.openAt(t, strings.ReplaceAll(tt.page, "{carla}", c.id("carla")), path)
				for i := 0; i < len(tt.typed); i += 2 {
					f.Set(tt.typed[i], tt.typed[i+1])
				}
				return f
			}
			before := tt.made(w, c)
			is := func(when string, want int) {
				t.Helper()
				if got := tt.made(w, c) - before; got != want {
					t.Errorf("%s: %d are made, want %d", when, got, want)
				}
			}
			f := open()
			first, second := f.send(), f.send()
			if first.Code != http.StatusSeeOther || second.Code != first.Code || first.Header().Get("Location") != second.Header().Get("Location") {
				t.Fatalf("%d %s, then %d %s", first.Code, first.Header().Get("Location"), second.Code, bodyOf(second))
			}
			is("sent twice", 1)
			f.Set(tt.other[0], tt.other[1])
			a := f.send()
			holds(t, a, http.StatusConflict, "You sent this form before with something else in it")
			is("with something else in it", 1)
			f.read(t, a)
			if f.Get(tt.other[0]) != tt.other[1] {
				t.Errorf("what was typed is gone: %v", f.Values)
			}
			f.saved(t)
			is("sent again", 2)
			open().saved(t)
			is("of a new page", 3)
			f.Set("key", "mine")
			if got := f.send(); got.Code != http.StatusUnprocessableEntity {
				t.Errorf("a key of one's own: %d", got.Code)
			}
			is("with a key of one's own", 3)
		})
	}
}
