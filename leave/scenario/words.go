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
		if strings.ContainsRune("“”„‟«»", []rune(line)[0]) {
			return nil, wrong(line, "write plain quotation marks, \"like this\"")
		}
		word, rest, _ := strings.Cut(line, " ")
		words, line = append(words, word), rest
	}
	return words, nil
}

// args are the words of a line, taken from the left.
type args struct {
	words []string
	said  map[string]bool // what once was asked of
}

// once refuses what was said already of the same.
func (a *args) once(what string) error {
	if a.said[what] {
		return wrong(what, "is said twice here; say it once")
	}
	if a.said != nil {
		a.said[what] = true
	}
	return nil
}

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
	if whole, part, is := strings.Cut(a.words[0], "/"); is && isDigit(whole) && isDigit(part) {
		return wrong(a.words[0], "a number is one word, such as 25.5 or 51/2")
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
		return &wordError{a.words[0], errMore}
	}
	return nil
}

// errMore is the mistake of a line that goes on where it should end.
var errMore = errors.New("nothing more is expected here")

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
		return 0, wrong(w, "is no date; %s", dateHint(w))
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
	plain := strings.TrimPrefix(strings.Replace(w, "−", "-", 1), "+")
	if strings.Contains(plain, ":") {
		n, err := clockHours(plain)
		if err != nil {
			return n, wrong(w, "is no number of hours; write hours and minutes as 7:36")
		}
		return n, nil
	}
	n, err := exact.Parse(plain)
	if err == nil {
		return n, nil
	}
	if _, err := exact.Parse(strings.Replace(plain, ",", ".", 1)); err == nil && strings.Count(plain, ",") == 1 {
		return n, wrong(w, "is no number; write a point: %s", strings.Replace(plain, ",", ".", 1))
	}
	return n, wrong(w, "is no number such as 25 or 7.5")
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
		return s, apart(w, err)
	}
	s.To = s.From
	if len(a.words) > 0 && slices.Contains([]string{"..", "-", "–", "to", "until", "till"}, a.words[0]) {
		return s, wrong(a.words[0], "write both dates as one word: %s..%s", from, strings.Join(a.words[1:min(2, len(a.words))], ""))
	}
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

// apart says of two dates that a hyphen parts how they are written.
func apart(w string, err error) error {
	if len(w) == len("2026-07-01-2026-07-05") {
		_, err1 := calendar.Parse(w[:10])
		_, err2 := calendar.Parse(w[11:])
		if err1 == nil && err2 == nil {
			return wrong(w, "did you mean %q?", w[:10]+".."+w[11:])
		}
	}
	return err
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
	if err := a.turned(d); err != nil {
		return leave.MonthDay{}, err
	}
	m, err := a.next("a month")
	if err != nil {
		return leave.MonthDay{}, err
	}
	day, err := exact.Parse(d)
	n, whole := day.Int64()
	if err != nil || !whole {
		return leave.MonthDay{}, wrong(d, "is no day of a month; write it as 31 March")
	}
	in, err := month(m)
	if err != nil {
		return leave.MonthDay{}, err
	}
	if n < 1 || n > int64(calendar.DaysIn(2024, in)) {
		return leave.MonthDay{}, wrong(d, "is no day of %s, which has %d", in, calendar.DaysIn(2024, in))
	}
	return leave.MonthDay{Month: in, Day: int(n)}, nil
}

// turned refuses the first word of a day of every year where month and day are turned round, or more is written than both.
func (a *args) turned(d string) error {
	if in, err := month(d); err == nil {
		day := "31"
		if len(a.words) > 0 {
			day = strings.TrimRight(a.words[0], "stndrh.")
		}
		return wrong(d, "the day comes first: %s %s", day, in)
	}
	if plain := strings.TrimRight(d, "stndrh."); plain != d && plain != "" && len(a.words) > 0 {
		return wrong(d, "write the day without an ending: %s %s", plain, a.words[0])
	}
	if date, err := calendar.Parse(d); err == nil {
		_, in, day := date.Civil()
		return wrong(d, "it is the same day in every year: write %d %s", day, in)
	}
	return nil
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
