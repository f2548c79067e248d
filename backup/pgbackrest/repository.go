// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"cmp"
	"path/filepath"

	"verlof/errs"
)

// Repository is where copies of a server are kept: a folder on another disk.
type Repository struct {
	Folder string // absolute
}

// NewRepository returns the one in a folder.
func NewRepository(dir string) (r Repository, err error) {
	r.Folder, err = filepath.Abs(dir)
	return r, err
}

// Depot returns where else Verlof puts what belongs to the copies, as backup.ParseDepot reads it:
// beside pgBackRest's own files.
func (r Repository) Depot() string { return "folder:" + r.Folder }

// Repository returns where the settings say that copies are kept. It reports Invalid for one that
// is in no folder.
func (s Stanza) Repository() (Repository, error) {
	o, err := s.options()
	if err != nil {
		return Repository{}, err
	}
	if kind := cmp.Or(o["repo1-type"], "posix"); kind != "posix" || o["repo1-host"] != "" {
		return Repository{}, errs.Operator("keep a copy of "+s.Config+" where you keep the root key", "the repository is of kind %s: Verlof puts nothing there", kind)
	}
	return Repository{Folder: cmp.Or(o["repo1-path"], "/var/lib/pgbackrest")}, nil
}
