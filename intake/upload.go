// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/people"
)

// How long files that are being imported are kept, and how many.
const (
	UploadLife  = time.Hour
	uploadsEach = 3         // for one person; the oldest makes room
	uploadSpace = 256 << 20 // bytes of all files of a customer together
)

// Upload is a file that somebody is importing.
type Upload struct {
	ID      string // cannot be guessed: it names the file in addresses
	By      people.ID
	At      time.Time
	Name    string
	Size    int    // bytes of Data
	Data    []byte // left out of lists
	Options Options
	Written *Counts // what importing it did; nil until then
}

// Source returns the file to be read from its beginning.
func (u *Upload) Source() Source { return Source{Name: u.Name, Reader: bytes.NewReader(u.Data)} }

// UploadStore is Store for uploads.
type UploadStore interface {
	View(ctx context.Context, f func(UploadTx) error) error
	Update(ctx context.Context, f func(UploadTx) error) error
}

// UploadTx is what uploads need of a transaction.
type UploadTx interface {
	// Lock holds back every other update that locks one of the same names, until this one ends.
	Lock(names ...string) error
	// Uploads returns all without their data, oldest first.
	Uploads() ([]Upload, error)
	// Upload reports NotFound for an unknown id.
	Upload(id string) (Upload, error)
	AddUpload(u Upload) error
	// SetUpload changes Options and Written, and reports NotFound.
	SetUpload(u Upload) error
	DropUpload(id string) error
}

// Uploads keeps files while they are being imported, in the customer's database,
// so that any process may go on with them. They are full of personal data: what
// is older than UploadLife is no longer shown, and gone when next a file is
// handed in or looked for.
type Uploads struct {
	Store UploadStore
	Now   func() time.Time
}

// Add keeps a new file; the oldest one of the same person makes room where there
// are too many. It reports Unavailable when all files together are too large.
func (s *Uploads) Add(ctx context.Context, u Upload) error {
	u.Size = len(u.Data)
	err := s.Store.Update(ctx, func(tx UploadTx) error {
		if err := tx.Lock("uploads"); err != nil { // their sizes are added up
			return err
		}
		all, err := s.tidy(tx)
		if err != nil {
			return err
		}
		var mine []Upload
		space := u.Size
		for _, o := range all {
			space += o.Size
			if o.By == u.By {
				mine = append(mine, o)
			}
		}
		for len(mine) >= uploadsEach {
			space -= mine[0].Size
			if err := tx.DropUpload(mine[0].ID); err != nil {
				return err
			}
			mine = mine[1:]
		}
		if space > uploadSpace {
			return errs.New(errs.Unavailable, "admin.error.busy_import")
		}
		return tx.AddUpload(u)
	})
	if err != nil {
		return fmt.Errorf("keep file to import: %w", err)
	}
	return nil
}

// Find returns a file of by. It reports NotFound for one that is gone, or
// somebody else's.
func (s *Uploads) Find(ctx context.Context, by people.ID, id string) (u Upload, err error) {
	old := false
	err = s.Store.View(ctx, func(tx UploadTx) error {
		if u, err = tx.Upload(id); err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		all, failed := tx.Uploads()
		old = len(all) > 0 && s.expired(all[0])
		return failed
	})
	if err != nil {
		return Upload{}, fmt.Errorf("find file to import: %w", err)
	}
	if old {
		err := s.Store.Update(ctx, func(tx UploadTx) error { _, err := s.tidy(tx); return err })
		if err != nil {
			return Upload{}, fmt.Errorf("find file to import: %w", err)
		}
	}
	if u.ID == "" || u.By != by || s.expired(u) {
		return Upload{}, errs.New(errs.NotFound, "admin.error.no_upload")
	}
	return u, nil
}

// Set keeps the options of a file and what importing it did.
func (s *Uploads) Set(ctx context.Context, u Upload) error {
	err := s.Store.Update(ctx, func(tx UploadTx) error { return tx.SetUpload(u) })
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.NotFound, "admin.error.no_upload").Because(err)
	}
	return err
}

func (s *Uploads) expired(u Upload) bool { return s.Now().Sub(u.At) > UploadLife }

// tidy drops what is too old and returns the rest.
func (s *Uploads) tidy(tx UploadTx) ([]Upload, error) {
	all, err := tx.Uploads()
	for err == nil && len(all) > 0 && s.expired(all[0]) {
		err, all = tx.DropUpload(all[0].ID), all[1:]
	}
	return all, err
}
