// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/disk"
)

// Source is where the root key comes from. It may be asked again: the key may have been
// replaced meanwhile.
type Source interface {
	// Root returns the root key. Where there is none it may make one, if sealed reports
	// that nothing was sealed yet.
	Root(sealed func() (bool, error)) (*Root, error)
}

// Text is the root key itself, as a File holds it.
type Text string

// Root reads the root key. It reports Invalid, and does not quote it, where it is none.
func (t Text) Root(func() (bool, error)) (*Root, error) {
	keys, err := t.keys("VERLOF_ROOT_KEY")
	if err != nil {
		return nil, err
	}
	return newRoot(keys...)
}

// keys returns the keys of a text that is called so, newest first.
func (t Text) keys(called string) ([][]byte, error) {
	var keys [][]byte
	for line := range strings.Lines(string(t)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(key) != keySize { // what is wrong with it would tell of it
			return nil, noKey(called)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, noKey(called)
	}
	return keys, nil
}

func noKey(called string) error {
	return errs.Operator(copyHint, "%s holds no root key: that is a line of %d bytes in base64", called, keySize)
}

// File is where the root key lies: a line of 32 random bytes in base64. Further lines
// are the keys before it, as long as something may be sealed with them.
type File struct {
	Path string
	Make bool // made when it is not there and nothing was ever sealed
	KMS  KMS  // the file is wrapped by it; nil: it holds the keys as they are
}

const (
	makeHint = "make one with: head -c 32 /dev/urandom | base64 > FILE && chmod 600 FILE"
	copyHint = "put back the copy that you keep of it: with another one nothing that it sealed opens"
)

// Root reads the root key. Where the file is missing it makes one, if it may and if sealed
// reports that nothing was sealed yet; else it reports Unavailable with a hint for the
// operator, and has written nothing: a new key could open nothing of what there is.
func (f File) Root(sealed func() (bool, error)) (*Root, error) {
	keys, err := f.read()
	if err == nil {
		return newRoot(keys...)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
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
	if keys, err = f.read(); err != nil {
		return nil, err
	}
	return newRoot(keys...)
}

// read returns the keys of the file, newest first.
func (f File) read() ([][]byte, error) {
	info, err := os.Stat(f.Path)
	if err != nil {
		return nil, unreadable(err)
	}
	if f.KMS == nil && info.Mode().Perm()&0o007 != 0 {
		return nil, errs.Operator("chmod 600 "+f.Path, "everybody on this machine may read the root key %s", f.Path)
	}
	text, err := os.ReadFile(f.Path)
	if err != nil {
		return nil, unreadable(err)
	}
	if f.KMS == nil {
		return Text(text).keys(f.Path)
	}
	if text, err = f.KMS.Unwrap(text); err != nil {
		return nil, fmt.Errorf("read the root key %s: %w", f.Path, err)
	}
	return Text(text).keys(f.Path + ", unwrapped,")
}

// closed returns keys as the file holds them. What a KMS has wrapped it must open again
// before it may take the place of anything.
func (f File) closed(keys [][]byte) ([]byte, error) {
	var text strings.Builder
	for _, key := range keys {
		text.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	}
	plain := []byte(text.String())
	if f.KMS == nil {
		return plain, nil
	}
	wrapped, err := f.KMS.Wrap(plain)
	if err != nil {
		return nil, err
	}
	again, err := f.KMS.Unwrap(wrapped)
	if err == nil && !bytes.Equal(bytes.TrimSpace(again), bytes.TrimSpace(plain)) {
		err = &errs.Error{Kind: errs.Unavailable, Err: errors.New("a root key that was wrapped does not come out again"),
			Hint: "see that --root-key-wrap and --root-key-unwrap belong together; nothing was changed"}
	}
	return wrapped, err
}

// Mark tells a file that was replaced since from the one that was seen; it is empty where there is none.
func (f File) Mark() string {
	info, err := os.Stat(f.Path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

// patience is how long a command waits for another one that changes the same file.
const patience = 30 * time.Second

// Hold has nobody else on this machine change the file, or what is sealed with it, until release is called. It waits for whoever
// does so already, and reports Conflict where that takes long. What is held is the file's folder: the file itself is replaced.
func (f File) Hold(ctx context.Context) (release func(), err error) {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	folder, err := disk.LockFolder(wait, filepath.Dir(f.Path))
	switch {
	case err == nil:
		return func() { _ = folder.Close() }, nil
	case errors.Is(err, errors.ErrUnsupported):
		return func() {}, nil // what protects is that KeepNewest is told which key is to stay
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("the folder of the root key %s is held: %w", f.Path, err),
			Hint: "another command is changing the root key; try again"}
	}
	return nil, unreadable(err)
}

// Add puts a new root key before the others: it seals from now on. It reports Unavailable
// where the file cannot be replaced, and then nothing is otherwise than before. Whoever calls it holds the file.
func (f File) Add() error {
	return f.replace(func(keys [][]byte) ([][]byte, error) { return slices.Insert(keys, 0, newKey(0).Key), nil })
}

// KeepNewest takes all keys but the newest out of the file. It is told the name of that one, with which everything is sealed, and
// reports Conflict where another is the newest by now: each machine of several may have a file of its own, where no lock of
// one keeps the others out. Whoever calls it holds the file.
func (f File) KeepNewest(name string) error {
	return f.replace(func(keys [][]byte) ([][]byte, error) {
		first, err := newRoot(keys[0])
		if err == nil && first.ID() != name {
			err = Replaced(name, first.ID())
		}
		return keys[:1], err
	})
}

// Replaced is the Conflict that a root key is not the newest any more.
func Replaced(name, by string) error {
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("the root key %s was replaced by %s at the same time", name, by),
		Hint: "all root keys are there still; run the command again"}
}

// replace writes other keys, whole and on disk, or nothing.
func (f File) replace(change func([][]byte) ([][]byte, error)) error {
	keys, err := f.read()
	if err == nil {
		keys, err = change(keys)
	}
	if err != nil {
		return err
	}
	draft := ""
	if err = f.sweep(); err == nil {
		draft, err = f.draft(keys)
	}
	if err == nil {
		defer os.Remove(draft) // it has another name by then, or is worth nothing
		err = os.Rename(draft, f.Path)
	}
	if e := errs.As(err); e != nil && e.Hint != "" {
		return fmt.Errorf("replace the root key: %w", err)
	}
	if err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("replace the root key: %w", err),
			Hint: "where the file is kept by something else, such as systemd, put a new key in its first line there, leave the old one in the second, and run: verlof keys rewrap"}
	}
	return disk.SyncFolder(filepath.Dir(f.Path))
}

