// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"verlof/internal/disk"
)

// Folder is what a folder of databases says of itself.
type Folder struct {
	Epoch        // in which it came into force; zero: it does not say so
	Depot string `json:"depot,omitempty"` // knows whether it still is, without what opens that; empty: none is known
	After Epoch  `json:"after,omitzero"`  // was in force when it was seen that this folder no longer is; zero: that was not seen
}

// GivenUp reports Conflict for a folder of which it was seen that another one is in force.
func (f Folder) GivenUp() error {
	if f.After.Number == 0 {
		return nil
	}
	return f.After.Superseded()
}

// Since reports whether a folder is not in force any more once another epoch began.
func (f Folder) Since(newest Epoch) bool {
	return newest.Number > 0 && newest.Number >= f.Number && newest.Folder != f.Folder
}

// epochFile is where a folder says which it is.
const epochFile = "epoch.json"

// ReadFolder returns what a folder says of itself; zero for one that says nothing.
func ReadFolder(dir string) (f Folder, err error) {
	text, err := os.ReadFile(filepath.Join(dir, epochFile))
	if errors.Is(err, os.ErrNotExist) {
		return f, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	return f, err
}

// Mark has a folder say what it is.
func (f Folder) Mark(dir string) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	draft := filepath.Join(dir, draftPrefix+epochFile)
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(draft, filepath.Join(dir, epochFile))
	}
	return cmp.Or(err, disk.SyncFolder(dir))
}

// GiveUp has a folder say that another one is in force, and reports whether it does since now. A
// folder that says nothing of itself is left alone: it may be about to be used.
func GiveUp(dir string, newest Epoch) (bool, error) {
	f, err := ReadFolder(dir)
	if err != nil || f.Number == 0 || !f.Since(newest) || f.After.Number >= newest.Number {
		return false, err
	}
	f.After = newest
	return true, f.Mark(dir)
}
