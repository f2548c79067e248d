// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verlof/errs"
)

// TestParseRepository: what setup writes says the same place when it is read; what pgBackRest would not
// reach, and would go on trying to for ever, is refused.
func TestParseRepository(t *testing.T) {
	dir := t.TempDir()
	for setting, want := range map[string]string{
		dir: dir,
		"s3://KEY:SE%2FCRET@s3.example.org/copies/acme?region=eu-central-1":          "s3://s3.example.org/copies/acme",
		"s3://KEY:SECRET@s3.example.org:9000/copies/one/two?region=x&ca=/etc/ca.pem": "s3://s3.example.org:9000/copies/one/two",
		"s3://KEY:SECRET@s3.example.org/copies":                                      "",
		"s3://KEY@s3.example.org/copies/acme":                                        "",
		"s3://KEY:SECRET@127.0.0.1/copies/acme":                                      "",
		"s3://KEY:SECRET@s3.example.org/copies/acme?plain=true":                      "",
	} {
		r, err := ParseRepository(setting)
		if want == "" {
			if !errs.Is(err, errs.Invalid) || errs.As(err).Hint == "" {
				t.Errorf("%s: %v, %v", setting, r, err)
			}
			continue
		}
		if err != nil || r.String() != want {
			t.Errorf("%s: %v, %v", setting, r, err)
			continue
		}
		s := Stanza{"home", filepath.Join(t.TempDir(), "conf")}
		if err := s.Write(Setup{Data: t.TempDir(), Repository: r, Pass: "pass", Days: 90}); err != nil {
			t.Fatal(err)
		}
		if again, err := s.Repository(); err != nil || again.Depot() != r.Depot() && !strings.HasPrefix(setting, "s3:") || again.String() != want {
			t.Errorf("%s: read again %v, %v", setting, again, err)
		}
	}
}

// TestAdopt: settings that others wrote, with what holds of every stanza in a part of its own, are
// written for where the server and the repository are now.
func TestAdopt(t *testing.T) {
	const kept = "[global]\nrepo1-path=/old/copies\nlog-level-file=off\n\n[prod]\npg1-path=/old/data\npg1-user=postgres\n"
	data, copies := t.TempDir(), t.TempDir()
	s := Stanza{"prod", filepath.Join(t.TempDir(), "conf")}
	if err := (Stanza{"other", s.Config}).Adopt([]byte(kept), data, Repository{Folder: copies}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a stanza that is not there: %v", err)
	}
	if err := s.Adopt([]byte(kept), data, Repository{Folder: copies}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(s.Config)
	if err != nil || !strings.Contains(string(text), "\npg1-path="+data+"\n") || !strings.Contains(string(text), "\nrepo1-path="+copies+"\n") ||
		!strings.Contains(string(text), "\npg1-user=postgres\n") || strings.Contains(string(text), "/old/") {
		t.Errorf("written %v:\n%s", err, text)
	}
	if r, err := s.Repository(); err != nil || r.Folder != copies {
		t.Errorf("it is at %v, %v", r, err)
	}
}
