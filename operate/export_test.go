// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/internal/pgtest"
	"verlof/tenant"
)

var day = calendar.MustParse("2026-11-23")

// TestExport takes the demo's customers out and in again, on both engines: every file comes
// out the same again, and so does everybody's balance on days before and after.
func TestExport(t *testing.T) {
	from := directory(t, day)
	if err := Demo(t.Context(), from, localhost, day); err != nil {
		t.Fatal(err)
	}
	private(t, from)
	for slug, setting := range map[string]string{"birch": pgtest.URL(t), "acme": "sqlite:" + t.TempDir()} {
		t.Run(slug, func(t *testing.T) {
			to := directoryIn(t, setting, day)
			was := open(t, from, slug)
			file, m := exported(t, from, slug, true)
			row, _, err := Import(t.Context(), to, tenant.New{Slug: "copy", Hosts: []string{"copy.localhost"}}, bytes.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatal(err)
			}
			if row.Name != was.Name || row.ID == was.ID {
				t.Errorf("it is called %q with id %s", row.Name, row.ID)
			}
			is := open(t, to, "copy")
			_, again := exported(t, to, "copy", true)
			if diff := cmp.Diff(comparable(m), comparable(again)); diff != "" {
				t.Errorf("exported again (-first +again):\n%s", diff)
			}
			for _, on := range []string{"2025-07-01", "2026-11-23", "2027-12-31"} {
				if diff := cmp.Diff(stand(t, was, on), stand(t, is, on)); diff != "" {
					t.Errorf("balances on %s (-before +after):\n%s", on, diff)
				}
			}
			for _, c := range DemoCustomers() {
				if _, err := is.Identity.SignIn(t.Context(), identity.Attempt{Email: c.People[0].Email, Password: DemoPassword}); err == nil {
					t.Error("somebody signs in with the password of the original")
				}
			}
		})
	}
}

// exported returns an export of a customer, and what it says of itself.
func exported(t *testing.T, d *tenant.Directory, slug string, medical bool) ([]byte, tenant.Manifest) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.zip")
	m, err := Export(t.Context(), d, slug, path, medical, tenant.Why{By: "op"})
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return file, m
}

// comparable are the files of a manifest that an import may not change: it switches off what
// reaches outside.
func comparable(m tenant.Manifest) []tenant.ExportedFile {
	switched := []string{"webhook.jsonl", "sso_provider.jsonl", "bureau.jsonl", "served.jsonl", "digest.jsonl", "README.txt"}
	return slices.DeleteFunc(slices.Clone(m.Files), func(f tenant.ExportedFile) bool { return slices.Contains(switched, f.Name) })
}

