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

var row = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")

// roomRow and named read the table of the architecture: a row has the folder, what it owns and
// the packages below the folder.
var (
	roomRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|([^|\n]*\\|([^|\n]*)\\|)?")
	named   = regexp.MustCompile("`([^`]+)`")
)

// architecture finds packages that the table of the architecture leaves out, and what it
// names that is not there.
func architecture(t *tree) (faults []Fault) {
	const why = "one page shows the whole house, as it is"
	shown := map[string]bool{}
	show := func(dir string) {
		if shown[dir] = true; !t.paths[dir] {
			faults = append(faults, Fault{architectureFile, "a row for " + dir + ", which is not there", why})
		}
	}
	for _, r := range roomRow.FindAllStringSubmatch(t.texts[architectureFile], -1) {
		show(r[1])
		for _, below := range named.FindAllStringSubmatch(r[3], -1) {
			show(r[1] + "/" + below[1])
		}
	}
	seen := map[string]bool{}
	for _, s := range t.sources {
		if seen[s.dir] || s.test() {
			continue
		}
		seen[s.dir] = true
		if !shown[s.dir] {
			faults = append(faults, Fault{s.dir, "no row in the table of " + architectureFile + ", and not named in that of its room", why})
		}
	}
	return faults
}

var directly = regexp.MustCompile(`(?m)^(?:require )?\s*([a-z0-9.]+\.[a-z]+/\S+) v\S+$`)

// dependencies finds modules that go.mod requires directly and that the record
// of dependencies does not speak of, and the other way round.
func dependencies(t *tree) (faults []Fault) {
	for _, found := range row.FindAllStringSubmatch(t.texts[dependencyTable], -1) {
		if !strings.Contains(t.texts["go.mod"], found[1]+" v") {
			faults = append(faults, Fault{dependencyTable, "a row for " + found[1] + ", which go.mod does not require",
				"who reads the table must be able to believe it"})
		}
	}
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
