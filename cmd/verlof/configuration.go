// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/internal/seal"
	"verlof/tenant"
)

// paths are files, parted by commas.
type paths []string

// UnmarshalText reads them.
func (p *paths) UnmarshalText(text []byte) error {
	*p = slices.Collect(listed(text))
	return nil
}

// String is what UnmarshalText reads.
func (p paths) String() string { return strings.Join(p, ",") }

// largestFile bounds a file of the configuration, in bytes.
const largestFile = 1 << 20

// inForceFile holds the settings that no file had, in the form of one.
const inForceFile = "in-force.toml"

// configuration returns what a machine needs besides databases and root key: the file of
// settings, the issuing certificate, what copy-files names, and the settings of a process that stood in
// no file; none of those without its flags. What cannot be read is left out, and the error says so.
func (s *settings) configuration(k *kong.Context, l *layers) (cfg backup.Config, err error) {
	if cfg.Data, err = filepath.Abs(s.Data); err != nil {
		return cfg, err
	}
	var failed []error
	for _, path := range slices.Concat([]string{l.path, s.Issuing}, s.CopyFiles) {
		if path == "" {
			continue
		}
		f, err := s.readConfigFile(path)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		cfg.Files = append(cfg.Files, f)
	}
	if text := unfiled(k, l); text != "" {
		cfg.Files = append(cfg.Files, backup.ConfigFile{Path: filepath.Join(cfg.Data, "recovered", inForceFile), Content: []byte(text)})
	}
	return inOrder(cfg), errors.Join(failed...)
}

// inOrder puts the files in the order of their paths, each once.
func inOrder(cfg backup.Config) backup.Config {
	order.By(cfg.Files, func(a, b backup.ConfigFile) int { return cmp.Compare(a.Path, b.Path) })
	cfg.Files = slices.CompactFunc(cfg.Files, func(a, b backup.ConfigFile) bool { return a.Path == b.Path })
	return cfg
}

// readConfigFile reads a file for the depot, and refuses the root key: it opens what is kept there.
func (s *settings) readConfigFile(path string) (f backup.ConfigFile, err error) {
	if f.Path, err = filepath.Abs(path); err != nil {
		return f, err
	}
	info, err := os.Stat(f.Path)
	if err == nil && info.Size() > largestFile {
		err = fmt.Errorf("%s has %d bytes, more than a file of settings or certificates", path, info.Size())
	}
	if err != nil {
		return f, &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name files that Verlof may read with copy-files, parted by commas"}
	}
	if key, err := os.Stat(cmp.Or(s.RootKeyFile, filepath.Join(s.Data, rootKeyName))); err == nil && os.SameFile(info, key) {
		return f, errs.Operator("keep a copy of it elsewhere", "%s is the root key: it opens what the depot keeps, and is not put there", path)
	}
	f.Content, err = os.ReadFile(f.Path)
	return f, err
}

// unfiled returns the settings that a flag or a variable gave, as lines of a file; nothing where
// there are none but the places of that file and of the data.
func unfiled(k *kong.Context, l *layers) string {
	if k == nil {
		return ""
	}
	var lines bytes.Buffer
	for _, f := range k.Flags() {
		if f.Group == nil || f.Group.Key != settingsGroup || f.Name == "config" || f.Name == "data" {
			continue
		}
		value, ok := l.env[variable(f.Name)]
		for _, p := range k.Path {
			if p.Flag == f && !p.Resolved {
				value, ok = fmt.Sprint(f.Target.Interface()), true
			}
		}
		if ok {
			fmt.Fprintf(&lines, "%s = %s\n", f.Name, strconv.Quote(value))
		}
	}
	if lines.Len() == 0 {
		return ""
	}
	return "# Settings that no file had, but flags or the environment. Add them to verlof.toml, or give them anew.\n" + lines.String()
}

// keepConfiguration puts the configuration at the depots, as the server has it.
func (i *installation) keepConfiguration(ctx context.Context) {
	if i.configured == nil {
		return
	}
	cfg, err := i.configured()
	if err = errors.Join(err, i.copies.PutConfig(ctx, i.tenants.RegistryKey(), cfg, false)); err != nil && ctx.Err() == nil {
		i.log.Error("the configuration is not at the depot as it should be", why(err, ""))
	}
}

// keepAnew puts the configuration at the depots anew. What the server put there and this command
// does not know of stays: it has flags and an environment of its own.
func (s *settings) keepAnew(ctx context.Context, l *layers, d *tenant.Directory, copies *backup.Copies) error {
	cfg, failed := s.configuration(nil, l)
	was, _, err := backup.Kept{At: copies.Depot, ID: tenant.RegistryID, Sealer: d.RegistryKey()}.Config(ctx)
	var damage *backup.Damage
	if err != nil && !errors.As(err, &damage) && !seal.UnknownRoot(err) { // what a pruned root key sealed is read by nobody
		return errors.Join(failed, err)
	}
	for _, f := range was.Files {
		if slices.ContainsFunc(cfg.Files, func(o backup.ConfigFile) bool { return o.Path == f.Path }) {
			continue
		}
		if now, err := s.readConfigFile(f.Path); err == nil {
			f = now
		}
		cfg.Files = append(cfg.Files, f)
	}
	return errors.Join(failed, copies.PutConfig(ctx, d.RegistryKey(), inOrder(cfg), true))
}
