// SPDX-License-Identifier: Apache-2.0

package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// module is the path every import of our own begins with.
const module = "verlof"

// tree is the source as the rules read it.
type tree struct {
	files   *token.FileSet
	tops    []string          // folders at the root
	sources []*source         // every Go file of the module
	texts   map[string]string // every other text that a rule reads, by path
	paths   map[string]bool   // every file and folder
}

// source is one Go file.
type source struct {
	path string
	dir  string // "." at the root
	ast  *ast.File
	text []byte
	size int // lines
}

func (s *source) test() bool      { return strings.HasSuffix(s.path, "_test.go") }
func (s *source) generated() bool { return ast.IsGenerated(s.ast) }

// room returns the folder at the root that the file is in.
func (s *source) room() string { return top(s.dir) }

// helper reports whether the file belongs to a package made for tests.
func (s *source) helper() bool { return strings.HasSuffix(s.dir, "test") }

// imports calls yield for each import of the file, with its line.
func (s *source) imports(t *tree, yield func(path, where string)) {
	for _, spec := range s.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			yield(p, t.at(spec.Pos()))
		}
	}
}

// at returns path:line of a place.
func (t *tree) at(pos token.Pos) string {
	p := t.files.Position(pos)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}

// read reads the tree below root.
func read(root fs.FS) (*tree, error) {
	t := &tree{files: token.NewFileSet(), texts: map[string]string{}, paths: map[string]bool{}}
	ignored, err := ignoredFolders(root)
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == "." {
			return err
		}
		if d.IsDir() {
			return t.folder(root, p, ignored)
		}
		return t.file(root, p)
	})
	return t, err
}

// folder notes a folder, or skips it: hidden ones, ignored ones, test data,
// and other modules.
func (t *tree) folder(root fs.FS, p string, ignored map[string]bool) error {
	name := path.Base(p)
	if strings.HasPrefix(name, ".") || ignored["/"+p] || ignored[name] {
		return fs.SkipDir
	}
	t.paths[p] = true
	if path.Dir(p) == "." {
		t.tops = append(t.tops, p)
	}
	if name == "testdata" {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, p+"/go.mod"); err == nil {
		return fs.SkipDir
	}
	return nil
}

// file reads a file that some rule looks at.
func (t *tree) file(root fs.FS, p string) error {
	t.paths[p] = true
	switch path.Ext(p) {
	case ".go", ".md", ".mod", ".templ", ".css", ".js":
	default:
		return nil
	}
	text, err := fs.ReadFile(root, p)
	if err != nil {
		return err
	}
	if path.Ext(p) != ".go" {
		t.texts[p] = string(text)
		return nil
	}
	parsed, err := parser.ParseFile(t.files, p, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	t.sources = append(t.sources, &source{
		path: p, dir: path.Dir(p), ast: parsed, text: text, size: bytes.Count(text, []byte("\n")),
	})
	return nil
}

// ignoredFolders returns the folders that .gitignore names: "/out" for one at
// the root, "node_modules" for one anywhere.
func ignoredFolders(root fs.FS) (map[string]bool, error) {
	ignored := map[string]bool{}
	text, err := fs.ReadFile(root, ".gitignore")
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutSuffix(strings.TrimSpace(line), "/"); ok {
			ignored[name] = true
		}
	}
	return ignored, nil
}

// top returns the first element of a path.
func top(p string) string {
	first, _, _ := strings.Cut(p, "/")
	return first
}

// within reports whether path p is dir or lies below it.
func within(p, dir string) bool {
	return dir == "." || p == dir || strings.HasPrefix(p, dir+"/")
}

func withinAny(p string, dirs []string) bool {
	for _, d := range dirs {
		if within(p, d) {
			return true
		}
	}
	return false
}
