// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"slices"
	"time"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/identity/provision"
	"verlof/people"
	"verlof/tenant"
)

// provisioned has a directory keep two teams of a demo, and leaves something to do for
// those who keep people: two who join, one who moves and one who leaves.
func provisioned(ctx context.Context, t *tenant.Tenant, keeper people.ID, from, to string, today calendar.Date) error {
	d := &robot{ctx: ctx, t: t}
	d.do(t.Provision.SaveRules(ctx, keeper, provision.Rules{Name: "Contoso", Groups: true, Confirm: true}))
	_, _, err := t.Programs.MakeServiceToken(ctx, keeper, access.Wish{Name: tokenName, Scopes: []access.Scope{access.SCIM}, Expires: t.Provision.Now().Add(180 * 24 * time.Hour)})
	d.do(err)
	org, err := t.People.Organisation(ctx)
	if d.do(err); d.err != nil {
		return d.err
	}
	old, next := d.group(org, from), d.group(org, to)
	mover := old.Members[len(old.Members)-1]
	for _, p := range old.Members {
		d.change("PATCH", p, func(u provision.User) provision.User { u.Department = from; return u })
	}
	d.join(old, func(g *provision.Group) {
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(p people.ID) bool { return p == mover })
	})
	d.join(next, func(g *provision.Group) { g.Members = append(slices.Clone(g.Members), mover) })
	d.add("Sanne", "Mulder", from)
	d.add("Timo", "Haas", to)
	gone := d.add("Noor", "Dekker", to)
	if d.err == nil {
		c := org.Records[mover].Contracts[0]
		d.do(t.People.Hire(ctx, keeper, people.Employment{Person: gone, From: today.AddMonths(-14)}, people.Contract{Pattern: c.Pattern, Package: c.Package}))
	}
	d.change("PATCH", gone, func(u provision.User) provision.User { u.Active = false; return u })
	d.note(provision.Entry{Method: "PATCH", Kind: "User", Subject: string(keeper), Status: 409, Reason: "people.error.last_administrator", Detail: "active: refused"})
	return d.err
}

// robot speaks as a customer's directory does, until something fails.
type robot struct {
	ctx context.Context
	t   *tenant.Tenant
	err error
}

// tokenName is what the directory's token is called.
const tokenName = "Entra ID"

func (d *robot) do(err error) {
	if d.err == nil {
		d.err = err
	}
}

// note keeps a line of what was asked.
func (d *robot) note(e provision.Entry) {
	if d.err == nil {
		e.Token = tokenName
		d.do(d.t.Provision.Note(d.ctx, e))
	}
}

// group pushes the group that is a team already.
func (d *robot) group(org *people.Organisation, team string) provision.Group {
	i := slices.IndexFunc(org.Teams, func(t people.Team) bool { return t.Name == team })
	g, err := d.t.Provision.AddGroup(d.ctx, provision.Group{Name: team, Members: org.Teams[i].Members})
	d.do(err)
	d.note(provision.Entry{Method: "POST", Kind: "Group", Subject: g.ID, Status: 201})
	return g
}

// join changes who is in a group.
func (d *robot) join(g provision.Group, f func(*provision.Group)) {
	if d.err != nil {
		return
	}
	_, err := d.t.Provision.ChangeGroup(d.ctx, g.ID, func(g provision.Group) (provision.Group, error) { f(&g); return g, nil })
	d.do(err)
	d.note(provision.Entry{Method: "PATCH", Kind: "Group", Subject: g.ID, Status: 200})
}

// change changes a user.
func (d *robot) change(method string, id people.ID, f func(provision.User) provision.User) {
	if d.err != nil {
		return
	}
	_, err := d.t.Provision.ChangeUser(d.ctx, id, func(u provision.User) (provision.User, error) { return f(u), nil })
	d.do(err)
	d.note(provision.Entry{Method: method, Kind: "User", Subject: string(id), Status: 200})
}

// add adds a user.
func (d *robot) add(given, family, department string) people.ID {
	if d.err != nil {
		return ""
	}
	u, err := d.t.Provision.AddUser(d.ctx, provision.User{Name: plain.Replace(given+"."+family) + "@" + d.t.Slug + ".example", Active: true,
		Details: provision.Details{Given: given, Family: family, Department: department}})
	d.do(err)
	d.note(provision.Entry{Method: "POST", Kind: "User", Subject: string(u.Person), Status: 201})
	return u.Person
}
