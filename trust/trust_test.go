// SPDX-License-Identifier: Apache-2.0

package trust

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return t
}

// line judges a promise of an installation that has all parts.
func line(t *testing.T, id string, days []Day, documents []Document, now string) Line {
	t.Helper()
	return lineOf(t, []Part{Copies, Offsite, Spare, Servers}, id, days, documents, now)
}

func lineOf(t *testing.T, parts []Part, id string, days []Day, documents []Document, now string) Line {
	t.Helper()
	all := Judge(parts, days, documents, at(now))
	i := slices.IndexFunc(all, func(l Line) bool { return l.ID == id })
	if i < 0 {
		t.Fatalf("there is no promise %s", id)
	}
	return all[i]
}

// answered is what was gathered of an installation that answered in every minute from one time
// to before another, but for some in between.
func answered(from, to string, but ...string) []Day {
	var tally Tally
	for m := at(from); m.Before(at(to)); m = m.Add(time.Minute) {
		if !slices.ContainsFunc(but, func(s string) bool { return at(s).Equal(m) }) {
			tally.Answered(m.Add(20 * time.Second))
		}
	}
	return tally.Days()
}

// TestUp: minutes in which nobody was answered count, also when nobody was there to count them.
func TestUp(t *testing.T) {
	for _, c := range []struct {
		name              string
		days              []Day
		now               string
		answered, minutes int
		state             State
		days30, missed    int
	}{
		{"never measured", nil, "2026-03-10 12:00", 0, 0, Unknown, 0, 0},
		{"since this noon", answered("2026-03-10 12:00", "2026-03-10 12:30"), "2026-03-10 12:30", 30, 30, Kept, 1, 0},
		{"not written yet for a quarter", answered("2026-03-10 12:00", "2026-03-10 12:30"), "2026-03-10 12:44", 30, 30, Kept, 1, 0},
		{"down since", answered("2026-03-10 12:00", "2026-03-10 12:30"), "2026-03-10 13:30", 30, 90, Missed, 1, 1},
		{"one minute of a day", answered("2026-03-10 00:00", "2026-03-11 00:00", "2026-03-10 07:00"), "2026-03-11 00:03", 1439, 1440, Kept, 2, 0},
		{"over midnight", answered("2026-03-10 23:50", "2026-03-10 23:58"), "2026-03-11 00:02", 8, 8, Kept, 1, 0},
		{"a day away", append(answered("2026-03-10 00:00", "2026-03-11 00:00"), answered("2026-03-12 00:00", "2026-03-12 12:00")...), "2026-03-12 12:00",
			1440 + 720, 2*1440 + 720, Missed, 3, 1},
		{"long ago", append(answered("2026-01-01 00:00", "2026-01-01 01:00"), answered("2026-03-10 00:00", "2026-03-10 00:10")...), "2026-03-10 00:10",
			10, 29*1440 + 10, Missed, 30, 29},
	} {
		l := line(t, "P34", c.days, nil, c.now)
		if l.Answered != c.answered || l.Minutes != c.minutes || l.State != c.state || len(l.Days) != c.days30 || l.Missed != c.missed {
			t.Errorf("%s: answered %d of %d, %s, %d days, %d missed; want %d of %d, %s, %d, %d",
				c.name, l.Answered, l.Minutes, l.State, len(l.Days), l.Missed, c.answered, c.minutes, c.state, c.days30, c.missed)
		}
	}
}

// TestShare: 99.5 per cent is kept, and a minute less is not.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		answered, all int
		want          bool
	}{{0, 0, true}, {199, 200, true}, {198, 200, false}, {42984, 43200, true}, {42983, 43200, false}} {
		if got := enough(c.answered, c.all); got != c.want {
			t.Errorf("%d of %d minutes: %v, want %v", c.answered, c.all, got, c.want)
		}
	}
}

// TestNumbers: the newest number says how a promise stands, the worst of each day what was, and one
// that is old says nothing.
func TestNumbers(t *testing.T) {
	var tally Tally
	tally.Add(Behind, 0, at("2026-03-08 10:00"))
	tally.Add(Behind, 3601, at("2026-03-09 10:00"))
	tally.Add(Behind, 12, at("2026-03-09 11:00"))
	tally.Add(Behind, 3600, at("2026-03-10 09:00"))
	days := append(tally.Days(), Day{Measure: Behind, Date: calendar.MustParse("2026-02-01"), Worst: 9999, Latest: 9999, At: at("2026-02-01 10:00")})
	l := line(t, "P30", days, nil, "2026-03-10 09:30")
	if l.State != Kept || l.Latest != 3600 || l.Missed != 1 || len(l.Days) != 3 || l.Days[0].Date != calendar.MustParse("2026-03-10") || l.Days[1].Worst != 3601 {
		t.Errorf("an hour behind: %+v", l)
	}
	if l := line(t, "P30", days, nil, "2026-03-10 10:01"); l.State != Unknown {
		t.Errorf("measured more than an hour ago: %s", l.State)
	}
	tally.Add(Behind, 3601, at("2026-03-10 09:20"))
	if l := line(t, "P30", tally.Days(), nil, "2026-03-10 09:30"); l.State != Missed || l.Missed != 2 {
		t.Errorf("more than an hour behind: %s, missed on %d days", l.State, l.Missed)
	}
	tally.Add(Stuck, 1, at("2026-03-10 09:20"))
	if l := line(t, "P35", tally.Days(), nil, "2026-03-10 09:30"); l.State != Missed {
		t.Errorf("a database that could not be brought up to date: %s", l.State)
	}
}

