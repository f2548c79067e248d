// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"context"
	"encoding/json"

	"verlof/identity/provision"
	"verlof/internal/scim"
	"verlof/people"
)

// showUser returns a user in the form of SCIM, with all that can be told.
func (c *call) showUser(u provision.User, org *people.Organisation) scim.Object {
	o := userObject(u)
	if x, ok := o[enterpriseURN].(scim.Object); ok {
		if m, ok := x["manager"].(scim.Object); ok {
			m["$ref"] = c.at(user, string(u.Manager))
			if name := org.Person(u.Manager).Name(); name != "" {
				m["displayName"] = name
			}
		}
	}
	o["meta"] = c.meta(user, string(u.Person), u.Made, u.Changed, versionOf(u))
	return o
}

// userObject returns what a user has that a directory may change.
func userObject(u provision.User) scim.Object {
	o := scim.Object{"schemas": []any{userURN}, "id": string(u.Person), "userName": u.Name, "active": u.Active}
	put(o, "externalId", u.External)
	put(o, "displayName", u.Display)
	put(o, "preferredLanguage", u.Language)
	name := scim.Object{}
	put(name, "formatted", u.Formatted)
	put(name, "familyName", u.Family)
	put(name, "givenName", u.Given)
	put(o, "name", name)
	var emails []any
	for _, e := range u.Emails {
		one := scim.Object{"value": e.Value}
		put(one, "type", e.Type)
		if e.Primary {
			one["primary"] = true
		}
		emails = append(emails, one)
	}
	put(o, "emails", emails)
	x := scim.Object{}
	put(x, "employeeNumber", u.Number)
	put(x, "department", u.Department)
	if u.Manager != "" {
		x["manager"] = scim.Object{"value": string(u.Manager)}
	}
	if len(x) > 0 {
		o[enterpriseURN], o["schemas"] = x, []any{userURN, enterpriseURN}
	}
	return o
}

// put gives o a value that says something.
func put(o scim.Object, name string, v any) {
	switch x := v.(type) {
	case string:
		if x != "" {
			o[name] = x
		}
	case scim.Object:
		if len(x) > 0 {
			o[name] = x
		}
	case []any:
		if len(x) > 0 {
			o[name] = x
		}
	}
}

// readUser returns u as a resource says it: what the resource does not hold is not there
// any more, but whether the user is active stays what it was.
func readUser(o scim.Object, u provision.User) provision.User {
	u.Name, u.External = text(o, "userName"), text(o, "externalId")
	if active, ok := o["active"].(bool); ok {
		u.Active = active
	}
	name, _ := o["name"].(scim.Object)
	x, _ := o[enterpriseURN].(scim.Object)
	manager, _ := x["manager"].(scim.Object)
	u.Details = provision.Details{Given: text(name, "givenName"), Family: text(name, "familyName"), Formatted: text(name, "formatted"),
		Display: text(o, "displayName"), Language: text(o, "preferredLanguage"), Number: text(x, "employeeNumber"),
		Department: text(x, "department"), Manager: people.ID(text(manager, "value"))}
	emails, _ := o["emails"].([]any)
	for _, one := range emails {
		if e, ok := one.(scim.Object); ok && text(e, "value") != "" {
			u.Emails = append(u.Emails, provision.Email{Value: text(e, "value"), Type: text(e, "type"), Primary: e["primary"] == true})
		}
	}
	return u
}

func text(o scim.Object, name string) string {
	s, _ := o[name].(string)
	return s
}

// versionOf returns the ETag of what is kept of a user or a group: weak, since the names
// of others that stand in it may change without it (RFC 7644, section 3.14).
func versionOf(v any) string {
	if u, ok := v.(provision.User); ok {
		u.Made, u.Changed, u.Since, u.Known = zero, zero, zero, false
		v = u
	}
	if g, ok := v.(provision.Group); ok {
		g.Made, g.Changed, g.Use = zero, zero, provision.Use{}
		v = g
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts and truths always have a JSON form
	}
	return "W/" + hash(b)
}

// users is how users are kept, and their form.
var users = &things[provision.User]{kind: user, blank: provision.User{Active: true},
	id: func(u provision.User) string { return string(u.Person) },
	show: func(c *call, u provision.User, org *people.Organisation, _ scim.View) scim.Object {
		return c.showUser(u, org)
	},
	object: userObject, read: readUser,
	all: (*provision.Service).Users, add: (*provision.Service).AddUser,
	one: func(s *provision.Service, ctx context.Context, id string) (provision.User, error) {
		return s.User(ctx, people.ID(id))
	},
	change: func(s *provision.Service, ctx context.Context, id string, f func(provision.User) (provision.User, error)) (provision.User, error) {
		return s.ChangeUser(ctx, people.ID(id), f)
	},
	remove: func(s *provision.Service, ctx context.Context, id string, may func(provision.User) error) error {
		return s.RemoveUser(ctx, people.ID(id), may)
	},
}
