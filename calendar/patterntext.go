// SPDX-License-Identifier: Apache-2.0

package calendar

import (
	"strings"
	"time"

	"verlof/errs"
)

// dayNames are the days as String writes them, Monday first.
var dayNames = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// The day that is meant where only its length is given.
const (
	startOfDay      Clock = 8 * 60
	startOfSecond   Clock = 13 * 60
	usualMinutes          = 8 * 60
	shortestMinutes       = 2
	longestMinutes        = 16 * 60
)

// ParsePattern reads a working pattern from one line:
//
//	mon-fri                                     8 hours: 08:00-12:00 and 13:00-17:00
//	mon-fri 7:36                                so long, in two equal halves from 08:00 and 13:00
//	mon-fri 08:00-12:00 12:30-16:30             morning and afternoon
//	mon tue wed 09:00-17:00; thu fri morning    groups of days with different hours
//	from 2026-01-05: mon-fri | mon-thu          two weeks in turn, the first holding that date
//	off                                         a week without work
//
// Days are three letters or whole English names, alone or as a range. One
// interval that ends by 13:00 is a morning without an afternoon; one that begins
// at 12:00 or later is an afternoon without a morning; any other is a shift
// without a break, parted in the middle (an odd minute goes to the morning).
// "morning" and "afternoon" are half of the 8 hours, and before an interval they
// say which half it is: "mon morning 10:00-14:00 afternoon 14:00-18:00". Every
// error is errs.Invalid and names the offending word.
func ParsePattern(s string) (Pattern, error) {
	s = strings.ToLower(strings.NewReplacer("–", "-", ",", " ").Replace(s))
	p, rest, err := parseAnchor(strings.TrimSpace(s))
	if err != nil {
		return Pattern{}, err
	}
	for text := range strings.SplitSeq(rest, "|") {
		week, err := parseWeek(text)
		if err != nil {
			return Pattern{}, err
		}
		p.Weeks = append(p.Weeks, week)
	}
	if len(p.Weeks) > 1 && p.Anchor.IsZero() {
		return Pattern{}, patternError("-anchor", s)
	}
	return p, nil
}

// MustParsePattern parses s and panics where it is no pattern; for constants
// and tests.
func MustParsePattern(s string) Pattern {
	p, err := ParsePattern(s)
	if err != nil {
		panic("calendar: " + s + " is not a working pattern: " + err.Error())
	}
	return p
}

func patternError(suffix, word string) error {
	return errs.New(errs.Invalid, "calendar.error.pattern"+suffix, "word", strings.TrimSpace(word))
}

// parseAnchor reads "from 2026-01-05:" where the line begins with it.
func parseAnchor(s string) (p Pattern, rest string, err error) {
	after, ok := strings.CutPrefix(s, "from ")
	if !ok {
		return Pattern{}, s, nil
	}
	date, rest, ok := strings.Cut(after, ":")
	if p.Anchor, err = Parse(strings.TrimSpace(date)); err != nil || !ok {
		return Pattern{}, "", patternError("-anchor", date)
	}
	return p, rest, nil
}

func parseWeek(s string) (Week, error) {
	var week Week
	if strings.TrimSpace(s) == "off" {
		return week, nil
	}
	var seen [7]bool
	for group := range strings.SplitSeq(s, ";") {
		days, work, err := parseGroup(strings.Fields(group))
		if err != nil {
			return Week{}, err
		}
		for _, d := range days {
			if seen[d] {
				return Week{}, patternError("-twice", dayNames[d])
			}
			seen[d], week[d] = true, work
		}
	}
	return week, nil
}

// parseGroup reads days followed by their work.
func parseGroup(words []string) (days []int, work Workday, err error) {
	n := 0
	for ; n < len(words); n++ {
		some, ok := parseDays(words[n])
		if !ok {
			break
		}
		days = append(days, some...)
	}
	if len(days) == 0 {
		return nil, Workday{}, patternError("-days", strings.Join(words, " "))
	}
	work, err = parseWork(words[n:])
	return days, work, err
}

// parseDays reads "mon", "monday", "mon-fri" and "sat-mon".
func parseDays(word string) (days []int, ok bool) {
	from, to, isRange := strings.Cut(word, "-")
	if !isRange {
		to = from
	}
	a, b := dayIndex(from), dayIndex(to)
	if a < 0 || b < 0 {
		return nil, false
	}
	for d := a; ; d = (d + 1) % 7 {
		days = append(days, d)
		if d == b {
			return days, true
		}
	}
}

func dayIndex(word string) int {
	for i, name := range dayNames {
		if word == name || word == strings.ToLower(time.Weekday((i+1)%7).String()) {
			return i
		}
	}
	return -1
}

