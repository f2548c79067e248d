// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verlof/store/migration"
	"verlof/store/storetest"
)

// stepsOf is the environment variable that has the program of scripts be a later release: one that knows the steps in
// a folder, too.
const stepsOf = "VERLOF_TEST_STEPS"

// laterMain is main of such a release.
func laterMain() {
	if dir := os.Getenv(stepsOf); dir != "" {
		more := map[string]string{}
		files, err := filepath.Glob(filepath.Join(dir, "*.sql"))
		for _, file := range files {
			var text []byte
			if text, err = os.ReadFile(file); err != nil {
				break
			}
			more[filepath.Base(file)] = string(text)
		}
		if err != nil {
			panic(err)
		}
		migration.Tenant = storetest.Later(more)
	}
	main()
}

// known are the steps of this release.
var known = migration.Tenant

// isLater has this program be a later release until the test ends.
func isLater(t *testing.T, more map[string]string) {
	t.Helper()
	t.Cleanup(func() { migration.Tenant = known })
	migration.Tenant = known
	migration.Tenant = storetest.Later(more)
}

// TestServe_upgrade: a server of a later release answers for everybody but the customer whose migration fails, says so to who
// watches it, and serves that one again once it is brought up to date by hand.
func TestServe_upgrade(t *testing.T) {
	data := t.TempDir()
	at := []string{"--data", data, "--plain"}
	var birch customer
	for _, slug := range []string{"acme", "birch", "cedar"} {
		out := must(t, append([]string{"tenant", "create", slug, "--name", slug, "--json"}, at...)...)
		if err := json.Unmarshal([]byte(out), &birch); slug == "birch" && err != nil {
			t.Fatal(err)
		} else if slug == "cedar" {
			birch = customer{}
			_ = json.Unmarshal([]byte(must(t, append([]string{"tenant", "show", "birch", "--json"}, at...)...)), &birch)
		}
	}
	must(t, append([]string{"tenant", "set", "acme", "--canary", "yes"}, at...)...)
	step := "CREATE TABLE later (id TEXT NOT NULL);\nINSERT INTO later (id) SELECT CASE WHEN value = '%s' THEN NULL ELSE value END FROM meta;\n"
	isLater(t, map[string]string{"9001_later.sql": fmt.Sprintf(step, birch.ID)})
	p := launch(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"}, at...)...)
	site, private := p.addresses(t)
	wait(t, "for the failure to be told", func() bool { return strings.Contains(p.err.String(), "verlof migrate birch tries it again") })
	for slug, want := range map[string]int{"acme": 200, "birch": 503, "cedar": 200} {
		status, page := visit(t, slug+".localhost", site).get("/sign-in")
		if status != want || want == 503 && !strings.Contains(page, "is being updated") {
			t.Errorf("%s: %d\n%s", slug, status, page)
		}
	}
	_, numbers := visit(t, "localhost", private).get("/metrics")
	for _, n := range []string{"verlof_migrations_pending 1", "verlof_migrations_failed 1", `verlof_migrations_total{outcome="good"} 2`, `verlof_migrations_total{outcome="failed"} 1`} {
		if !strings.Contains(numbers, n+"\n") {
			t.Errorf("the metrics lack %s", n)
		}
	}
	isLater(t, map[string]string{"9001_later.sql": fmt.Sprintf(step, "nobody")})
	must(t, append([]string{"migrate", "birch"}, at...)...)
	if status, _ := visit(t, "birch.localhost", site).get("/sign-in"); status != 200 {
		t.Errorf("birch, brought up to date by hand: %d", status)
	}
}

// TestGuide_upgrade runs every command of the guide to updates as it stands there, by a release that knows a step more
// than the one that made the customers.
func TestGuide_upgrade(t *testing.T) {
	t.Parallel()
	runGuide(t, "upgrade.md", `mkdir var second next
exec verlof tenant create acme --name Acme --data $WORK/var
exec verlof tenant create birch --name Birch --data $WORK/var
exec verlof tenant create cedar --name Cedar --data $WORK/var
exec sh -c 'echo "CREATE TABLE later (id TEXT);" > next/9001_later.sql'
env VERLOF_TEST_STEPS=$WORK/next
`)
}
