// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"verlof/errs"
	"verlof/internal/disk"
)

// File is where the root key lies: one line, 32 random bytes in base64.
type File struct {
	Path string
	Make bool // made when it is not there and nothing was ever sealed
}

const makeHint = "make one with: head -c 32 /dev/urandom | base64 > FILE && chmod 600 FILE"

// Root reads the root key. Where the file is missing it makes one, if it may and if sealed
// reports that nothing was sealed yet; else it reports Unavailable with a hint for the
// operator, and has written nothing: a new key could open nothing of what there is.
func (f File) Root(sealed func() (bool, error)) (*Root, error) {
	r, err := f.read()
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	lost, err := sealed()
	switch {
	case err != nil:
		return nil, err
	case lost:
		return nil, &errs.Error{Kind: errs.Unavailable, Public: "seal.error.root",
			Hint: "put the root key back where it was, or name it with --root-key-file; without it medical notes cannot be read, and nothing was written",
			Err:  fmt.Errorf("the root key %s is not there, and customers have keys that it sealed", f.Path)}
	case !f.Make:
		return nil, &errs.Error{Kind: errs.Invalid, Hint: makeHint, Err: fmt.Errorf("the root key %s is not there", f.Path)}
	}
	if err := f.create(); err != nil {
		return nil, fmt.Errorf("make the root key: %w", err)
	}
	return f.read()
}

// read returns the root key of the file.
func (f File) read() (*Root, error) {
	info, err := os.Stat(f.Path)
	if err != nil {
		return nil, unreadable(err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, errs.Operator("chmod 600 "+f.Path, "everybody on this machine may read the root key %s", f.Path)
	}
	text, err := os.ReadFile(f.Path)
	if err != nil {
		return nil, unreadable(err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize { // what is wrong with it would tell of it
		return nil, errs.Operator(makeHint, "%s holds no root key: that is one line of %d bytes in base64", f.Path, keySize)
	}
	return newRoot(key)
}

func unreadable(err error) error {
	return &errs.Error{Kind: errs.Unavailable, Hint: "let Verlof read it, or name another with --root-key-file",
		Err: fmt.Errorf("read the root key: %w", err)}
}

// create writes a new key, whole and on disk, or nothing. Of two that do so at once one
// wins: the other finds the winner's.
func (f File) create() error {
	dir := filepath.Dir(f.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var key [keySize]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand ends the program instead
	draft, err := os.CreateTemp(dir, ".root-key-*")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // it has another name by then, or is worth nothing
	_, err = draft.WriteString(base64.StdEncoding.EncodeToString(key[:]) + "\n")
	err = errors.Join(err, draft.Chmod(0o600), draft.Sync(), draft.Close())
	if err != nil {
		return err
	}
	if err := os.Link(draft.Name(), f.Path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return disk.SyncFolder(dir)
}