// parseWork reads what stands after the days of a group.
func parseWork(words []string) (Workday, error) {
	switch {
	case len(words) == 0:
		return splitMinutes(usualMinutes), nil
	case words[0] == "morning" || words[0] == "afternoon":
		return parseHalves(words)
	case len(words) == 1 && !strings.Contains(words[0], "-"):
		return parseLength(words[0])
	}
	var parts []Interval
	for _, word := range words {
		part, err := parsePart(word)
		switch {
		case err != nil:
			return Workday{}, err
		case len(parts) == 2:
			return Workday{}, patternError("-blocks", word)
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return single(parts[0]), nil
	}
	return inOrder(Workday{parts[0], parts[1]}, words[1])
}

// parseHalves reads "morning", "afternoon" and "morning 10:00-14:00 afternoon
// 14:00-18:00".
func parseHalves(words []string) (Workday, error) {
	var w Workday
	usual := splitMinutes(usualMinutes)
	for i := 0; i < len(words); i++ {
		half, times := &w.Morning, usual.Morning
		switch words[i] {
		case "morning":
		case "afternoon":
			half, times = &w.Afternoon, usual.Afternoon
		default:
			return Workday{}, patternError("", words[i])
		}
		if !half.IsZero() {
			return Workday{}, patternError("-twice", words[i])
		}
		*half = times
		if i+1 < len(words) && strings.Contains(words[i+1], "-") {
			i++
			var err error
			if *half, err = parsePart(words[i]); err != nil {
				return Workday{}, err
			}
		}
	}
	return inOrder(w, words[len(words)-1])
}

// parsePart reads one stretch of work, and tells one that runs past midnight from
// one that cannot be read: work belongs to the day on which it is done.
func parsePart(word string) (Interval, error) {
	part, err := ParseInterval(word)
	if err == nil {
		return part, nil
	}
	from, to, _ := strings.Cut(word, "-")
	f, errFrom := ParseClock(from)
	t, errTo := ParseClock(to)
	if errFrom == nil && errTo == nil && t < f {
		return Interval{}, patternError("-overnight", word)
	}
	return Interval{}, patternError("", word)
}

// inOrder refuses an afternoon that begins before the morning ends.
func inOrder(w Workday, word string) (Workday, error) {
	if w.Halves() == 2 && w.Afternoon.From < w.Morning.To {
		return Workday{}, patternError("-order", word)
	}
	return w, nil
}

// parseLength reads "7:36", up to 16 hours and long enough to have two halves.
func parseLength(word string) (Workday, error) {
	c, err := ParseClock(word)
	if err != nil {
		return Workday{}, patternError("", word)
	}
	if c < shortestMinutes || c > longestMinutes {
		return Workday{}, patternError("-length", word)
	}
	return splitMinutes(int(c)), nil
}

// splitMinutes returns a day of so many minutes in two equal halves; an odd
// minute goes to the morning.
func splitMinutes(n int) Workday {
	morning := Clock((n + 1) / 2)
	end := startOfDay + morning
	begin := max(end, startOfSecond)
	return Workday{
		Morning:   Interval{startOfDay, end},
		Afternoon: Interval{begin, begin + Clock(n) - morning},
	}
}

// single returns the day of one interval, by the rules of ParsePattern.
func single(i Interval) Workday {
	switch {
	case i.To <= startOfSecond:
		return Workday{Morning: i}
	case i.From >= noon:
		return Workday{Afternoon: i}
	}
	middle := i.From + (i.To-i.From+1)/2
	return Workday{Interval{i.From, middle}, Interval{middle, i.To}}
}

// String returns the line that ParsePattern reads, in its shortest form.
func (p Pattern) String() string {
	if len(p.Weeks) == 0 {
		return "off"
	}
	weeks := make([]string, len(p.Weeks))
	for i, week := range p.Weeks {
		weeks[i] = week.String()
	}
	line := strings.Join(weeks, " | ")
	if p.Anchor.IsZero() {
		return line
	}
	return "from " + p.Anchor.String() + ": " + line
}

// String returns the days of the week in groups with the same work, and "off"
// for a week without any.
func (w Week) String() string {
	var groups []string
	var done [7]bool
	for first, work := range w {
		if done[first] || work.Halves() == 0 {
			continue
		}
		var same []int
		for d := first; d < 7; d++ {
			if w[d] == work {
				same, done[d] = append(same, d), true
			}
		}
		groups = append(groups, strings.TrimSpace(daysText(same)+" "+work.text()))
	}
	if groups == nil {
		return "off"
	}
	return strings.Join(groups, "; ")
}

// daysText writes days in order, three and more in a row as a range.
func daysText(days []int) string {
	var words []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		if j-i < 2 {
			j = i
			words = append(words, dayNames[days[i]])
		} else {
			words = append(words, dayNames[days[i]]+"-"+dayNames[days[j]])
		}
		i = j + 1
	}
	return strings.Join(words, " ")
}

// String returns the work of a day as ParsePattern reads it after the day's name:
// "8:00", "08:30-12:30 13:00-17:00"; empty for a free day.
func (w Workday) String() string {
	switch {
	case w.Halves() == 0:
		return ""
	case w == splitMinutes(usualMinutes):
		return strings.TrimPrefix(Clock(usualMinutes).String(), "0")
	}
	return w.text()
}

// text returns the shortest words that parseWork reads back as w.
func (w Workday) text() string {
	usual := splitMinutes(usualMinutes)
	switch w {
	case usual:
		return ""
	case Workday{Morning: usual.Morning}:
		return "morning"
	case Workday{Afternoon: usual.Afternoon}:
		return "afternoon"
	case splitMinutes(w.Minutes()):
		return strings.TrimPrefix(Clock(w.Minutes()).String(), "0")
	case single(w.Morning):
		return w.Morning.String()
	case single(w.Afternoon):
		return w.Afternoon.String()
	case single(Interval{w.Morning.From, w.Afternoon.To}):
		return Interval{w.Morning.From, w.Afternoon.To}.String()
	case Workday{Morning: w.Morning}:
		return "morning " + w.Morning.String()
	case Workday{Afternoon: w.Afternoon}:
		return "afternoon " + w.Afternoon.String()
	}
	return w.Morning.String() + " " + w.Afternoon.String()
}
