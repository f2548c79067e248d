// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"verlof/identity/provision"
)

// TestReplay sends what directories send, in their order: each file of testdata is a
// conversation. After a request stand its status and what must be in the answer, as paths
// with values; "save" keeps a value for later requests, where it stands as {{name}}.
func TestReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/*.scim")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no conversations")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".scim"), func(t *testing.T) {
			w := newWorld(t)
			w.rules(provision.Rules{Name: "Contoso", Groups: true})
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			saved := map[string]string{"acme": w.acme.Slug}
			for _, one := range strings.Split(string(text), "\n--\n") {
				w.replay(one, saved)
			}
		})
	}
}

// replay sends one request and looks at its answer.
func (w *world) replay(text string, saved map[string]string) {
	w.Helper()
	for name, value := range saved {
		text = strings.ReplaceAll(text, "{{"+name+"}}", value)
	}
	asked, wanted, ok := strings.Cut(text, "\n=> ")
	if !ok {
		w.Fatalf("no answer is wanted: %s", text)
	}
	var lines []string
	for _, line := range strings.Split(asked, "\n") {
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	method, path, _ := strings.Cut(lines[0], " ")
	body := strings.TrimSpace(strings.Join(lines[1:], "\n"))
	expect := strings.Split(strings.TrimSpace(wanted), "\n")
	status, err := strconv.Atoi(expect[0])
	if err != nil {
		w.Fatal(err)
	}
	got := w.want(status, method, strings.ReplaceAll(path, " ", "%20"), body)
	for _, line := range expect[1:] {
		at, value, _ := strings.Cut(line, " = ")
		if name, found := strings.CutPrefix(at, "save "); found {
			saved[name], _ = look(got, value).(string)
			continue
		}
		have, err := json.Marshal(look(got, at))
		if err != nil {
			w.Fatal(err)
		}
		if string(have) != value {
			w.Fatalf("%s\n%s is %s, want %s", lines[0], at, have, value)
		}
	}
}

// look returns what a path leads to: names and places, with slashes between them.
func look(v any, path string) any {
	for step := range strings.SplitSeq(path, "/") {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}
