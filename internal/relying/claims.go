// SPDX-License-Identifier: Apache-2.0

package relying

import (
	"slices"
	"strings"
	"time"
)

// Claims are what a provider says of a person (OpenID Connect Core 1.0, section 5.1).
type Claims struct {
	Subject  string
	Email    string
	Verified Verified // whether the address is the person's
	Given    string
	Family   string
	Name     string
	Methods  []string  // amr: how they proved it (RFC 8176)
	Level    string    // acr: how strong that was
	Auth     time.Time // auth_time: when they did; zero: not said
	All      map[string]any
	Token    string `json:"-"` // the ID token itself
}

// Verified is whether a provider says that a mail address is the person's.
type Verified int8

// What a provider may say.
const (
	Unsaid Verified = iota
	Yes
	No
)

// read takes what is known by name out of all that was said. What has another form than
// it should have is as if it were not there.
func (c *Claims) read() {
	c.Subject, c.Email = c.text("sub"), c.text("email")
	c.Given, c.Family, c.Name = c.text("given_name"), c.text("family_name"), c.text("name")
	c.Verified = Unsaid
	switch v := c.All["email_verified"].(type) {
	case bool:
		c.Verified = No
		if v {
			c.Verified = Yes
		}
	case string: // some send it so
		c.Verified = No
		if v == "true" {
			c.Verified = Yes
		}
	}
}

// readProof takes how and when the person proved who they are, which an ID token says and nothing else
// (OpenID Connect Core 1.0, section 2). What lies ahead of now is taken for now.
func (c *Claims) readProof(now time.Time) {
	c.Level, c.Methods = c.text("acr"), texts(c.All["amr"])
	if at, ok := c.All["auth_time"].(float64); ok && at > 0 {
		c.Auth = time.Unix(int64(at), 0).UTC()
	}
	if c.Auth.After(now) {
		c.Auth = now
	}
}

func (c *Claims) text(name string) string {
	s, _ := c.All[name].(string)
	return s
}

// List returns the texts of a claim, a single one too. A path with dots leads into what is
// nested, such as realm_access.roles; a name with dots of its own is found first. known is
// false where the provider has left the list out because it is long (OpenID Connect Core
// 1.0, section 5.6.2): then nobody knows what is in it.
func (c *Claims) List(path string) (list []string, known bool) {
	if away, ok := c.All["_claim_names"].(map[string]any); ok && away[path] != nil {
		return nil, false
	}
	return texts(at(c.All, path)), true
}

func at(in map[string]any, path string) any {
	if v, ok := in[path]; ok {
		return v
	}
	for i, r := range path {
		if r != '.' {
			continue
		}
		if deeper, ok := in[path[:i]].(map[string]any); ok {
			if v := at(deeper, path[i+1:]); v != nil {
				return v
			}
		}
	}
	return nil
}

func texts(v any) (list []string) {
	switch v := v.(type) {
	case string:
		list = []string{v}
	case []any:
		for _, one := range v {
			if s, ok := one.(string); ok {
				list = append(list, s)
			}
		}
	}
	return slices.DeleteFunc(list, func(s string) bool { return strings.TrimSpace(s) == "" })
}
