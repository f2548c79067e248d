// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
)

// wordError is a mistake at one word of a line.
type wordError struct {
	word string
	err  error
}

func (e *wordError) Error() string { return e.word + ": " + e.err.Error() }

func wrong(word, format string, a ...any) error {
	return &wordError{word, fmt.Errorf(format, a...)}
}

// split cuts a line into words; what stands in double quotes is one word.
func split(line string) ([]string, error) {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if rest, ok := strings.CutPrefix(line, `"`); ok {
			text, after, closed := strings.Cut(rest, `"`)
			if !closed {
				return nil, wrong(line, "a quotation mark is missing")
			}
			words, line = append(words, text), after
			continue
		}
		if strings.HasPrefix(line, "#") {
			break
		}
		word, rest, _ := strings.Cut(line, " ")
		words, line = append(words, word), rest
	}
	return words, nil
}

// args are the words of a line, taken from the left.
type args struct{ words []string }

// next takes a word; what says which one is expected.
func (a *args) next(what string) (string, error) {
	if len(a.words) == 0 {
		return "", fmt.Errorf("%s is missing at the end", what)
	}
	w := a.words[0]
	a.words = a.words[1:]
	return w, nil
}

// take takes the next word if it is w.
func (a *args) take(w string) bool {
	if len(a.words) == 0 || a.words[0] != w {
		return false
	}
	a.words = a.words[1:]
	return true
}

// need takes the word w.
func (a *args) need(w string) error {
	if a.take(w) {
		return nil
	}
	if len(a.words) == 0 {
		return fmt.Errorf("%q is missing at the end", w)
	}
	return wrong(a.words[0], "%q is expected here", w)
}

// since takes "from" and a date.
func (a *args) since() (calendar.Date, error) {
	if err := a.need("from"); err != nil {
		return 0, err
	}
	return a.date()
}

// rest takes all words that are left.
func (a *args) rest() string {
	s := strings.Join(a.words, " ")
	a.words = nil
	return s
}

// year takes a year.
func (a *args) year() (int, error) {
	x, err := a.number()
	if err != nil {
		return 0, err
	}
	n, whole := x.Int64()
	if !whole || n < firstYear || n > lastYear {
		return 0, wrong(x.String(), "is no year from %d to %d", firstYear, lastYear)
	}
	return int(n), nil
}

// done refuses words that are left over.
func (a *args) done() error {
	if len(a.words) > 0 {
		return wrong(a.words[0], "nothing more is expected here")
	}
	return nil
}

func (a *args) date() (calendar.Date, error) {
	w, err := a.next("a date such as 2026-07-01")
	if err != nil {
		return 0, err
	}
	return parseDate(w)
}

func parseDate(w string) (calendar.Date, error) {
	d, err := calendar.Parse(w)
	if err != nil {
		return 0, wrong(w, "is no date; write it as 2026-07-01")
	}
	if d.Year() < firstYear || d.Year() > lastYear {
		return 0, wrong(w, "lies outside the years %d to %d", firstYear, lastYear)
	}
	return d, nil
}

func (a *args) number() (exact.Rat, error) {
	w, err := a.next("a number")
	if err != nil {
		return exact.Rat{}, err
	}
	return parseNumber(w)
}

func parseNumber(w string) (exact.Rat, error) {
	if h, m, ok := strings.Cut(w, ":"); ok { // hours and minutes
		hours, err := exact.Parse(h)
		minutes, err2 := exact.Parse(m)
		if err == nil && err2 == nil && minutes.Sign() >= 0 && minutes.Less(exact.Int(60)) {
			return hours.Add(minutes.Div(exact.Int(60))), nil
		}
		return exact.Rat{}, wrong(w, "is no number of hours")
	}
	n, err := exact.Parse(strings.TrimPrefix(w, "+"))
	if err != nil {
		return exact.Rat{}, wrong(w, "is no number")
	}
	return n, nil
}

// span takes FROM..TO, or one date, and the parts of its first and last day.
func (a *args) span() (leave.Span, error) {
	w, err := a.next("a date or two such as 2026-07-01..2026-07-05")
	if err != nil {
		return leave.Span{}, err
	}
	from, to, two := strings.Cut(w, "..")
	var s leave.Span
	if s.From, err = parseDate(from); err != nil {
		return s, err
	}
	s.To = s.From
	if two {
		if s.To, err = parseDate(to); err != nil {
			return s, err
		}
	}
	if s.To < s.From {
		return s, wrong(w, "ends before it begins")
	}
	if s.Range().Days() > 3660 {
		return s, wrong(w, "is more than ten years")
	}
	return s, a.portions(&s)
}

