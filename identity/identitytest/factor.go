// SPDX-License-Identifier: Apache-2.0

package identitytest

import (
	"cmp"
	"maps"
	"slices"

	"verlof/errs"
	"verlof/identity"
	"verlof/internal/order"
	"verlof/people"
)

func (t *tx) Persons() ([]people.Person, error) {
	t.note("Persons")
	return order.Sorted(slices.Collect(maps.Values(t.persons)), func(a, b people.Person) int {
		return cmp.Or(cmp.Compare(a.SortName(), b.SortName()), cmp.Compare(a.ID, b.ID))
	}), nil
}

// CustomRoles returns the customer's own roles.
func (t *tx) CustomRoles() ([]people.Role, error) { return t.data.roles, nil }

func (t *tx) Teams() ([]people.Team, error) {
	t.note("Teams")
	return t.teams, nil
}

func (t *tx) States() (map[people.ID]identity.State, error) {
	t.note("States")
	states := map[people.ID]identity.State{}
	for id, a := range t.accounts {
		states[id] = a.State
	}
	return states, nil
}

func (t *tx) Factors(id people.ID) ([]identity.Factor, error) {
	t.note("Factors")
	var all []identity.Factor
	for _, f := range t.factors {
		if f.Person == id {
			all = append(all, f)
		}
	}
	order.By(all, func(a, b identity.Factor) int { return cmp.Or(a.Added.Compare(b.Added), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

func (t *tx) FactorByCredential(credential string) (identity.Factor, error) {
	t.note("FactorByCredential")
	for _, f := range t.factors {
		if f.Credential == credential && credential != "" {
			return f, nil
		}
	}
	return identity.Factor{}, none
}

func (t *tx) SaveFactor(f identity.Factor) error {
	t.write("SaveFactor")
	for _, other := range t.factors {
		if other.ID != f.ID && f.Credential != "" && other.Credential == f.Credential {
			return errs.New(errs.Conflict, "")
		}
	}
	t.factors[f.ID] = f
	return nil
}

func (t *tx) DeleteFactor(id string) error {
	t.write("DeleteFactor")
	delete(t.factors, id)
	return nil
}

func (t *tx) Holdings() ([]identity.Holding, error) {
	t.note("Holdings")
	counts := map[identity.Holding]int{}
	for _, f := range t.factors {
		if f.Confirmed {
			counts[identity.Holding{Person: f.Person, Kind: f.Kind}]++
		}
	}
	var all []identity.Holding
	for h, n := range counts {
		h.Count = n
		all = append(all, h)
	}
	order.By(all, func(a, b identity.Holding) int {
		return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Kind, b.Kind))
	})
	return all, nil
}

func (t *tx) Recovery(id people.ID) (identity.Recovery, error) {
	t.note("Recovery")
	return t.recovery[id], nil
}

func (t *tx) SaveRecovery(r identity.Recovery) error {
	t.write("SaveRecovery")
	t.recovery[r.Person] = r
	return nil
}

func (t *tx) DeleteRecovery(id people.ID) error {
	t.write("DeleteRecovery")
	delete(t.recovery, id)
	return nil
}

func (t *tx) Ceremony(d identity.Digest) (identity.Ceremony, error) {
	t.note("Ceremony")
	return get(t.ceremonies, d)
}

func (t *tx) InsertCeremony(c identity.Ceremony) error {
	t.write("InsertCeremony")
	t.ceremonies[c.Digest] = c
	return nil
}

func (t *tx) DeleteCeremony(d identity.Digest) error {
	t.write("DeleteCeremony")
	delete(t.ceremonies, d)
	return nil
}

func (t *tx) SignInPolicy() (identity.Policy, error) {
	t.note("SignInPolicy")
	return t.policy, nil
}

func (t *tx) ProvidersOn() (int, error) {
	t.note("ProvidersOn")
	return t.providers, nil
}

func (t *tx) SaveSignInPolicy(p identity.Policy) error {
	t.write("SaveSignInPolicy")
	t.policy = p
	return nil
}

func (t *tx) AddSignInRecord(r identity.Record) error {
	t.write("AddSignInRecord")
	t.records = append(t.records, r)
	return nil
}

func (t *tx) SignInRecords(id people.ID, limit int) ([]identity.Record, error) {
	t.note("SignInRecords")
	var all []identity.Record
	for _, r := range slices.Backward(t.records) {
		if r.Person == id && len(all) < limit {
			all = append(all, r)
		}
	}
	return all, nil
}
