// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/web/page"
	"verlof/web/template"
)

// mostGridWeeks is how many weeks in turn are filled in day by day; a pattern of
// more is written as one line.
const mostGridWeeks = 8

// patternGrid is a working pattern to be filled in day by day.
type patternGrid struct {
	Count  template.Choice // how many weeks take turns
	Anchor template.Input  // a date in the first of them
	Weeks  []gridWeek
}

// gridWeek is one week of it, Monday first.
type gridWeek struct {
	Name string // empty where there is only one
	Days [7]template.Input
}

// gridDays are the days as a line writes them, and as the names of fields have them.
var gridDays = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func gridCell(week, day int) string { return "w" + strconv.Itoa(week+1) + "-" + gridDays[day] }

// gridWeeks is how many weeks a form fills in day by day; 0: it has the pattern as
// one line.
func gridWeeks(f *page.Form) int {
	n, err := strconv.Atoi(f.Text("weeks"))
	if err != nil || f.Values.Has("pattern") {
		return 0
	}
	return max(1, min(n, mostGridWeeks))
}

// patternText is the working pattern of a form as one line; empty where nothing is
// filled in.
func patternText(f *page.Form) string {
	n := gridWeeks(f)
	if n == 0 {
		return f.Text("pattern")
	}
	weeks, some := make([]string, n), false
	for w := range weeks {
		var groups []string
		for d, name := range gridDays {
			if work := f.Text(gridCell(w, d)); work != "" {
				groups = append(groups, name+" "+work)
			}
		}
		weeks[w], some = "off", some || groups != nil
		if groups != nil {
			weeks[w] = strings.Join(groups, "; ")
		}
	}
	if !some {
		return ""
	}
	line := strings.Join(weeks, " | ")
	if n > 1 {
		line = "from " + gridAnchor(f) + ": " + line
	}
	return line
}

// gridAnchor is the date in the first week, as a line has it.
func gridAnchor(f *page.Form) string {
	if d, err := f.Lang.ParseDate(f.Text("anchor")); err == nil {
		return d.String()
	}
	return f.Text("anchor")
}

// checkGrid notes what is wrong with each day of a form that is filled in day by
// day.
func checkGrid(f *page.Form) {
	n := gridWeeks(f)
	for w := range n {
		for d, name := range gridDays {
			cell := gridCell(w, d)
			work := f.Text(cell)
			if strings.ContainsAny(work, ";|") {
				f.Refuse(errs.New(errs.Invalid, "calendar.error.pattern", "word", work).At(cell))
			} else if _, err := calendar.ParsePattern(name + " " + work); work != "" && err != nil {
				f.Refuse(errs.As(err).At(cell))
			}
		}
	}
	if n > 1 {
		f.Date("anchor")
	}
}

// fillGrid writes a pattern into the fields of the form, day by day; it reports
// false where the pattern has too many weeks for that.
func fillGrid(f *page.Form, p calendar.Pattern) bool {
	if len(p.Weeks) > mostGridWeeks {
		return false
	}
	f.Values.Set("weeks", strconv.Itoa(max(1, len(p.Weeks))))
	f.Values.Set("anchor", p.Anchor.String())
	for w, week := range p.Weeks {
		for d, work := range week {
			f.Values.Set(gridCell(w, d), work.String())
		}
	}
	return true
}

// gridOf lays out the fields for the weeks of a form; nil where it is one line.
func gridOf(f *page.Form) *patternGrid {
	n := gridWeeks(f)
	if n == 0 {
		return nil
	}
	g := &patternGrid{Anchor: f.Day("anchor")}
	g.Anchor.Required, g.Anchor.Hint = true, f.Lang.T("admin.field.anchor.hint")
	var counts []template.Option
	for i := 1; i <= mostGridWeeks; i++ {
		counts = append(counts, template.Option{Value: strconv.Itoa(i), Text: f.Lang.T("admin.pattern.turns", "count", i)})
	}
	g.Count = f.Choice("weeks", counts)
	g.Count.Value = strconv.Itoa(n)
	for w := range n {
		x := gridWeek{}
		if n > 1 {
			x.Name = f.Lang.T("admin.pattern.week", "number", w+1)
		}
		for d := range x.Days {
			x.Days[d] = gridInput(f, w, d, x.Name)
		}
		g.Weeks = append(g.Weeks, x)
	}
	return g
}

func gridInput(f *page.Form, w, d int, week string) template.Input {
	name := gridCell(w, d)
	day := weekdayName(f.Lang, d)
	i := template.Input{Name: name, Label: day, Value: f.Text(name), Error: f.At(name)}
	i.Attrs = map[string]any{"spellcheck": "false", "autocapitalize": "off", "autocomplete": "off",
		"aria-label": strings.TrimSpace(week + " " + day)}
	return i
}

// weekdayName is the name of a day of the week, Monday being 0.
func weekdayName(l *lang.Locale, d int) string { return l.Weekday(time.Weekday((d + 1) % 7)) }
