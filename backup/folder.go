// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"verlof/internal/disk"
)

// folder keeps objects as files, on a disk that is not the one it copies.
type folder struct{ dir string }

// draftPrefix starts the names of files that are not whole yet.
const draftPrefix = ".draft-"

func (f folder) String() string { return "folder:" + f.dir }

func (f folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// Put writes a draft beside the right name, syncs it, gives it the name and syncs that.
func (f folder) Put(_ context.Context, name string, body io.ReadSeeker) error {
	if err := goodName(name); err != nil {
		return err
	}
	path := f.path(name)
	draft, err := os.CreateTemp(filepath.Dir(path), draftPrefix+"*")
	if errors.Is(err, fs.ErrNotExist) {
		if err = f.makeFolder(filepath.Dir(path)); err == nil {
			draft, err = os.CreateTemp(filepath.Dir(path), draftPrefix+"*")
		}
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(draft, body)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(draft.Name()))
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// makeFolder makes a folder below the depot's own, which must be there: what is mounted
// on it may be missing, and the disk below it is the one that is copied.
func (f folder) makeFolder(dir string) error {
	if _, err := os.Stat(f.dir); err != nil {
		return err
	}
	var missing []string
	for ; dir != f.dir; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		missing = append(missing, dir)
	}
	for i := len(missing) - 1; i >= 0; i-- {
		if err := os.Mkdir(missing[i], 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := disk.SyncFolder(filepath.Dir(missing[i])); err != nil {
			return err
		}
	}
	return nil
}

func (f folder) Get(_ context.Context, name string) (io.ReadCloser, error) {
	if err := goodName(name); err != nil {
		return nil, err
	}
	file, err := os.Open(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", name, ErrNoObject)
	}
	return file, err
}

func (f folder) List(_ context.Context, below string) ([]Object, error) {
	if _, err := os.Stat(f.dir); err != nil {
		return nil, err // nothing mounted is not the same as nothing kept
	}
	var list []Object
	err := filepath.WalkDir(f.path(below), func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // taken away meanwhile
		case err != nil:
			return err
		case d.IsDir() || strings.HasPrefix(d.Name(), draftPrefix):
			return nil
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(f.dir, path)
		list = append(list, Object{filepath.ToSlash(name), info.Size()})
		return err
	})
	return byName(list), err
}

func (f folder) Delete(_ context.Context, names ...string) error {
	for _, name := range names {
		if err := goodName(name); err != nil {
			return err
		}
		if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Erase deletes files: a folder keeps nothing of those that were deleted before.
func (f folder) Erase(ctx context.Context, below string, keep func(string) bool) (Forgotten, error) {
	list, err := f.List(ctx, below)
	if err != nil {
		return Forgotten{}, err
	}
	gone := Forgotten{Depot: f.String()}
	for _, o := range list {
		if keep != nil && keep(o.Name) {
			continue
		}
		if err := f.Delete(ctx, o.Name); err != nil {
			return gone, err
		}
		gone.Objects++
		gone.Bytes += o.Size
	}
	return gone, nil
}

// Clear takes drafts away.
func (f folder) Clear(_ context.Context, below string, before time.Time) error {
	return filepath.WalkDir(f.path(below), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), draftPrefix) {
			return skipGone(err)
		}
		info, err := d.Info()
		if err == nil && info.ModTime().Before(before) {
			err = os.Remove(path)
		}
		return skipGone(err)
	})
}

// skipGone takes no offence at what was taken away meanwhile.
func skipGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
