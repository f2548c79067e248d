// SPDX-License-Identifier: Apache-2.0

package store_test

import (
	"testing"

	"verlof/internal/pgtest"
	"verlof/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) string { return "sqlite:" + t.TempDir() })
}

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) string { return pgtest.URL(t) })
}
