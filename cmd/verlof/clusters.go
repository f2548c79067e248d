// SPDX-License-Identifier: Apache-2.0

package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/store"
)

// clusters are more PostgreSQL servers that customers may be placed on, by name.
type clusters map[string]string

// UnmarshalText reads NAME=URL, several parted by spaces. Given again, it adds to those before.
func (c *clusters) UnmarshalText(text []byte) error {
	if *c == nil {
		*c = clusters{}
	}
	var trial store.Place
	for _, part := range strings.Fields(string(text)) {
		name, address, _ := strings.Cut(part, "=")
		if err := trial.AddCluster(name, address); err != nil {
			return err
		}
		if _, twice := (*c)[name]; twice {
			return errs.Operator("give each cluster a name of its own", "clusters: %q stands there twice", name)
		}
		(*c)[name] = address
	}
	return nil
}

// String is what UnmarshalText reads, without passwords.
func (c clusters) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(c)) {
		parts = append(parts, name+"="+masked(c[name]))
	}
	return strings.Join(parts, " ")
}

// place returns where the installation's databases are. It refuses to work as root on what is
// another user's: the service, which runs as that user, could not open what root makes there.
func (s *settings) place() (*store.Place, error) {
	p, err := store.ParsePlace(s.Database)
	if err != nil {
		return nil, err
	}
	for _, path := range []string{p.RegistryFile(), filepath.Join(s.Data, rootKeyName)} {
		if owner := disk.Stranger(path); owner != "" {
			return nil, errs.Operator("say: sudo -u "+owner+" verlof ...", "%s is the file of the user %s, and this runs as root", path, owner)
		}
	}
	for name, address := range s.Clusters {
		if err := p.AddCluster(name, address); err != nil {
			return nil, err
		}
	}
	p.Bound(s.MaxConnections)
	return p, nil
}
