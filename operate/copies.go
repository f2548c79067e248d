// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"

	"verlof/backup"
	"verlof/internal/seal"
	"verlof/store"
	"verlof/tenant"
)

// copied is a database as backup needs it.
type copied struct{ *store.DB }

// Frozen is part of backup.Database.
func (c copied) Frozen(fn func() error) error { return c.DB.Frozen(context.Background(), fn) }

// CopyTo is part of backup.Database.
func (c copied) CopyTo(path string) error { return c.DB.CopyTo(context.Background(), path) }

// Flush is part of backup.Database.
func (c copied) Flush() error { return c.DB.Flush(context.Background()) }

// Carry returns what has the commits of each SQLite database that is opened carried to the
// depot; nil where there is none.
func Carry(c *backup.Copies) tenant.OnOpen {
	if c == nil {
		return nil
	}
	return func(id string, key func() seal.Wrapper, db *store.DB) {
		if db.File() != "" {
			db.CarryWith(c.Of(id, copied{db}, key))
		}
	}
}
