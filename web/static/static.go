// SPDX-License-Identifier: Apache-2.0

// Package static owns what a page needs beside its HTML: one style sheet, a few
// script modules, icons, and the accent colour of each customer. Every file is
// served under an address that contains a hash of its content, so that browsers
// may keep it for ever. The package refuses anything from another origin, any
// inline style, and any build step outside this program.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

//go:embed css/*.css js/*.js icons/*.svg
var files embed.FS

// Prefix is the path under which Handler expects to be mounted.
const Prefix = "/static/"

// layers are the sources of app.css in the order of the cascade.
var layers = []string{"tokens", "base", "components", "calendar", "pages"}

// asset is one file as it goes over the wire.
type asset struct {
	url  string
	kind string
	body []byte
	gzip []byte // nil when packing does not make it smaller
}

// shelf holds all assets.
type shelf struct {
	byName map[string]*asset // "app.css"
	byPath map[string]*asset // "app.1a2b3c4d.css", below Prefix
}

// assets are packed once, when the first page is made: most verbs make none.
var assets = sync.OnceValue(func() *shelf {
	s := &shelf{byName: map[string]*asset{}, byPath: map[string]*asset{}}
	s.add("app.css", "text/css; charset=utf-8", sheet())
	for _, name := range []string{"admin.css", "chart.css", "demo.css", "factor.css", "past.css", "print.css"} {
		s.add(name, "text/css; charset=utf-8", squeeze(mustRead("css/"+name)))
	}
	s.add("favicon.svg", "image/svg+xml", mustRead("icons/mark.svg"))
	scripts, err := fs.Glob(files, "js/*.js")
	if err != nil {
		panic(err)
	}
	for _, f := range scripts {
		s.add(path.Base(f), "text/javascript; charset=utf-8", mustRead(f))
	}
	return s
})

// sheet joins the layers, after Verlof's own accent, into one style sheet without
// comments and indentation.
func sheet() []byte {
	b := bytes.NewBufferString(ThemeCSS(DefaultAccent))
	for _, l := range layers {
		b.Write(mustRead("css/" + l + ".css"))
	}
	return squeeze(b.Bytes())
}

var (
	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	indent  = regexp.MustCompile(`\s*\n\s*`)
	tighter = strings.NewReplacer(", ", ",", ": ", ":", "; ", ";", " {", "{", "{ ", "{", " > ", ">", " }", "}", ";}", "}")
)

// squeeze leaves out what a browser does not read. It knows the habits of our
// own sheets (no comment and no "; " within a string), not CSS at large.
func squeeze(css []byte) []byte {
	css = indent.ReplaceAll(comment.ReplaceAll(css, nil), []byte(" "))
	return []byte(strings.ReplaceAll(tighter.Replace(string(css)), ";}", "}"))
}

func mustRead(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return b
}

func (s *shelf) add(name, kind string, body []byte) {
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + digest(body) + ext
	a := &asset{url: Prefix + hashed, kind: kind, body: body, gzip: pack(body)}
	s.byName[name] = a
	s.byPath[hashed] = a
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:4])
}

func pack(body []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	if _, err := z.Write(body); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	if b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

// URL returns the address of an embedded file, such as "app.css" or "range.js".
// It panics on a name that is not embedded: that is a slip in our own code.
func URL(name string) string {
	a, ok := assets().byName[name]
	if !ok {
		panic(fmt.Sprintf("static: no file %q", name))
	}
	return a.url
}

// Handler serves everything below Prefix: the embedded files and the style
// sheet of each accent colour. It answers 404 to any other path, also to an
// old hash, so that nobody keeps new content under an old name.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		a, ok := assets().byPath[name]
		if !ok {
			a, ok = theme(name)
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body := a.body
	if a.gzip != nil && AcceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader has gone: nothing to tell
	}
}

// AcceptsGzip reports whether the request allows gzip (RFC 9110, section
// 12.5.3); "gzip;q=0" forbids it.
func AcceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		_, q, weighed := strings.Cut(weight, "=")
		return !weighed || strings.Trim(q, " 0.") != ""
	}
	return false
}
