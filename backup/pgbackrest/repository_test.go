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
		if err := s.Write(Setup{Data: serverFiles(t), Repository: r, Pass: "pass", Days: 90}); err != nil {
			t.Fatal(err)
		}
		if again, err := s.Repository(); err != nil || again.Depot() != r.Depot() && !strings.HasPrefix(setting, "s3:") || again.String() != want {
			t.Errorf("%s: read again %v, %v", setting, again, err)
		}
	}
}

// serverFiles returns a folder that looks like that of a server's files.
func serverFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestWrite_refused: nothing is written where a folder is not what it is named as, and the error says which.
func TestWrite_refused(t *testing.T) {
	files, folder := serverFiles(t), t.TempDir()
	for name, c := range map[string]struct{ data, repository, want string }{
		"no_files":             {filepath.Join(folder, "none"), folder, "no files of a PostgreSQL server"},
		"files_of_no_server":   {folder, folder, "no files of a PostgreSQL server"},
		"no_repository":        {files, filepath.Join(folder, "none"), "the repository"},
		"repository_is_a_file": {files, filepath.Join(files, "PG_VERSION"), "is no folder"},
	} {
		s := Stanza{"home", filepath.Join(t.TempDir(), "conf")}
		err := s.Write(Setup{Data: c.data, Repository: Repository{Folder: c.repository}, Pass: "pass", Days: 90})
		if !errs.Is(err, errs.Invalid) || errs.As(err).Hint == "" || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if _, err := os.Stat(s.Config); err == nil {
			t.Errorf("%s: settings were written", name)
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
