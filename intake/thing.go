// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"fmt"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/leave"
	"verlof/people"
)

// team is a team as the plan would leave it.
type team struct {
	people.Team
	exists   bool
	managers int                // how many it had before
	gone     map[people.ID]bool // members who moved to another team
	changed  bool               // must be saved
	line     int                // first line that needs it changed
}

// kind is a leave type that exists, or that a line names.
type kind struct {
	leave.Type
	exists, used bool
}

// pattern is a working pattern that exists, or that a line describes.
type pattern struct {
	people.Pattern
	exists, used bool
}

// team returns the team with a name, new or not; nil for no name.
func (d *draft) team(name string) *team {
	if name == "" {
		return nil
	}
	t := d.teams[same(name)]
	if t == nil {
		t = &team{Team: people.Team{ID: id.New(d.now), Name: name}}
		d.teams[same(name)] = t
	}
	return t
}

// join makes m a member of t and returns the difference, if there is one. Who is
// in one other team moves; who is in several joins one more.
func (d *draft) join(m *member, t *team, line int) []Difference {
	if t == nil || slices.Contains(m.teams, t) {
		return nil
	}
	diff := Difference{Field: Team, To: t.Name}
	if len(m.teams) == 1 {
		old := m.teams[0]
		if old.gone == nil {
			old.gone = map[people.ID]bool{}
		}
		old.gone[m.Person.ID] = true
		d.change(old, line)
		diff.From, m.teams = old.Name, nil
	}
	t.Members = append(t.Members, m.Person.ID)
	m.teams = append(m.teams, t)
	d.change(t, line)
	return []Difference{diff}
}

// lead makes m lead t.
func (d *draft) lead(m *member, t *team, line int) {
	if !slices.Contains(t.Managers, m.Person.ID) {
		t.Managers = append(t.Managers, m.Person.ID)
		d.change(t, line)
	}
}

// change notes that t must be saved.
func (d *draft) change(t *team, line int) {
	if !t.changed {
		t.changed, t.line = true, line
		d.changed = append(d.changed, t)
	}
}

// teamLines adds a line for each team that is new or gets somebody to lead it.
func (d *draft) teamLines() {
	names := func(ids []people.ID) any {
		if len(ids) == 0 {
			return nil
		}
		var all []string
		for _, id := range ids {
			if m := d.members[id]; m != nil {
				all = append(all, m.Person.Name())
			}
		}
		return strings.Join(all, ", ")
	}
	for _, t := range d.changed {
		t.Members = slices.DeleteFunc(slices.Clone(t.Members), func(id people.ID) bool { return t.gone[id] })
		d.work.teams = append(d.work.teams, t.Team)
		n := Line{Number: t.line, Named: true, Thing: TheTeam, Act: Add, Title: t.Name}
		if len(t.Managers) > t.managers {
			n.Changes = []Difference{{Field: Manager, From: names(t.Managers[:t.managers]), To: names(t.Managers)}}
		}
		if t.exists {
			n.Act = Change
		}
		if !t.exists || n.Changes != nil {
			d.named = append(d.named, n)
		}
	}
}

// kind returns the leave type that a word of the file means, which stands in a line.
func (d *draft) kind(word string, line int) *kind {
	if k := d.meaning[same(word)]; k != nil {
		return k
	}
	if d.meansIllness(word) {
		return d.illness()
	}
	k := d.types[same(word)]
	if k == nil {
		k = d.meant(word, line)
	}
	if k == nil {
		k = &kind{Type: d.newType(word)}
		d.types[same(word)] = k
	}
	return k
}

// newType returns a type that the file only names: it is recorded and draws on
// no entitlement, and its reason stays hidden until somebody decides otherwise.
func (d *draft) newType(name string) leave.Type {
	return leave.Type{ID: id.New(d.now), Name: name, Colour: 1 + len(d.types)%12, Unit: leave.Days,
		Counting: leave.WorkingTime, Private: true, Order: 1 + len(d.types)}
}

// useKind makes a new type part of the plan.
func (d *draft) useKind(k *kind, line int) {
	if k.exists || k.used {
		return
	}
	k.used = true
	d.work.types = append(d.work.types, k.Type)
	d.named = append(d.named, Line{Number: line, Named: true, Thing: TheType, Act: Add, Title: k.Name,
		Notes: []Note{{Key: "intake.note.new_type"}}})
}

// patternNamed returns the working pattern that a cell names or describes; nil
// where it does neither.
func (d *draft) patternNamed(text string) *pattern {
	for _, p := range d.patterns {
		if same(p.Name) == same(text) {
			return p
		}
	}
	described, err := calendar.ParsePattern(text)
	if err != nil {
		return nil
	}
	for _, p := range d.patterns {
		if p.Pattern.Pattern.String() == described.String() {
			return p
		}
	}
	return d.newPattern(described.String(), described)
}

// patternOf returns the working pattern of so many minutes a week: the first of
// preferred that has them, else the first of all, else a new one that spreads
// them evenly from Monday to Friday.
func (d *draft) patternOf(minutes int, preferred ...string) *pattern {
	var found *pattern
	for _, p := range d.patterns {
		if p.Pattern.Pattern.WeeklyMinutes().Cmp(exact.Int(int64(minutes))) != 0 {
			continue
		}
		if slices.Contains(preferred, p.ID) {
			return p
		}
		if found == nil {
			found = p
		}
	}
	if found != nil {
		return found
	}
	return d.newPattern(d.words.T("intake.pattern", "hours", d.words.Hours(minutes)), evenly(minutes))
}

// newPattern makes a pattern known; where its name is taken by another it gets a
// number.
func (d *draft) newPattern(name string, p calendar.Pattern) *pattern {
	taken := func(name string) bool {
		return slices.ContainsFunc(d.patterns, func(p *pattern) bool { return same(p.Name) == same(name) })
	}
	base := name
	for i := 2; taken(name); i++ {
		name = fmt.Sprintf("%s (%d)", base, i)
	}
	n := &pattern{Pattern: people.Pattern{ID: id.New(d.now), Name: name, Pattern: p}}
	d.patterns = append(d.patterns, n)
	d.book.Patterns[n.ID] = p
	return n
}

// evenly spreads minutes over Monday to Friday; the first days take the odd ones.
func evenly(minutes int) calendar.Pattern {
	days := strings.Fields("mon tue wed thu fri")
	odd := minutes % len(days)
	var groups []string
	for _, g := range []struct {
		days   []string
		length int
	}{{days[:odd], minutes/len(days) + 1}, {days[odd:], minutes / len(days)}} {
		if len(g.days) > 0 && g.length > 1 {
			groups = append(groups, fmt.Sprintf("%s %d:%02d", strings.Join(g.days, " "), g.length/60, g.length%60))
		}
	}
	if groups == nil {
		return calendar.MustParsePattern("off")
	}
	return calendar.MustParsePattern(strings.Join(groups, "; "))
}

// usePattern makes a new pattern part of the plan.
func (d *draft) usePattern(p *pattern, line int) {
	if p == nil || p.exists || p.used {
		return
	}
	p.used = true
	d.work.patterns = append(d.work.patterns, p.Pattern)
	d.named = append(d.named, Line{Number: line, Named: true, Thing: ThePattern, Act: Add, Title: p.Name,
		Changes: []Difference{{Field: Schedule, To: p.Pattern.Pattern}},
		Notes:   []Note{{Key: "intake.note.new_pattern"}}})
}
