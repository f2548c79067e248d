// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"verlof/backup"
	"verlof/internal/disk"
	"verlof/internal/seal"
)

// RecoveredFile is what became of one file of the configuration.
type RecoveredFile struct {
	Was  string // its path on the machine that it was on
	Path string // where it is now
	Kept bool   // it was there already, and the same
	Err  error
}

// besideFolder is where files of the configuration are put that lay elsewhere than in the data
// folder: nothing but the data folder is written.
const besideFolder = "recovered"

// RecoverConfig puts the files of the configuration that a depot keeps into a data folder: those
// that lay in the old one where they belong, all others below a folder of it. Where another file
// is there already that one stays, and the recovered one lies beside it. It returns when they were
// put at the depot; a zero time where none are kept.
func RecoverConfig(ctx context.Context, at backup.Depot, root *seal.Root, data string) (files []RecoveredFile, put time.Time, err error) {
	cfg, put, err := backup.Kept{At: at, ID: backup.Registry, Sealer: root}.Config(ctx)
	if put.IsZero() {
		return nil, put, err
	}
	if data, failed := filepath.Abs(data); failed == nil {
		for _, f := range cfg.Files {
			files = append(files, recoverFile(data, cfg.Data, f))
		}
	}
	return files, put, err
}

func recoverFile(data, was string, f backup.ConfigFile) RecoveredFile {
	r := RecoveredFile{Was: f.Path}
	rel, err := filepath.Rel(was, f.Path)
	if err != nil || !filepath.IsLocal(rel) {
		rel = filepath.Join(besideFolder, filepath.Clean("/"+filepath.ToSlash(f.Path)))
	}
	r.Path = filepath.Join(data, rel)
	if r.Err = os.MkdirAll(filepath.Dir(r.Path), 0o700); r.Err != nil {
		return r
	}
	for range 2 {
		r.Err = disk.Create(r.Path, bytes.NewReader(f.Content))
		if !errors.Is(r.Err, fs.ErrExist) {
			return r
		}
		there, err := os.ReadFile(r.Path)
		if r.Kept = err == nil && bytes.Equal(there, f.Content); r.Kept {
			r.Err = nil
			return r
		}
		r.Path = filepath.Join(data, rel) + "." + besideFolder
	}
	return r
}
