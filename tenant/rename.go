// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/store"
)

// Names are what a customer is called, and where it is found. What is empty stays.
type Names struct {
	Slug   string
	Name   string
	Main   string   // the host name that links lead to; the one before it leads there
	Add    []string // more host names
	Remove []string // host names that lead to the customer no longer
}

// Rename gives a customer other names, at once and for every process; bureaus and the customers
// that they serve are told of them. It reports NotFound,
// Conflict where a name is taken, and Invalid for names that cannot be.
func (d *Directory) Rename(ctx context.Context, slug string, n Names, w Why) (Info, error) {
	info, err := d.Show(ctx, slug)
	if err != nil {
		return info, err
	}
	to, err := n.of(info)
	if err != nil {
		return info, err
	}
	check := New{Slug: to.Slug, Name: to.Name, Hosts: to.Hosts}
	if err := check.check(); err != nil {
		return info, err
	}
	detail := fmt.Sprintf("%s, %q, %s -> %s, %q, %s", slug, info.Name, strings.Join(info.Hosts, " "), to.Slug, to.Name, strings.Join(to.Hosts, " "))
	to.TenantRow, err = d.commit(ctx, to.TenantRow, to.Hosts, "renamed", detail, w)
	if errs.Is(err, errs.Conflict) && errs.As(err).Field != "" {
		return info, takenAny(info, to)
	}
	if err == nil && (!slices.Equal(to.Hosts, info.Hosts) || to.Name != info.Name) {
		err = d.tell(ctx, to.TenantRow, func(t *Tenant) error { return t.Bureaus.Announce(ctx) })
	}
	return to, err
}

// takenAny says which names may be those of somebody else: the ones that a customer did not have.
func takenAny(was, to Info) error {
	fresh := slices.DeleteFunc(append([]string{to.Slug}, to.Hosts...), func(name string) bool {
		return name == was.Slug || slices.Contains(was.Hosts, name)
	})
	return taken(strings.Join(fresh, " or "))
}

// of returns a customer as it is with these names.
func (n *Names) of(was Info) (Info, error) {
	to := Info{was.TenantRow, slices.Clone(was.Hosts)}
	if n.Slug != "" {
		to.Slug = n.Slug
	}
	if n.Name != "" {
		to.Name = strings.TrimSpace(n.Name)
	}
	for _, h := range append(slices.Clone(n.Add), n.Main) {
		if h = asGiven(h); h != "" && !slices.Contains(to.Hosts, h) {
			to.Hosts = append(to.Hosts, h)
		}
	}
	if main := asGiven(n.Main); main != "" {
		to.Hosts = append([]string{main}, slices.DeleteFunc(to.Hosts, func(h string) bool { return h == main })...)
	}
	for _, h := range n.Remove {
		i := slices.Index(to.Hosts, asGiven(h))
		if i < 0 {
			return to, errs.Operator("verlof tenant show "+was.Slug+" shows its host names", "%q does not lead to %s", h, was.Slug)
		}
		to.Hosts = slices.Delete(to.Hosts, i, i+1)
	}
	return to, nil
}

// asGiven returns a host name as an operator gives it. What is not part of one stays, to be refused:
// https://acme.example is neither https nor acme.example.
func asGiven(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }

// setState takes a customer that is in service, or out of it, to a state.
func (d *Directory) setState(ctx context.Context, slug string, to store.State, kind string, w Why) error {
	return d.change(ctx, slug, kind, "", w, func(row *store.TenantRow) error {
		row.State = to
		return nil
	}, store.StateActive, store.StateSuspended)
}