// drafted begins the name of a draft; digits follow.
const drafted = ".root-key-"

// sweep takes the drafts away of whoever was killed over them: there are keys in them.
func (f File) sweep() error {
	dir := filepath.Dir(f.Path)
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		number, is := strings.CutPrefix(e.Name(), drafted)
		if is && e.Type().IsRegular() && number != "" && strings.Trim(number, "0123456789") == "" {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// draft writes keys into a new file beside the right one, on disk, and returns its name.
func (f File) draft(keys [][]byte) (string, error) {
	text, err := f.closed(keys)
	if err != nil {
		return "", err
	}
	out, err := os.CreateTemp(filepath.Dir(f.Path), drafted+"*")
	if err != nil {
		return "", err
	}
	_, err = out.Write(text)
	if err = errors.Join(err, out.Chmod(0o600), out.Sync(), out.Close()); err != nil {
		return "", errors.Join(err, os.Remove(out.Name()))
	}
	return out.Name(), nil
}

func unreadable(err error) error {
	return &errs.Error{Kind: errs.Unavailable, Hint: "let Verlof read it, or name another with --root-key-file",
		Err: fmt.Errorf("read the root key: %w", err)}
}

// create writes a new key, whole and on disk, or nothing. Of two that do so at once one
// wins: the other finds the winner's, who may have changed it already and taken the other's draft away.
func (f File) create() error {
	dir := filepath.Dir(f.Path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	draft, err := f.draft([][]byte{newKey(0).Key})
	if err != nil {
		return err
	}
	defer os.Remove(draft) // it has another name by then, or is worth nothing
	if err := os.Link(draft, f.Path); err != nil && f.Mark() == "" {
		return err
	}
	return disk.SyncFolder(dir)
}
