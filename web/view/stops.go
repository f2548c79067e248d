// SPDX-License-Identifier: Apache-2.0

package view

import (
	"net/http"

	"verlof/leave"
	"verlof/tenant"
	"verlof/web/page"
)

// namedStops is how many people are named from whom something is taken; of more it is said how many they are.
const namedStops = 5

// stopsOf says what a change takes from whom: a sentence for each leave type, kind and day.
func stopsOf(r *http.Request, t *tenant.Tenant, stops []leave.Stop) ([]string, error) {
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return nil, err
	}
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return nil, err
	}
	var kinds []leave.Stop // one for each sentence, without a person
	who := map[leave.Stop][]string{}
	for _, s := range stops {
		name := org.Person(s.Person).Name()
		s.Person = ""
		if who[s] == nil {
			kinds = append(kinds, s)
		}
		who[s] = append(who[s], name)
	}
	l := page.VisitOf(r).Lang
	var out []string
	for _, s := range kinds {
		typ, _ := book.Type(s.Type)
		names := l.T("unit.people", "count", len(who[s]))
		if len(who[s]) <= namedStops {
			names = l.List(who[s]...)
		}
		out = append(out, l.T("web.forecast.stops."+string(s.What), "people", names, "type", typ.Name, "from", s.From))
	}
	return out, nil
}
