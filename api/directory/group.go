// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"verlof/identity/provision"
	"verlof/internal/scim"
	"verlof/people"
)

// showGroup returns a group in the form of SCIM; members are many, and left out where
// nobody asks for them.
func (c *call) showGroup(g provision.Group, org *people.Organisation, v scim.View) scim.Object {
	o := groupObject(g, v.Wants("members"))
	members, _ := o["members"].([]any)
	for _, one := range members {
		m := one.(scim.Object)
		id := m["value"].(string)
		m["$ref"], m["type"] = c.at(user, id), "User"
		if name := org.Person(people.ID(id)).Name(); name != "" {
			m["display"] = name
		}
	}
	o["meta"] = c.meta(group, g.ID, g.Made, g.Changed, versionOf(g))
	return o
}

// groupObject returns what a group has that a directory may change.
func groupObject(g provision.Group, members bool) scim.Object {
	o := scim.Object{"schemas": []any{groupURN}, "id": g.ID, "displayName": g.Name}
	put(o, "externalId", g.External)
	if members && len(g.Members) > 0 {
		list := make([]any, len(g.Members))
		for i, m := range g.Members {
			list[i] = scim.Object{"value": string(m)}
		}
		o["members"] = list
	}
	return o
}

// readGroup returns g as a resource says it.
func readGroup(o scim.Object, g provision.Group) provision.Group {
	g.Name, g.External, g.Members = text(o, "displayName"), text(o, "externalId"), nil
	members, _ := o["members"].([]any)
	for _, one := range members {
		m, _ := one.(scim.Object)
		g.Members = append(g.Members, people.ID(text(m, "value")))
	}
	return g
}

func (c *call) listGroups(q query) (answer, error) {
	org, err := c.People.Organisation(c.Context())
	if err != nil {
		return answer{}, err
	}
	all, err := c.Provision.Groups(c.Context())
	if err != nil {
		return answer{}, err
	}
	show := q.view
	if q.filter != nil {
		show = scim.View{} // it may ask for what is not told
	}
	list := make([]scim.Object, len(all))
	for i, g := range all {
		list[i] = c.showGroup(g, org, show)
	}
	return c.list(group, list, q)
}

func (c *call) getGroup(v scim.View) (answer, error) {
	g, err := c.Provision.Group(c.Context(), c.PathValue("id"))
	if err != nil {
		return answer{}, err
	}
	return c.answerGroup(200, g, v)
}

func (c *call) answerGroup(status int, g provision.Group, v scim.View) (answer, error) {
	org, err := c.People.Organisation(c.Context())
	if err != nil {
		return answer{}, err
	}
	c.entry.Subject = g.ID
	return answer{status: status, body: v.Show(c.showGroup(g, org, v)), tag: versionOf(g), location: c.at(group, g.ID)}, nil
}

func (c *call) addGroup(v scim.View) (answer, error) {
	o, err := group.Read(c.body)
	if err != nil {
		return answer{}, err
	}
	g, err := c.Provision.AddGroup(c.Context(), readGroup(o, provision.Group{}))
	if err != nil {
		return answer{}, err
	}
	return c.answerGroup(201, g, v)
}

func (c *call) replaceGroup(v scim.View) (answer, error) {
	o, err := group.Read(c.body)
	if err != nil {
		return answer{}, err
	}
	return c.changeGroup(v, func(scim.Object) (scim.Object, error) { return o, nil })
}

func (c *call) patchGroup(v scim.View) (answer, error) {
	ops, err := scim.ReadPatch(c.body)
	if err != nil {
		return answer{}, err
	}
	return c.changeGroup(v, func(o scim.Object) (scim.Object, error) { return group.Patch(o, ops) })
}

func (c *call) changeGroup(v scim.View, f func(scim.Object) (scim.Object, error)) (answer, error) {
	g, err := c.Provision.ChangeGroup(c.Context(), c.PathValue("id"), func(old provision.Group) (provision.Group, error) {
		if err := c.unchanged(versionOf(old)); err != nil {
			return old, err
		}
		o, err := f(groupObject(old, true))
		if err != nil {
			return old, err
		}
		return readGroup(o, old), nil
	})
	if err != nil {
		return answer{}, err
	}
	return c.answerGroup(200, g, v)
}

func (c *call) removeGroup(scim.View) (answer, error) {
	g, err := c.Provision.Group(c.Context(), c.PathValue("id"))
	if err == nil {
		err = c.unchanged(versionOf(g))
	}
	if err == nil {
		err = c.Provision.RemoveGroup(c.Context(), g.ID)
	}
	return answer{status: 204}, err
}
