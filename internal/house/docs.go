// SPDX-License-Identifier: Apache-2.0

package house

import (
	"path"
	"regexp"
	"strings"
)

// The documents that rules read.
const (
	decisionIndex    = "docs/adr/README.md"
	architectureFile = "docs/ARCHITECTURE.md"
	dependencyTable  = "docs/adr/0007-dependencies.md"
)

// decisions finds decision records that the index does not link.
func decisions(t *tree) (faults []Fault) {
	for p := range t.texts {
		name := path.Base(p)
		if path.Dir(p) == path.Dir(decisionIndex) && name != "README.md" && !strings.Contains(t.texts[decisionIndex], "]("+name+")") {
			faults = append(faults, Fault{p, "not linked from " + decisionIndex, "a decision that nobody finds is taken again, otherwise"})
		}
	}
	return faults
}

// architecture finds packages that the table of the architecture leaves out.
func architecture(t *tree) (faults []Fault) {
	seen := map[string]bool{}
	for _, s := range t.sources {
		if seen[s.dir] || s.test() {
			continue
		}
		seen[s.dir] = true
		if !strings.Contains(t.texts[architectureFile], "| `"+s.dir+"`") {
			faults = append(faults, Fault{s.dir, "no row in the table of " + architectureFile, "one page shows the whole house"})
		}
	}
	return faults
}

var directly = regexp.MustCompile(`(?m)^(?:require )?\s*([a-z0-9.]+\.[a-z]+/\S+) v\S+$`)

// dependencies finds modules that go.mod requires directly and that the record
// of dependencies does not speak of.
func dependencies(t *tree) (faults []Fault) {
	for _, found := range directly.FindAllStringSubmatch(t.texts["go.mod"], -1) {
		if !strings.Contains(t.texts[dependencyTable], "`"+found[1]+"`") {
			faults = append(faults, Fault{"go.mod", found[1] + " has no row in " + dependencyTable,
				"a dependency needs a sentence: what it saves us, who keeps it, what it costs"})
		}
	}
	return faults
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// links finds links between documents that lead nowhere.
func links(t *tree) (faults []Fault) {
	for p, text := range t.texts {
		if path.Ext(p) != ".md" {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(text, -1) {
			to, _, _ := strings.Cut(found[1], "#")
			if to == "" || strings.Contains(to, ":") || t.paths[path.Join(path.Dir(p), to)] || path.Join(path.Dir(p), to) == "." {
				continue
			}
			faults = append(faults, Fault{p, "links to " + found[1] + ", which is not there", "a link is a promise"})
		}
	}
	return faults
}
