// SPDX-License-Identifier: Apache-2.0

package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

func findRoom(dir string) (room, bool) {
	i := slices.IndexFunc(rooms, func(r room) bool { return r.dir == dir })
	if i < 0 {
		return room{}, false
	}
	return rooms[i], true
}

// folders finds folders at the root that the plan does not know, and Go where
// no room is.
func folders(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		if s.dir == "." || slices.Contains(plain, s.room()) {
			faults = append(faults, Fault{s.path, "Go outside of every room", "what has no room is under no rule"})
		}
	}
	for _, dir := range t.tops {
		if _, ok := findRoom(dir); !ok && !slices.Contains(plain, dir) {
			faults = append(faults, Fault{dir, "a folder that internal/house/plan.go does not know",
				"whoever adds a room says what it may import, and why no more"})
		}
	}
	return faults
}

// arrows finds imports that run the wrong way.
func arrows(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		from, ok := findRoom(s.room())
		if !ok {
			continue // folders reports it
		}
		s.imports(t, func(p, where string) {
			to, own := strings.CutPrefix(p, module+"/")
			if own && !from.reaches(top(to)) && !from.testsWith(s, to) {
				faults = append(faults, Fault{where, fmt.Sprintf("%s imports %s", s.dir, to), from.why})
			}
		})
	}
	return faults
}

// ordered finds imports within a room that go against its floors.
func ordered(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		f, ok := floorOf(s.dir)
		if !ok {
			continue
		}
		s.imports(t, func(p, where string) {
			to, own := strings.CutPrefix(p, module+"/")
			if own && top(to) == s.room() && to != s.dir && !slices.Contains(f.may, to) && !strings.HasSuffix(to, "test") {
				faults = append(faults, Fault{where, fmt.Sprintf("%s imports %s", s.dir, to), f.why})
			}
		})
	}
	return faults
}

// floorOf returns the floor of a folder: its own, else that of all others below its room.
func floorOf(dir string) (floor, bool) {
	i := slices.IndexFunc(floors, func(f floor) bool { return f.dir == dir })
	if i < 0 && dir != top(dir) {
		i = slices.IndexFunc(floors, func(f floor) bool { return f.dir == top(dir)+"/*" })
	}
	if i < 0 {
		return floor{}, false
	}
	return floors[i], true
}

// reaches reports whether the room may import the room to.
func (r room) reaches(to string) bool {
	return to == r.dir || to == "internal" || slices.Contains(r.may, to)
}

// testsWith reports whether the file is a test and to a helper of tests in a
// room that lies anywhere below.
func (r room) testsWith(s *source, to string) bool {
	return s.test() && strings.HasSuffix(to, "test") && r.above(top(to))
}

// above reports whether imports lead from the room down to the room to.
func (r room) above(to string) bool {
	return r.reaches(to) || slices.ContainsFunc(r.may, func(dir string) bool {
		next, ok := findRoom(dir)
		return ok && next.above(to)
	})
}

// guestsInside finds libraries that came in by another door than theirs.
func guestsInside(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		s.imports(t, func(p, where string) {
			for _, g := range guests {
				if within(p, g.path) && !g.welcome(s) {
					faults = append(faults, Fault{where, fmt.Sprintf("%s imports %s", s.dir, p), g.why})
				}
			}
		})
	}
	return faults
}

// welcome reports whether the file may import the guest. Helpers of tests may
// have what tests may.
func (g guest) welcome(s *source) bool {
	return withinAny(s.dir, g.doors) || (s.test() || s.helper()) && withinAny(s.dir, g.tests)
}

// helpers finds packages made for tests, such as storetest, in the product.
func helpers(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		if s.test() || s.helper() || s.room() == "bench" {
			continue
		}
		s.imports(t, func(p, where string) {
			if strings.HasPrefix(p, module+"/") && strings.HasSuffix(p, "test") {
				faults = append(faults, Fault{where, fmt.Sprintf("%s imports %s", s.dir, p), onlyTests})
			}
		})
	}
	return faults
}

// quiet finds input, output and clocks in the silent rooms.
func quiet(t *tree) (faults []Fault) {
	const why = "what a rule is told is all it knows, the time included: only so can a test tell it anything"
	for _, s := range t.sources {
		if s.test() || !slices.Contains(silent, s.room()) {
			continue
		}
		s.imports(t, func(p, where string) {
			if excepted, loud := noise[p]; loud && !slices.Contains(excepted, s.room()) {
				faults = append(faults, Fault{where, fmt.Sprintf("%s imports %s", s.dir, p), why})
			}
		})
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && asksTheClock(call) {
				faults = append(faults, Fault{t.at(n.Pos()), fmt.Sprintf("%s asks the clock: time.%s", s.dir, call.Sel.Name), why})
			}
			return true
		})
	}
	return faults
}

func asksTheClock(e *ast.SelectorExpr) bool {
	x, ok := e.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, e.Sel.Name)
}

// exactness finds floating point where leave is counted.
func exactness(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		if s.test() || !withinAny(s.dir, counted) {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "float64" || id.Name == "float32") {
				faults = append(faults, Fault{t.at(id.Pos()), s.dir + " counts in " + id.Name,
					"leave is exact: a twelfth has no end in binary, and a person sees the difference"})
			}
			return true
		})
	}
	return faults
}