func stand(t *testing.T, c *tenant.Tenant, on string) map[string]string {
	t.Helper()
	all, err := balances(t.Context(), c, calendar.MustParse(on))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// private: no secret is in an export, and medical notes only where they were asked for.
func private(t *testing.T, d *tenant.Directory) {
	t.Helper()
	for medical, want := range map[bool]bool{false: false, true: true} {
		file, m := exported(t, d, "acme", medical)
		i := slices.IndexFunc(m.Files, func(f tenant.ExportedFile) bool { return f.Name == "sickness_note.jsonl" })
		if got := m.Files[i].Rows > 0; got != want {
			t.Errorf("medical %v: %d notes", medical, m.Files[i].Rows)
		}
		all := unpacked(t, file)
		if got := strings.Contains(all, "Spoke by phone"); got != want {
			t.Errorf("medical %v: a note in clear text: %v", medical, got)
		}
		for _, word := range []string{"$argon2", "PRIVATE"} {
			if strings.Contains(all, word) {
				t.Errorf("there is a %s in it", word)
			}
		}
	}
}

// TestImport_refused: an export that is not as it was made, or fits no tables, makes nothing.
func TestImport_refused(t *testing.T) {
	from := directory(t, day)
	if _, err := Sample(t.Context(), from, tenant.New{Slug: "acme", Name: "Acme", Hosts: []string{"acme.localhost"}, Language: "en"}, 3, 1, day); err != nil {
		t.Fatal(err)
	}
	good, _ := exported(t, from, "acme", false)
	to := directory(t, day)
	for name, c := range map[string]struct {
		change func(files map[string]string) // before the digests are made anew
		kind   errs.Kind
	}{
		"newer": {func(f map[string]string) {
			f["manifest.json"] = replaced(f["manifest.json"], `"schema": `, `"schema": 9`)
		}, errs.Unavailable},
		"other_format": {func(f map[string]string) { f["manifest.json"] = replaced(f["manifest.json"], "verlof-export", "x") }, errs.Invalid},
		"other_table": {func(f map[string]string) {
			f["schema.json"] = replaced(f["schema.json"], "team.jsonl", "session.jsonl")
		}, errs.Invalid},
		"other_column": {func(f map[string]string) { f["schema.json"] = replaced(f["schema.json"], `"given_name"`, `"x\" --"`) }, errs.Invalid},
		"no_column":    {func(f map[string]string) { f["person.jsonl"] = replaced(f["person.jsonl"], `"given_name"`, `"x"`) }, errs.Invalid},
		"wrong_type": {func(f map[string]string) {
			f["person.jsonl"] = replaced(f["person.jsonl"], `"active":1`, `"active":"1"`)
		}, errs.Invalid},
		"fraction": {func(f map[string]string) {
			f["person.jsonl"] = replaced(f["person.jsonl"], `"active":1`, `"active":1.5`)
		}, errs.Invalid},
		"null": {func(f map[string]string) {
			f["team.jsonl"] = replaced(f["team.jsonl"], `"name":"`, `"name":null,"x":"`)
		}, errs.Invalid},
		"dangling": {func(f map[string]string) { f["team.jsonl"] = "" }, errs.Conflict},
		"whose":    {func(f map[string]string) { f["meta.jsonl"] += `{"key":"tenant.id","value":"x"}` + "\n" }, errs.Invalid},
		"no_sense": {func(f map[string]string) {
			f["leave_policy.jsonl"] = replaced(f["leave_policy.jsonl"], `"terms":"`, `"terms":"?`)
		}, errs.Internal},
		"flipped":       {nil, errs.Invalid},
		"one_file_more": {nil, errs.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			file := repacked(t, good, c.change)
			switch name {
			case "flipped":
				file = slices.Clone(good)
				file[len(file)/3] ^= 1
			case "one_file_more":
				file = repacked(t, good, func(f map[string]string) { f["extra.jsonl"] = "" })
			}
			_, _, err := Import(t.Context(), to, tenant.New{Slug: "copy", Hosts: []string{"copy.localhost"}}, bytes.NewReader(file), int64(len(file)))
			if err == nil || !errs.Is(err, c.kind) {
				t.Errorf("imported: %v, want %s", err, c.kind)
			}
			if all, err := to.List(t.Context()); err != nil || len(all) > 0 {
				t.Errorf("there are %d customers, %v", len(all), err)
			}
		})
	}
}

func replaced(s, old, with string) string { return strings.Replace(s, old, with, 1) }

// repacked returns an export with other files, whose digests are those of the manifest again.
func repacked(t *testing.T, file []byte, change func(map[string]string)) []byte {
	t.Helper()
	if change == nil {
		return file
	}
	files := filesOf(t, file)
	change(files)
	var m tenant.Manifest
	if err := json.Unmarshal([]byte(files["manifest.json"]), &m); err != nil {
		t.Fatal(err)
	}
	for i, f := range m.Files {
		text := files[f.Name]
		sum := sha256.Sum256([]byte(text))
		m.Files[i].Bytes, m.Files[i].SHA256 = int64(len(text)), hex.EncodeToString(sum[:])
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["manifest.json"] = string(text)
	return zipped(t, files)
}

// filesOf returns the files of a ZIP file.
func filesOf(t *testing.T, file []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// zipped returns a ZIP file of files.
func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// unpacked returns what is in all files together.
func unpacked(t *testing.T, file []byte) string {
	return strings.Join(slices.Collect(maps.Values(filesOf(t, file))), "")
}