// portions takes PART or PART..PART where there is one. One part of a day given
// for two days holds for each of them.
func (a *args) portions(s *leave.Span) error {
	if len(a.words) == 0 {
		return nil
	}
	first, last, two := strings.Cut(a.words[0], "..")
	p, err := calendar.ParsePortion(first)
	if err != nil {
		if two || strings.Contains(first, ":") {
			return wrong(a.words[0], "is no part of a day; those are whole, morning, afternoon and hours such as 09:00-14:00")
		}
		return nil // another word, such as a state
	}
	s.First, s.Last = p, p
	if two {
		if s.Last, err = calendar.ParsePortion(last); err != nil {
			return wrong(last, "is no part of a day")
		}
	} else if s.Range().Days() > 2 {
		return wrong(a.words[0], "a part of the first and of the last day are needed, such as afternoon..morning")
	}
	a.words = a.words[1:]
	return nil
}

// monthDay takes a day of every year, such as 1 April.
func (a *args) monthDay() (leave.MonthDay, error) {
	d, err := a.next("a day such as 1 April")
	if err != nil {
		return leave.MonthDay{}, err
	}
	m, err := a.next("a month")
	if err != nil {
		return leave.MonthDay{}, err
	}
	day, err := exact.Parse(d)
	n, whole := day.Int64()
	if err != nil || !whole {
		return leave.MonthDay{}, wrong(d, "is no day of a month")
	}
	in, err := month(m)
	if err != nil {
		return leave.MonthDay{}, err
	}
	if n < 1 || n > int64(calendar.DaysIn(2024, in)) {
		return leave.MonthDay{}, wrong(d, "is no day of %s", in)
	}
	return leave.MonthDay{Month: in, Day: int(n)}, nil
}

// agrees reports whether got has what want asks for, column by column. Columns
// are parted by two spaces; want may leave out the last ones. Numbers agree when
// they are equal as far as want writes decimals.
func agrees(got, want string) bool {
	g, w := columns(got), columns(want)
	if len(w) > len(g) {
		return false
	}
	for i := range w {
		if !sameColumn(g[i], w[i]) {
			return false
		}
	}
	return true
}

func columns(s string) []string {
	return slices.DeleteFunc(strings.Split(s, "  "), func(c string) bool { return strings.TrimSpace(c) == "" })
}

func sameColumn(got, want string) bool {
	minus := strings.NewReplacer("−", "-")
	got, want = strings.TrimSpace(minus.Replace(got)), strings.TrimSpace(minus.Replace(want))
	if got == want {
		return true
	}
	g, gUnit, err := amount(got)
	w, wUnit, err2 := amount(want)
	if err != nil || err2 != nil || gUnit != wUnit {
		return false
	}
	if g.Equal(w) {
		return true
	}
	_, decimals, has := strings.Cut(strings.Fields(want)[0], ".")
	return has && exact.Must(g.Decimal(len(decimals))).Equal(w)
}

// units are the words for a unit in what is wanted.
var units = map[string]string{"day": "day", "days": "day", "d": "day", "hour": "hour", "hours": "hour", "h": "hour"}

// amount reads "7.5 days", "2 17/31 days", "36:30 h", "36.5 hours" or "9".
func amount(s string) (exact.Rat, string, error) {
	f := strings.Fields(s)
	if len(f) == 0 {
		return exact.Rat{}, "", errors.New("empty")
	}
	unit, known := units[f[len(f)-1]]
	if known {
		f = f[:len(f)-1]
	}
	number := strings.Replace(strings.Join(f, " "), "−", "-", 1)
	if unit == "hour" && strings.Contains(number, ":") {
		n, err := clockHours(number)
		return n, unit, err
	}
	n, err := exact.Parse(number)
	return n, unit, err
}

// clockHours reads hours and minutes: "-1:30" is an hour and a half below nothing.
func clockHours(s string) (exact.Rat, error) {
	s, negative := strings.CutPrefix(s, "-")
	hours, minutes, _ := strings.Cut(s, ":")
	h, err := strconv.ParseUint(hours, 10, 32)
	m, err2 := strconv.ParseUint(minutes, 10, 32)
	if err != nil || err2 != nil || m > 59 {
		return exact.Rat{}, errors.New("not hours and minutes")
	}
	n := exact.New(int64(60*h+m), 60)
	if negative {
		n = n.Neg()
	}
	return n, nil
}
