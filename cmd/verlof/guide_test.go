// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"verlof/internal/pgtest"
)

var shell = regexp.MustCompile("(?s)```(sh|toml)\n(.*?)```")

// guideSetup makes what the guide to copies takes for granted: a customer, and the disks.
const guideSetup = `mkdir var second usb spare
exec verlof tenant create acme --name Acme --admin hr@acme.example --print-link --data $WORK/var
cp var/root.key usb/root.key
exec chmod 600 usb/root.key
`

// TestGuide runs every command of the guide to copies as it stands there, on disks below a
// folder of the test, and loses the data folder where the guide says that it is gone.
func TestGuide(t *testing.T) {
	t.Parallel()
	// The guide's moment is made one at which the customer was there already.
	runGuide(t, "backup.md", guideSetup, "2026-11-26T14:05:00", "now")
}

// TestGuide_customers runs every command of the guide to customers as it stands there.
func TestGuide_customers(t *testing.T) {
	t.Parallel()
	runGuide(t, "customers.md", `mkdir var second
exec verlof tenant create acme --name Acme --data $WORK/var --base-domain leave.example.org
exec verlof tenant create acme-trial --name Trial --data $WORK/var
exec sh -c 'cp $WORK/var/tenants/$(verlof tenant show acme --data $WORK/var --json | grep -o tenants/[0-9a-z]*/data.db | cut -d/ -f2)/data.db $WORK/second/mended.db'
`, "postgres://verlof@db2.example.org/verlof", pgtest.URL(t), "2026-12-20T18:00", time.Now().AddDate(0, 0, 7).Format("2006-01-02T15:04"))
}

// runGuide runs the commands of a guide, with other words in place of some of it.
func runGuide(t *testing.T, name, setup string, replace ...string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/operate/" + name)
	if err != nil {
		t.Fatal(err)
	}
	script, commands := setup, 0
	for _, block := range shell.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[2]) {
			line = strings.TrimSpace(line)
			switch {
			case block[1] == "toml":
				script += "exec sh -c 'echo " + strings.ReplaceAll(line, `"`, `\"`) + " >> $WORK/var/verlof.toml'\n"
			case strings.Contains(line, "verlof recover"):
				script += "exec rm -r var\nexec mkdir var\nexec " + line + "\n"
			default:
				script += "exec " + line + "\n"
			}
			commands++
		}
	}
	if commands < 10 {
		t.Fatalf("%d commands found in %s", commands, name)
	}
	places := []string{"/var/lib/verlof", "$WORK/var", "/mnt/second/verlof", "$WORK/second", "/media/usb", "$WORK/usb", "/mnt/spare", "$WORK/spare"}
	script = strings.NewReplacer(append(places, replace...)...).Replace(script)
	path := filepath.Join(t.TempDir(), "guide.txtar")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Files: []string{path}})
}
