// SPDX-License-Identifier: Apache-2.0

package trust

import (
	"crypto/ed25519"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
)

// probing is a probe that the installation knows, and its key.
func probing(t *testing.T) (Probe, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return Probe{Name: "north", Key: public}, private
}

// send has a probe tell of a site.
func send(t *testing.T, key ed25519.PrivateKey, r Report, now string) Message {
	t.Helper()
	m, err := r.Sign(key, "1", at(now))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSeen: what probes saw is what uptime is judged by, however often and by whichever of them it is told.
func TestSeen(t *testing.T) {
	north, key := probing(t)
	south, other := probing(t)
	var one, two Report
	one.Site, two.Site = "acme.test", "acme.test"
	for m := at("2026-03-09 23:00"); m.Before(at("2026-03-10 01:00")); m = m.Add(time.Minute) {
		if m.Minute() != 30 { // the way from one of them is cut
			one.Note(m.Add(5 * time.Second))
		}
		if m.Minute() >= 20 && m.Before(at("2026-03-10 00:50")) {
			two.Note(m.Add(9 * time.Second))
		}
	}
	kept := map[calendar.Date]Day{}
	for _, m := range []Message{send(t, key, one, "2026-03-10 01:00"), send(t, other, two, "2026-03-10 01:01"), send(t, key, one, "2026-03-10 01:02")} {
		days, err := Believe([]Probe{north, south}, "acme.test", m, at("2026-03-10 01:03"))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			kept[d.Date] = d.With(kept[d.Date])
		}
	}
	days := answered("2026-03-01 00:00", "2026-03-10 01:00") // what the server saw of itself
	for _, d := range kept {
		d.Measure = Seen
		days = append(days, d)
	}
	l := lineOf(t, []Part{Outside}, "P34", days, nil, "2026-03-10 01:10")
	if l.By != Seen || l.Answered != 120 || l.Minutes != 120 || l.State != Kept || l.Budget != 0 {
		t.Errorf("seen: %d of %d minutes by %s, %s, %d to spare; want 120 of 120", l.Answered, l.Minutes, l.By, l.State, l.Budget)
	}
	l = lineOf(t, []Part{Outside}, "P34", days, nil, "2026-03-10 05:00")
	if l.Answered != 120 || l.Minutes != 360 || l.State != Missed || l.Budget != 1 {
		t.Errorf("nothing was seen since: %d of %d minutes, %s, %d to spare", l.Answered, l.Minutes, l.State, l.Budget)
	}
	if l := lineOf(t, nil, "P34", days, nil, "2026-03-10 01:10"); l.By != Up || l.Minutes <= 120 {
		t.Errorf("without probes it is judged by %s, over %d minutes", l.By, l.Minutes)
	}
}

// TestBelieve: nobody else's word is taken, nor what cannot be true.
func TestBelieve(t *testing.T) {
	north, key := probing(t)
	_, stranger := probing(t)
	const now = "2026-03-10 12:00"
	good := func() Report {
		r := Report{Site: "acme.test"}
		r.Note(at("2026-03-10 11:58"))
		return r
	}
	if days, err := Believe([]Probe{north}, "acme.test", send(t, key, good(), now), at(now)); err != nil || len(days) != 1 || !days[0].At.Equal(at("2026-03-10 11:58")) {
		t.Errorf("a good one: %v, %v", days, err)
	}
	old := Report{Site: "acme.test", Days: []Sight{{Date: calendar.MustParse("2026-03-01")}}}
	old.Days[0].Minutes.Add(at("2026-03-01 09:00"))
	for name, c := range map[string]struct {
		message Message
		kind    errs.Kind
	}{
		"of a stranger":    {send(t, stranger, good(), now), errs.Unauthenticated},
		"unsigned":         {Message{ID: "1", Timestamp: "1773144000", Body: []byte("{}")}, errs.Unauthenticated},
		"changed":          {spoil(send(t, key, good(), now), func(m *Message) { m.Body = []byte(strings.Replace(string(m.Body), "00", "ff", 1)) }), errs.Unauthenticated},
		"at another time":  {spoil(send(t, key, good(), now), func(m *Message) { m.Timestamp = "1773144001" }), errs.Unauthenticated},
		"sent long ago":    {send(t, key, good(), "2026-03-10 11:54"), errs.Invalid},
		"sent in future":   {send(t, key, good(), "2026-03-10 12:06"), errs.Invalid},
		"of another site":  {send(t, key, Report{Site: "globex.test"}, now), errs.Invalid},
		"of a day too old": {send(t, key, old, now), errs.Invalid},
		"of an empty day":  {send(t, key, Report{Site: "acme.test", Days: []Sight{{Date: calendar.MustParse("2026-03-10")}}}, now), errs.Invalid},
		"of what is to be": {send(t, key, noted("2026-03-10 12:06"), now), errs.Invalid},
	} {
		days, err := Believe([]Probe{north}, "acme.test", c.message, at(now))
		if !errs.Is(err, c.kind) || errs.As(err).Hint == "" || days != nil {
			t.Errorf("%s: %v and %v, want %s with a hint", name, days, err, c.kind)
		}
	}
}

