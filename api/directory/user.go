// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"cmp"
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

func (c *call) listUsers(q query) (answer, error) {
	org, err := c.People.Organisation(c.Context())
	if err != nil {
		return answer{}, err
	}
	all, err := c.Provision.Users(c.Context())
	if err != nil {
		return answer{}, err
	}
	list := make([]scim.Object, len(all))
	for i, u := range all {
		list[i] = c.showUser(u, org)
	}
	return c.list(user, list, q)
}

func (c *call) getUser(v scim.View) (answer, error) {
	u, err := c.Provision.User(c.Context(), people.ID(c.PathValue("id")))
	if err != nil {
		return answer{}, err
	}
	return c.answerUser(200, u, v)
}

func (c *call) answerUser(status int, u provision.User, v scim.View) (answer, error) {
	org, err := c.People.Organisation(c.Context())
	if err != nil {
		return answer{}, err
	}
	c.entry.Subject = string(u.Person)
	return answer{status: status, body: v.Show(c.showUser(u, org)), tag: versionOf(u), location: c.at(user, string(u.Person))}, nil
}

func (c *call) addUser(v scim.View) (answer, error) {
	o, err := user.Read(c.body)
	if err != nil {
		return answer{}, err
	}
	u, err := c.Provision.AddUser(c.Context(), readUser(o, provision.User{Active: true}))
	if err != nil {
		return answer{}, err
	}
	return c.answerUser(201, u, v)
}

// replaceUser is a PUT: the resource is what was sent.
func (c *call) replaceUser(v scim.View) (answer, error) {
	o, err := user.Read(c.body)
	if err != nil {
		return answer{}, err
	}
	return c.changeUser(v, func(scim.Object) (scim.Object, error) { return o, nil })
}

func (c *call) patchUser(v scim.View) (answer, error) {
	ops, err := scim.ReadPatch(c.body)
	if err != nil {
		return answer{}, err
	}
	return c.changeUser(v, func(o scim.Object) (scim.Object, error) { return user.Patch(o, ops) })
}

func (c *call) changeUser(v scim.View, f func(scim.Object) (scim.Object, error)) (answer, error) {
	u, err := c.Provision.ChangeUser(c.Context(), people.ID(c.PathValue("id")), func(old provision.User) (provision.User, error) {
		if err := c.unchanged(versionOf(old)); err != nil {
			return old, err
		}
		o, err := f(userObject(old))
		if err != nil {
			return old, err
		}
		return readUser(o, old), nil
	})
	if err != nil {
		return answer{}, err
	}
	return c.answerUser(200, u, v)
}

func (c *call) removeUser(scim.View) (answer, error) {
	id := people.ID(cmp.Or(c.PathValue("id"), "-"))
	u, err := c.Provision.User(c.Context(), id)
	if err == nil {
		err = c.unchanged(versionOf(u))
	}
	if err == nil {
		err = c.Provision.RemoveUser(c.Context(), id)
	}
	return answer{status: 204}, err
}
