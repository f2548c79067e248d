// SPDX-License-Identifier: Apache-2.0

package view

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"verlof/internal/lang"
	"verlof/internal/order"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// ContractOptions are the patterns and packages that a contract line may have.
func ContractOptions(ctx context.Context, v *page.Visit, t *tenant.Tenant) (patterns, packages []template.Option, err error) {
	all, err := t.People.Patterns(ctx, v.Person)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range all {
		patterns = append(patterns, template.Option{Value: p.ID, Text: v.Lang.T("admin.pattern.option", "name", p.Name, "week", WeekOf(v.Lang, p.Pattern))})
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range book.Packages {
		packages = append(packages, template.Option{Value: p.ID, Text: p.Name})
	}
	return patterns, packages, nil
}

// LocationsByName returns the places of work in the order of lists.
func LocationsByName(org *people.Organisation) []people.Location {
	return order.Sorted(slices.Collect(maps.Values(org.Locations)), func(a, b people.Location) int { return cmp.Compare(a.Name, b.Name) })
}

// LocationOptions are places of work to choose from.
func LocationOptions(locations []people.Location) []template.Option {
	var out []template.Option
	for _, l := range locations {
		out = append(out, template.Option{Value: l.ID, Text: l.Name})
	}
	return out
}

// LanguageOptions name each language in itself.
func LanguageOptions() []template.Option {
	var out []template.Option
	for _, tag := range lang.Tags() {
		out = append(out, template.Option{Value: tag, Text: lang.For(tag).T("ui.language.self")})
	}
	return out
}

// Usual is what most people have: what a form begins with.
type Usual struct{ Pattern, Pkg, Location string }

// UsualOf counts what most people of a customer have.
func UsualOf(ctx context.Context, t *tenant.Tenant) (Usual, error) {
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return Usual{}, err
	}
	patterns, packages, locations := tally{}, tally{}, tally{}
	for _, id := range org.Order {
		r := org.Records[id]
		last := people.Contract{Location: r.Person.Location}
		if n := len(r.Contracts); n > 0 {
			last = r.Contracts[n-1]
			patterns[last.Pattern]++
			packages[last.Package]++
		}
		locations[last.Location]++
	}
	return Usual{patterns.most(), packages.most(), locations.most()}, nil
}

// tally counts how many have each of some ids.
type tally map[string]int

// most returns the id that most have, the first in order of several; "" where
// nobody has any.
func (t tally) most() string {
	best := ""
	for _, id := range slices.Sorted(maps.Keys(t)) {
		if t[id] > t[best] {
			best = id
		}
	}
	return best
}
