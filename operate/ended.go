// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"errors"

	"verlof/backup"
	"verlof/store"
	"verlof/tenant"
)

// ForgetEnded takes away at every depot what there is of customers whose keys were destroyed: a
// process that put something of theirs at that moment, and was killed, may have left it. It is sealed
// with keys that are no more. It returns how many objects those were.
func ForgetEnded(ctx context.Context, d *tenant.Directory, c *backup.Copies) (objects int, err error) {
	rows, err := d.List(ctx)
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, row := range rows {
		if row.State != store.StateClosed || !d.Destroyed(row.ID) {
			continue
		}
		n, err := c.ForgetEnded(ctx, row.ID)
		objects, failed = objects+n, append(failed, err)
	}
	return objects, errors.Join(failed...)
}
