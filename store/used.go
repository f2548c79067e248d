// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"
	"maps"
	"slices"
	"time"
)

var qSetUsed = registryQuery("used.set", `INSERT INTO used (tenant_id, at_us)
	SELECT id, CAST($2 AS BIGINT) FROM tenant WHERE id = $1 AND state <> 'closed'
	ON CONFLICT (tenant_id) DO UPDATE SET at_us = excluded.at_us WHERE excluded.at_us > used.at_us`)

// SetUsed keeps when customers, by their ids, were last used. What is kept of a later time stays,
// and of one that is gone or closed nothing is kept.
func (r *Registry) SetUsed(ctx context.Context, at map[string]time.Time) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		for _, id := range slices.Sorted(maps.Keys(at)) { // as every process does, so that two never wait for each other
			if _, err := tx.exec(qSetUsed, id, at[id]); err != nil {
				return err
			}
		}
		return nil
	})
}
