// SPDX-License-Identifier: Apache-2.0

package store

import (
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"verlof/errs"
)

// Home names the installation's own place among its clusters.
const Home = "home"

// clusterMark begins where a database is that is on a cluster: cluster:NAME/DATABASE.
const clusterMark = "cluster:"

var goodCluster = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)

// AddCluster lets the place know another PostgreSQL server by a name, which the registry keeps
// in place of its address. The database that the address names is that which new databases are
// made from, and begins their names. It reports Invalid for a name that cannot be, or is taken,
// and for what is no server.
func (p *Place) AddCluster(name, address string) error {
	if !goodCluster.MatchString(name) || name == Home || p.clusters[name] != nil {
		return errs.Operator("a name is up to 31 small letters, digits and hyphens, each once, and not "+Home, "not a name for a cluster: %q", name)
	}
	c, err := ParsePlace(address)
	if err != nil || c.server == nil {
		return errs.Operator("write NAME=postgres://user:password@host/name", "cluster %s: not the address of a PostgreSQL server", name)
	}
	c.name = name
	if p.clusters == nil {
		p.clusters = map[string]*Place{}
	}
	p.clusters[name] = c
	return nil
}

// Clusters returns the names among which a customer may be placed, the home first. A home of
// SQLite files is one of them.
func (p *Place) Clusters() []string {
	return append([]string{Home}, slices.Sorted(maps.Keys(p.clusters))...)
}

// IsServer reports whether the home is a PostgreSQL server.
func (p *Place) IsServer() bool { return p.server != nil }

// Role returns the installation's role on the server of the place.
func (p *Place) Role() string { return p.server.User.Username() }

// Registered returns the name of the database on the server of the place that its others are named
// after: in that of an installation's home is the registry.
func (p *Place) Registered() string { return p.server.Path[1:] }

// Servers returns the names of the PostgreSQL servers that customers may be placed on.
func (p *Place) Servers() []string {
	if p.server == nil {
		return p.Clusters()[1:]
	}
	return p.Clusters()
}

// Cluster returns the place behind a name. It reports Invalid for one that is not known.
func (p *Place) Cluster(name string) (*Place, error) {
	if name == Home {
		return p, nil
	}
	if c := p.clusters[name]; c != nil {
		return c, nil
	}
	return nil, errs.Operator("the clusters are "+strings.Join(p.Clusters(), ", "), "no cluster is called %q", name)
}

// Named reads a place as ParsePlace does, or one of the clusters: cluster:NAME.
func (p *Place) Named(setting string) (*Place, error) {
	if name, ok := strings.CutPrefix(setting, clusterMark); ok {
		return p.Cluster(name)
	}
	return ParsePlace(setting)
}

// ClusterOf returns the name of the cluster that a database is on, Home, or for one that is
// elsewhere the folder or the host.
func (p *Place) ClusterOf(where string) string {
	if rest, ok := strings.CutPrefix(where, clusterMark); ok {
		name, _, _ := strings.Cut(rest, "/")
		return name
	}
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok && filepath.IsAbs(path) {
		return filepath.Dir(path)
	}
	if u, err := url.Parse(where); err == nil && isPostgres(where) {
		return u.Host
	}
	return Home
}

// Of returns the place that makes databases where one is: its cluster, or the home.
func (p *Place) Of(where string) *Place {
	if on, _ := p.serverOf(where); on != nil {
		return on
	}
	return p
}

// onCluster returns where a database of the place is.
func (p *Place) onCluster(database string) string {
	if p.name != "" {
		return clusterMark + p.name + "/" + database
	}
	return "postgres:" + database
}

// serverOf returns the place, this one or one of its clusters, that a database is on, and the
// database's name; nil for one that is elsewhere.
func (p *Place) serverOf(where string) (on *Place, database string) {
	if name, ok := strings.CutPrefix(where, "postgres:"); ok && p.server != nil && !isPostgres(where) {
		return p, name
	}
	rest, ok := strings.CutPrefix(where, clusterMark)
	if !ok {
		return nil, ""
	}
	name, database, _ := strings.Cut(rest, "/")
	return p.clusters[name], database
}

// quotaOf returns what bounds the connections to the server of a database.
func (p *Place) quotaOf(where string) *quota {
	return p.Of(where).quota
}
