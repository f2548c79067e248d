// SPDX-License-Identifier: Apache-2.0

package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// comments finds packages that do not say what they own and what they refuse.
func comments(t *tree) (faults []Fault) {
	said := map[string]string{}
	for _, s := range t.sources {
		if !s.test() {
			said[s.dir] += s.ast.Doc.Text()
		}
	}
	for dir, text := range said {
		switch {
		case text == "":
			faults = append(faults, Fault{dir, "the package has no comment", whyComment})
		case !owns.MatchString(text) || !refuses.MatchString(text):
			faults = append(faults, Fault{dir, "the package's comment does not say what it owns and what it refuses", whyComment})
		}
	}
	return faults
}

const whyComment = "a newcomer reads the package comments and knows where a thing belongs, and where not"

var (
	owns    = regexp.MustCompile(`(?i)\b(own|owns)\b`)
	refuses = regexp.MustCompile(`(?i)\b(refuse|refuses|never|nothing)\b`)
)

// lengths finds files and functions that have grown too long.
func lengths(t *tree) (faults []Fault) {
	for p, text := range t.texts {
		if n := strings.Count(text, "\n"); n > maxFile && path.Ext(p) != ".md" {
			faults = append(faults, longFile(p, n))
		}
	}
	for _, s := range t.sources {
		if s.generated() || strings.HasSuffix(s.path, "_data.go") {
			continue
		}
		if s.size > maxFile {
			faults = append(faults, longFile(s.path, s.size))
		}
		if !s.test() {
			faults = append(faults, longFunctions(t, s)...)
		}
	}
	return faults
}

func longFile(p string, lines int) Fault {
	return Fault{p, fmt.Sprintf("%d lines, at most %d", lines, maxFile),
		"beauty is lost in the tail: a file of one thing is read, a long one is searched"}
}

func longFunctions(t *tree, s *source) (faults []Fault) {
	for _, d := range s.ast.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		first, last := t.files.Position(f.Pos()).Line, t.files.Position(f.End()).Line
		if n := last - first + 1; n > maxFunction {
			faults = append(faults, Fault{t.at(f.Pos()), fmt.Sprintf("%s has %d lines, at most %d", f.Name.Name, n, maxFunction),
				"what does not fit a screen does several things; give them names"})
		}
	}
	return faults
}

const licence = "SPDX-License-Identifier: Apache-2.0"

// licences finds files without the licence's line.
func licences(t *tree) (faults []Fault) {
	missing := func(p string) {
		faults = append(faults, Fault{p, "no line " + licence, "a file that is copied elsewhere must carry its licence along"})
	}
	for _, s := range t.sources {
		if !s.generated() && !bytes.Contains(head(s.text), []byte(licence)) {
			missing(s.path)
		}
	}
	for p, text := range t.texts {
		if slices.Contains([]string{".templ", ".css", ".js"}, path.Ext(p)) && !bytes.Contains(head([]byte(text)), []byte(licence)) {
			missing(p)
		}
	}
	return faults
}

// head returns the first lines of a file.
func head(text []byte) []byte { return text[:min(len(text), 200)] }
