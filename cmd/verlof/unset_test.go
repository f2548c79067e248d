// SPDX-License-Identifier: Apache-2.0

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"verlof/errs"
	"verlof/internal/pgtest"
)

// TestServers_notSetUp: before backup setup there are no copies of a PostgreSQL server, and each verb that
// wants them says what to do about that. None of them is a drill that failed.
func TestServers_notSetUp(t *testing.T) {
	at := []string{"--data", t.TempDir(), "--database", pgtest.URL(t), "--pgbackrest", filepath.Join(t.TempDir(), "verlof.conf")}
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, at...)...)
	for _, what := range []string{"now", "drill", "status", "verify"} {
		_, err := verb(t, append([]string{"backup", what}, at...)...)
		if !errs.Is(err, errs.Invalid) || !strings.HasPrefix(errs.As(err).Hint, "verlof backup setup writes it") {
			t.Errorf("backup %s: %v, hint %q", what, err, errs.As(err).Hint)
		}
	}
}
