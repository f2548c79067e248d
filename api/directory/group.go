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

// groups is how groups are kept, and their form.
var groups = &things[provision.Group]{kind: group,
	id: func(g provision.Group) string { return g.ID }, show: (*call).showGroup,
	object: func(g provision.Group) scim.Object { return groupObject(g, true) }, read: readGroup,
	all: (*provision.Service).Groups, one: (*provision.Service).Group, add: (*provision.Service).AddGroup,
	change: (*provision.Service).ChangeGroup, remove: (*provision.Service).RemoveGroup,
}
