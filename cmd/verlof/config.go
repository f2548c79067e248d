// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	"verlof/errs"
)

// configCmd prints the settings in force.
type configCmd struct {
	settings `embed:"" group:"settings"`
	JSON     bool `help:"Print JSON."`
}

// Help is what --help adds.
func (configCmd) Help() string {
	return `A flag goes before an environment variable, that before the file, and that before the
default. Passwords are not printed.

Examples:
  verlof config --data /var/lib/verlof
  verlof config --config /etc/verlof.toml --json`
}

// setting is one line of what is in force.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// Run prints them.
func (c *configCmd) Run(k *kong.Context, l *layers, io *console) error {
	for _, doubt := range l.doubts(k) {
		io.say("%v: %s", doubt, errs.As(doubt).Hint)
	}
	var all []setting
	for _, f := range k.Flags() {
		if f.Group == nil || f.Group.Key != settingsGroup {
			continue
		}
		s := setting{f.Name, fmt.Sprint(f.Target.Interface()), l.origin[f.Name]}
		for _, p := range k.Path {
			if p.Flag == f && !p.Resolved {
				s.From = "--" + f.Name
			}
		}
		if f.Tag.Has("secret") {
			s.Value = masked(s.Value)
		}
		s.From = cmp.Or(s.From, "default")
		all = append(all, s)
	}
	if c.JSON {
		return io.json(all)
	}
	rows := [][]string{{"SETTING", "VALUE", "FROM"}}
	for _, s := range all {
		rows = append(rows, []string{s.Name, s.Value, s.From})
	}
	return io.table(rows...)
}

// masked returns an address without what opens it. Of one that cannot be read
// only the scheme is left.
func masked(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		scheme, _, _ := strings.Cut(address, ":")
		return scheme + ":xxxxx"
	}
	if u.User == nil && u.RawQuery == "" {
		return address
	}
	q := u.Query()
	for name := range q {
		if strings.Contains(name, "password") {
			q.Set(name, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}
