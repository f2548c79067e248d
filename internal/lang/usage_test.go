// SPDX-License-Identifier: Apache-2.0

package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestKeysInCode reads every Go file of the module, generated ones too, and
// demands that each key in it stands in the catalogue and gets its variables.
// Files are parsed one by one, so a package that does not compile is read too.
func TestKeysInCode(t *testing.T) {
	root := filepath.Join("..", "..")
	uses := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (name[0] == '.' || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		fset := token.NewFileSet()
		f, _ := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if f != nil {
			for _, u := range usesIn(f) {
				uses++
				if fault := u.check(For("en")); fault != "" {
					t.Errorf("%s: %s", fset.Position(u.at), fault)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if uses < 20 {
		t.Errorf("found only %d keys in the code: the search is broken", uses)
	}
}

// use is one place in the code that names a key.
type use struct {
	at     token.Pos
	key    string
	prefix bool     // key is only the beginning: the rest is computed
	names  []string // the variables given; nil where they are not literal
}

func (u use) check(l *Locale) string {
	if u.prefix {
		for k := range l.messages {
			if strings.HasPrefix(k, u.key) {
				return ""
			}
		}
		return "no key in the catalogue begins with " + u.key
	}
	m := l.messages[u.key]
	if m == nil {
		return "not in the catalogue: " + u.key
	}
	if u.names == nil {
		return ""
	}
	given := " " + strings.Join(u.names, " ") + " "
	for _, v := range variables(m) {
		if !strings.Contains(given, " "+v+" ") {
			return u.key + " needs the variable " + v
		}
	}
	return ""
}

func usesIn(f *ast.File) []use {
	var found []use
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if i := keyAt(n); i >= 0 && i < len(n.Args) {
				if u, ok := keyOf(n.Args[i]); ok {
					if !n.Ellipsis.IsValid() {
						u.names = namesOf(n.Args[i+1:])
					}
					found = append(found, u)
				}
			}
		case *ast.KeyValueExpr:
			if name, ok := n.Key.(*ast.Ident); ok && name.Name == "Public" {
				if u, ok := keyOf(n.Value); ok {
					found = append(found, u)
				}
			}
		}
		return true
	})
	return found
}

// keyAt returns which argument of a call is a key: the first of x.T, the second
// of errs.New, none (-1) of any other.
func keyAt(c *ast.CallExpr) int {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return -1
	}
	if s.Sel.Name == "T" {
		return 0
	}
	if p, ok := s.X.(*ast.Ident); ok && p.Name == "errs" && s.Sel.Name == "New" {
		return 1
	}
	return -1
}

func keyOf(e ast.Expr) (use, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, ok := literal(e)
		return use{at: e.Pos(), key: s}, ok && s != ""
	case *ast.BinaryExpr:
		u, ok := keyOf(e.X)
		u.prefix = true
		return u, ok
	}
	return use{}, false
}

func namesOf(args []ast.Expr) []string {
	names := []string{}
	for i := 0; i < len(args); i += 2 {
		s, ok := literal(args[i])
		if !ok {
			return nil
		}
		names = append(names, s)
	}
	return names
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// TestKeysInCodeFinds plants each fault that TestKeysInCode must see.
func TestKeysInCodeFinds(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{"fine", `l.T("unit.days", "count", n)`, ""},
		{"unknown", `l.T("no.such.key")`, "not in the catalogue: no.such.key"},
		{"unknown_error", `errs.New(errs.Conflict, "no.such.key", "from", d)`, "not in the catalogue: no.such.key"},
		{"unknown_public", `errs.Error{Public: "no.such.key"}`, "not in the catalogue: no.such.key"},
		{"variable", `l.T("unit.days", "number", n)`, "unit.days needs the variable count"},
		{"spread", `l.T("unit.days", args...)`, ""},
		{"prefix", `l.T("month." + m)`, ""},
		{"unknown_prefix", `l.T("moon." + m)`, "no key in the catalogue begins with moon."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nvar _ = "+tt.code, 0)
			if err != nil {
				t.Fatal(err)
			}
			u := usesIn(f)
			if len(u) != 1 {
				t.Fatalf("found %d keys", len(u))
			}
			if got := u[0].check(For("en")); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
