// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/people"
)

// Exported is the kind of act that says that everything of a customer was written into a file.
const Exported = "exported"

// ownPeople goes before the id of a person on record, where the customer's own people did something.
const ownPeople = "person "

// TakenAlong is when everything of a customer was written into a file, and by whom.
type TakenAlong struct {
	At time.Time
	By people.ID // empty: an operator
}

// mostTaken is how many times are told.
const mostTaken = 20

// TakenAlong returns when everything of the customer was written into a file, the newest first. It
// reports Forbidden for all but administrators.
func (t *Tenant) TakenAlong(ctx context.Context, by people.ID) (list []TakenAlong, err error) {
	v, err := t.People.Viewer(ctx, by)
	if err == nil {
		err = v.NeedAdministrator()
	}
	if err != nil {
		return nil, err
	}
	acts, err := t.dir.registry.Acts(ctx, t.ID)
	for _, a := range slices.Backward(acts) {
		if a.Kind != Exported || len(list) == mostTaken {
			continue
		}
		id, own := strings.CutPrefix(a.By, ownPeople)
		if !own {
			id = ""
		}
		list = append(list, TakenAlong{a.At, people.ID(id)})
	}
	return list, err
}

// Along is a file with everything of a customer. It is nowhere any more once it is closed, or the
// process has ended.
type Along struct {
	io.ReadCloser
	Name string // for whoever keeps it
	Size int64  // bytes
}

// errExporting bounds what one customer can have this machine write.
var errExporting = errs.New(errs.Conflict, "tenant.error.exporting")

// TakeAlong writes everything of the customer into a file, as Export does, without medical notes, for
// one of its own people, and puts that on record. It reports Forbidden unless they see everything, NotFound
// for a past state, and Conflict while another file is being made.
func (t *Tenant) TakeAlong(ctx context.Context, by people.ID) (*Along, error) {
	if t.Past != nil {
		return nil, errs.New(errs.NotFound, "")
	}
	v, err := t.People.Viewer(ctx, by)
	if err == nil {
		err = v.NeedAll()
	}
	if err != nil {
		return nil, err
	}
	if !t.exporting.TryLock() {
		return nil, errExporting
	}
	defer t.exporting.Unlock()
	draft, err := t.draft()
	if err != nil {
		return nil, fmt.Errorf("export customer %s: %w", t.ID, err)
	}
	a, err := t.fillAlong(ctx, by, draft)
	if err != nil {
		return nil, errors.Join(err, draft.Close())
	}
	return a, nil
}

func (t *Tenant) fillAlong(ctx context.Context, by people.ID, draft unnamed) (*Along, error) {
	now := t.dir.Now()
	m, err := t.Export(ctx, draft, false, now)
	if err != nil {
		return nil, err
	}
	size, err := draft.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = draft.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, err
	}
	act := t.dir.act(Exported, fmt.Sprintf("%d rows, without medical notes, in a browser", m.Rows()), Why{By: ownPeople + string(by)})
	if err := t.dir.registry.AddAct(ctx, t.ID, act); err != nil { // without the record there is no file
		return nil, err
	}
	return &Along{draft, fmt.Sprintf("%s-%s.zip", t.Slug, now.UTC().Format("2006-01-02")), size}, nil
}

// unnamed is a file that goes away with whoever has it open.
type unnamed struct{ *os.File }

// Close closes it, and takes its name away where it has one still.
func (u unnamed) Close() error {
	err := u.File.Close()
	if gone := os.Remove(u.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// draft returns a file beside the customer's database, which is in clear text there too; on PostgreSQL
// where this machine keeps such files. Its name is gone at once, where the system lets it.
func (t *Tenant) draft() (unnamed, error) {
	dir := ""
	if path := t.db.File(); path != "" {
		dir = filepath.Dir(path)
	}
	f, err := os.CreateTemp(dir, ".export-*") // for us alone
	if err != nil {
		return unnamed{}, err
	}
	_ = os.Remove(f.Name()) // else when it is closed
	return unnamed{f}, nil
}