// TestSingle: that everything is there twice is promised by who had it so within the days that count.
func TestSingle(t *testing.T) {
	const now = "2026-03-10 12:00"
	stands := func(want State, ground Ground, value int64, times ...string) {
		t.Helper()
		var tally Tally
		for i, s := range times {
			tally.Add(Single, value*int64(i), at(s))
		}
		if l := lineOf(t, nil, "P14", tally.Days(), nil, now); l.State != want || l.Ground != ground {
			t.Errorf("%d on %s: %s, %s", value, times, l.Ground, l.State)
		}
	}
	stands(None, Absent, 0)
	stands(Kept, Measured, 0, "2026-03-10 11:50")
	stands(Missed, Measured, 1, "2026-03-10 11:50", "2026-03-10 11:55")
	stands(Unknown, Measured, 0, "2026-03-08 11:50")
	stands(None, Absent, 0, "2026-02-08 11:50")
}

// TestLines: at how many connections there was no answer is a promise of its own, where anybody looks at more than one.
func TestLines(t *testing.T) {
	north, key := probing(t)
	const now = "2026-03-10 12:00"
	told := func(change func(*Report)) ([]Day, error) {
		r := Report{Site: "acme.test"}
		r.NoteLines(2, 3, at("2026-03-10 11:50"))
		r.NoteLines(1, 3, at("2026-03-10 11:58"))
		if change != nil {
			change(&r)
		}
		return Believe([]Probe{north}, "acme.test", send(t, key, r, now), at(now))
	}
	days, err := told(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := lineOf(t, nil, "P08", days, nil, now)
	if l.State != Kept || l.Latest != 1 || l.Missed != 1 || l.Days[0].Worst != 2 {
		t.Errorf("one of three lost, and two before: %s, %d, missed on %d days", l.State, l.Latest, l.Missed)
	}
	if days, err = told(func(r *Report) { r.NoteLines(2, 3, at("2026-03-10 11:59")) }); err != nil {
		t.Fatal(err)
	}
	if l := lineOf(t, nil, "P08", days, nil, now); l.State != Missed {
		t.Errorf("two of three lost: %s", l.State)
	}
	if l := lineOf(t, nil, "P08", answered("2026-03-10 11:00", now), nil, now); l.State != None || l.Ground != Absent {
		t.Errorf("nobody looks at connections: %s, %s", l.Ground, l.State)
	}
	for name, change := range map[string]func(*Report){
		"one connection":         func(r *Report) { r.Lines.Of = 1 },
		"more lost than there":   func(r *Report) { r.Lines.Worst = 4 },
		"less than none":         func(r *Report) { r.Lines.Latest = -1 },
		"worse than the worst":   func(r *Report) { r.Lines.Latest = 3 },
		"yet to come":            func(r *Report) { r.Lines.At += 3600 },
		"longer ago than a week": func(r *Report) { r.Lines.At -= 10 * 24 * 3600 },
	} {
		if _, err := told(change); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func spoil(m Message, f func(*Message)) Message {
	f(&m)
	return m
}

func noted(when string) Report {
	r := Report{Site: "acme.test"}
	r.Note(at(when))
	return r
}

// TestNote: a probe that cannot tell keeps a week, and no more.
func TestNote(t *testing.T) {
	r := Report{Site: "acme.test"}
	for day := range 20 {
		r.Note(at("2026-03-01 09:00").AddDate(0, 0, day))
	}
	if len(r.Days) != ReportDays || r.Days[0].Date != calendar.MustParse("2026-03-13") {
		t.Errorf("%d days from %s", len(r.Days), r.Days[0].Date)
	}
}

func TestParseProbe(t *testing.T) {
	p, _ := probing(t)
	back, err := ParseProbe(p.String())
	if err != nil || back.Name != p.Name || !back.Key.Equal(p.Key) {
		t.Errorf("%v, %v", back, err)
	}
	for _, none := range []string{"", "north", "north=", "north=AAAA", "North=" + strings.TrimPrefix(p.String(), "north="), p.String() + "A", "=" + p.String()} {
		if _, err := ParseProbe(none); errs.As(err) == nil || errs.As(err).Hint == "" {
			t.Errorf("%q: %v, without a hint", none, err)
		}
	}
}
