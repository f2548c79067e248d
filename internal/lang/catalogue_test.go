// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// variables returns the names that a message needs, in order, each once.
func variables(m *message) []string {
	var names []string
	for _, p := range slices.Concat(m.one, m.other) {
		if p.name != "" && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return names
}

func keys(l *Locale) []string {
	var all []string
	for k := range l.messages {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// TestCatalogues holds each language against English: the same files, keys,
// plurals and variables. load itself refuses an empty text and a key that is
// declared twice.
func TestCatalogues(t *testing.T) {
	en, err := load("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range Tags()[1:] {
		t.Run(tag, func(t *testing.T) {
			l, err := load(tag)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(fileNames(t, "en"), fileNames(t, tag)); d != "" {
				t.Errorf("files (-en +%s):\n%s", tag, d)
			}
			for _, k := range keys(en) {
				if l.messages[k] == nil {
					t.Errorf("%s is missing", k)
					continue
				}
				if d := cmp.Diff(variables(en.messages[k]), variables(l.messages[k])); d != "" {
					t.Errorf("variables of %s (-en +%s):\n%s", k, tag, d)
				}
				if (en.messages[k].one == nil) != (l.messages[k].one == nil) {
					t.Errorf("%s has a form for one in one language only", k)
				}
			}
			for _, k := range keys(l) {
				if en.messages[k] == nil {
					t.Errorf("%s is not in English", k)
				}
			}
		})
	}
}

// TestAddress finds the other way of addressing the reader: in German only where it is not the first word of a
// sentence, where it may mean "they".
func TestAddress(t *testing.T) {
	for tag, formal := range map[string]*regexp.Regexp{
		"nl": regexp.MustCompile(`(?i)\b(u|uw|uzelf)\b`),
		"de": regexp.MustCompile(`[\p{L},;–] (Sie|Ihnen|Ihre?[mnrs]?)\b`),
	} {
		l, err := load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for k, m := range l.messages {
			for _, p := range slices.Concat(m.one, m.other) {
				if word := formal.FindString(p.text); word != "" {
					t.Errorf("%s of %s says %q", k, tag, word)
				}
			}
		}
	}
}

// TestGreeting: what follows the greeting of a mail begins with a capital, before which German has no comma.
func TestGreeting(t *testing.T) {
	if s := For("de").T("mail.greeting", "name", "Eva"); s != "Hallo Eva!" {
		t.Errorf("a German mail begins with %q", s)
	}
}

// TestStutter finds words whose beginning stands twice, as replacing words in many places leaves them.
func TestStutter(t *testing.T) {
	first := regexp.MustCompile(`(?i)\b(\p{L}+)-(\p{L}+)-`)
	for _, tag := range Tags() {
		l, err := load(tag)
		if err != nil {
			t.Fatal(err)
		}
		for k, m := range l.messages {
			for _, p := range slices.Concat(m.one, m.other) {
				if found := first.FindStringSubmatch(p.text); found != nil && strings.EqualFold(found[1], found[2]) {
					t.Errorf("%s of %s says %q", k, tag, p.text)
				}
			}
		}
	}
}

func fileNames(t *testing.T, tag string) []string {
	t.Helper()
	found, err := fs.Glob(files, tag+"/*.toml")
	if err != nil || len(found) == 0 {
		t.Fatalf("no files of %s: %v", tag, err)
	}
	for i, f := range found {
		found[i] = strings.TrimPrefix(f, tag+"/")
	}
	return found
}

func TestAddRefuses(t *testing.T) {
	tests := []struct {
		name, key string
		s         sentence
	}{
		{"twice", "month.3", sentence{other: "March"}},
		{"empty", "x.empty", sentence{}},
		{"code", "x.code", sentence{other: "{{if .a}}b{{end}}"}},
		{"spaces", "x.spaces", sentence{other: "{{ .a }}"}},
		{"code_in_one", "x.one", sentence{one: "{{len .a}}", other: "b"}},
	}
	l, err := load("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if l.add(tt.key, tt.s) == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestSentence(t *testing.T) {
	var got map[string]sentence
	text := `"a.b" = "text"
"a.c" = { one = "day", other = "days" }`
	if err := toml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]sentence{"a.b": {other: "text"}, "a.c": {one: "day", other: "days"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sentence{})); diff != "" {
		t.Error(diff)
	}
	for name, text := range map[string]string{
		"number": `a = 1`, "number_in_form": `a = { other = 1 }`, "other_form": `a = { few = "b", other = "c" }`,
		"nested": `[a]
b = "c"`, "twice": `a = "b"
a = "c"`,
	} {
		t.Run(name, func(t *testing.T) {
			if err := toml.Unmarshal([]byte(text), &got); err == nil {
				t.Error("accepted")
			}
		})
	}
}