// TestParts: what an installation is not set up for it does not promise.
func TestParts(t *testing.T) {
	for id, lacks := range map[string]Part{"P30": Copies, "P28": Offsite, "P32": Spare, "P19": Servers} {
		if l := lineOf(t, nil, id, nil, nil, "2026-03-10 09:30"); l.State != None || l.Ground != Absent || l.Lacks != lacks {
			t.Errorf("%s without any part: %s, %s, for want of %q", id, l.Ground, l.State, l.Lacks)
		}
		if l := line(t, id, nil, nil, "2026-03-10 09:30"); l.State == None || l.Lacks != "" {
			t.Errorf("%s with all parts: %s, for want of %q", id, l.State, l.Lacks)
		}
	}
}

// TestDocuments: a document counts to the end of its last day, and the one that counts longest is shown.
func TestDocuments(t *testing.T) {
	old := Document{Promises: []string{"P01", "P05"}, Title: "Certificate of 2023", Owner: "Security", Until: calendar.MustParse("2026-03-09")}
	renewed := Document{Promises: []string{"P05"}, Title: "Certificate of 2026", Owner: "Security", Until: calendar.MustParse("2026-03-10")}
	for id, want := range map[string]State{"P01": Expired, "P05": Kept, "P02": Unknown} {
		if l := line(t, id, nil, []Document{renewed, old}, "2026-03-10 23:59"); l.State != want {
			t.Errorf("%s: %s, want %s", id, l.State, want)
		}
	}
	if l := line(t, "P05", nil, []Document{old, renewed}, "2026-03-10 09:00"); l.Document.Title != renewed.Title {
		t.Errorf("shown is %q", l.Document.Title)
	}
}

// TestDocuments_beside: what the installation does not do may be done around it, which a document says; what it does needs none.
func TestDocuments_beside(t *testing.T) {
	d := []Document{{Promises: []string{"P11", "P30", "P23"}, Title: "Audit", Owner: "Security", Until: calendar.MustParse("2026-03-10")}}
	for _, c := range []struct {
		id     string
		parts  []Part
		day    string
		ground Ground
		state  State
	}{
		{"P11", nil, "2026-03-10", Attested, Kept},
		{"P11", nil, "2026-03-11", Attested, Expired},
		{"P12", nil, "2026-03-10", Absent, None},
		{"P30", nil, "2026-03-10", Attested, Kept},
		{"P30", []Part{Copies}, "2026-03-10", Measured, Unknown},
		{"P23", nil, "2026-03-11", Proven, Kept},
	} {
		if l := lineOf(t, c.parts, c.id, nil, d, c.day+" 09:00"); l.Ground != c.ground || l.State != c.state {
			t.Errorf("%s with %s on %s: %s, %s; want %s, %s", c.id, c.parts, c.day, l.Ground, l.State, c.ground, c.state)
		}
	}
}

func TestDocumentCheck(t *testing.T) {
	good := Document{Promises: []string{"P05"}, Title: "Report", Owner: "Security", Until: calendar.MustParse("2027-03-31"), Link: "https://example.org/report"}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*Document){
		"no promise":      func(d *Document) { d.Promises = nil },
		"another promise": func(d *Document) { d.Promises = []string{"P37"} },
		"no title":        func(d *Document) { d.Title = " " },
		"no owner":        func(d *Document) { d.Owner = "" },
		"no end":          func(d *Document) { d.Until = 0 },
		"a script":        func(d *Document) { d.Link = "javascript:alert(1)" },
	} {
		d := good
		spoil(&d)
		if err := d.Check(); errs.As(err).Hint == "" {
			t.Errorf("%s: %v, without a hint", name, err)
		}
	}
}

// TestProofs: the tests that a promise names are there.
func TestProofs(t *testing.T) {
	for _, p := range Promises() {
		if (p.Ground == Proven) != (len(p.Tests) > 0) || (p.Ground == Measured) != (p.By != "") {
			t.Errorf("%s is %s, with tests %v and the measure %q", p.ID, p.Ground, p.Tests, p.By)
		}
		if b := p.Better; (b.Part == "" && b.By == "") != (b.By == "" && len(b.Tests) == 0) {
			t.Errorf("%s would rest on nothing: %+v", p.ID, b)
		}
		for _, name := range slices.Concat(p.Tests, p.Better.Tests) {
			folder, test, _ := strings.Cut(name, ".")
			files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(files, func(file string) bool { return declares(t, file, test) }) {
				t.Errorf("%s: there is no test %s", p.ID, name)
			}
		}
	}
}

func declares(t *testing.T, file, test string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(text), "\nfunc "+test+"(")
}

// TestWith: parts of a day come to the same in any order, and twice.
func TestWith(t *testing.T) {
	var one, two Tally
	one.Answered(at("2026-03-10 09:00"))
	two.Answered(at("2026-03-10 09:01"))
	two.Answered(at("2026-03-10 23:59"))
	a, b := one.Days()[0], two.Days()[0]
	if got := a.With(b); got != b.With(a) || got != a.With(b).With(a) || got.Minutes.Count(minutesOfDay) != 3 || !got.At.Equal(b.At) {
		t.Errorf("merged: %d minutes at %v", got.Minutes.Count(minutesOfDay), got.At)
	}
	text, err := b.Minutes.MarshalText()
	var back Minutes
	if err == nil {
		err = back.UnmarshalText(text)
	}
	if err != nil || back != b.Minutes {
		t.Errorf("written and read: %v", err)
	}
	for _, none := range []string{"0z", strings.Repeat("0z", len(back))} {
		if err := back.UnmarshalText([]byte(none)); err == nil {
			t.Errorf("what are no minutes was read: %s", none)
		}
	}
}
