// SPDX-License-Identifier: Apache-2.0

package static

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// icons holds the drawing inside each icons/*.svg by name, without the <svg>
// element around it.
var icons = loadIcons()

func loadIcons() map[string]string {
	names, err := fs.Glob(files, "icons/*.svg")
	if err != nil {
		panic(err)
	}
	m := make(map[string]string, len(names))
	for _, f := range names {
		m[strings.TrimSuffix(path.Base(f), ".svg")] = drawing(f)
	}
	return m
}

func drawing(file string) string {
	s := string(mustRead(file))
	_, s, _ = strings.Cut(s, "<svg")
	_, s, opened := strings.Cut(s, ">")
	s, _, closed := strings.Cut(s, "</svg>")
	if !opened || !closed {
		panic(fmt.Sprintf("static: %s is not one <svg> element", file))
	}
	return strings.TrimSpace(s)
}

// Icon returns the inside of an <svg viewBox="0 0 16 16"> whose strokes take
// the colour of the text around it. It panics on a name that does not exist.
func Icon(name string) string {
	s, ok := icons[name]
	if !ok {
		panic(fmt.Sprintf("static: no icon %q", name))
	}
	return s
}
