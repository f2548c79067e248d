// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"verlof/operate"
)

// TestDestroyEverywhere destroys a customer whose copies are in a store that keeps versions of what is deleted, and
// at a third place: no version of any object of it is left, and none of a registry that held its keys.
func TestDestroyEverywhere(t *testing.T) {
	t.Parallel()
	depot, dir := newBucket(t), t.TempDir()
	u, err := url.Parse(depot)
	if err != nil {
		t.Fatal(err)
	}
	store := "http://" + u.Host + "/copies"
	request(t, http.MethodPut, store+"?versioning", `<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>`)
	away := filepath.Join(dir, "away")
	if err := os.Mkdir(away, 0o700); err != nil {
		t.Fatal(err)
	}
	flags := []string{"--data", filepath.Join(dir, "data"), "--copy", depot, "--offsite", "folder:" + away}
	verlof := func(args ...string) string { t.Helper(); return must(t, append(args, flags...)...) }
	for _, slug := range []string{"acme", "birch"} {
		verlof("tenant", "create", slug, "--name", slug)
	}
	verlof("backup", "now")
	verlof("tenant", "rename", "acme", "--host", "leave.acme.example") // an older registry lies behind
	verlof("backup", "now")
	var info struct{ ID string }
	if err := json.Unmarshal([]byte(verlof("tenant", "show", "acme", "--json")), &info); err != nil || info.ID == "" {
		t.Fatal(err)
	}
	before := request(t, http.MethodGet, store+"?versions", "")
	if !strings.Contains(before, "/"+info.ID+"/") || !strings.Contains(before, "/registry/log/") {
		t.Fatalf("the test shows nothing:\n%s", before)
	}
	verlof("tenant", "close", "acme", "--reason", "the contract ends")
	var cert operate.Certificate
	if err := json.Unmarshal([]byte(verlof("tenant", "destroy", "acme", "--confirm", "acme", "--now", "--json")), &cert); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(cert.Copies, cert.Registry...) {
		if f.Objects == 0 || f.Left != 0 {
			t.Errorf("%s: %+v", f.Depot, f)
		}
	}
	after := request(t, http.MethodGet, store+"?versions", "")
	if n := strings.Count(after, "/"+info.ID+"/"); n != 0 {
		t.Errorf("%d versions of its objects are left", n)
	}
	for _, found := range regexp.MustCompile(`<Key>(.*/registry/(log|whole)/.*)</Key>`).FindAllStringSubmatch(before, -1) {
		if strings.Contains(after, found[1]) {
			t.Errorf("%s is left, in which its keys are", found[1])
		}
	}
	for _, folder := range []string{away, filepath.Join(dir, "data")} {
		if found := below(t, folder, info.ID); found != nil {
			t.Errorf("left behind: %v", found)
		}
	}
	verlof("backup", "verify")
	verlof("backup", "drill", "birch")
}

// request sends a request to the store of a test, and returns the answer.
func request(t *testing.T, method, address, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d, %v\n%s", method, address, answer.StatusCode, err, text)
	}
	return string(text)
}

// below returns the files of a folder in whose path something stands.
func below(t *testing.T, dir, part string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.Contains(path, part) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
