// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/internal/order"
	"verlof/internal/sheet"
)

// Dates is how a file writes its dates.
type Dates struct {
	Format string   // one of DateFormats; empty: there are no dates
	Others []string // formats that read just as many of them: Format is a guess
	iso    bool     // YYYY-MM-DD is read as well
}

// dateFormats are tried in this order; of those that read as many dates and speak
// for themselves as much, the first wins. Day before month comes first: most of
// the world writes it so.
var dateFormats = []string{
	"YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD",
	"DD-MM-YYYY", "DD/MM/YYYY", "DD.MM.YYYY", "MM/DD/YYYY", "MM-DD-YYYY", "MM.DD.YYYY",
	"DD-MM-YY", "DD/MM/YY", "DD.MM.YY", "MM/DD/YY", "MM-DD-YY",
	"DD MMM YYYY", "DD-MMM-YYYY", "DD MMM, YYYY", "DD MMM, YY", "DD MMM YY", "DD-MMM-YY", "MMM DD, YYYY",
}

// DateFormats returns the formats that can be asked for.
func DateFormats() []string { return slices.Clone(dateFormats) }

// The years that a date of a file may lie in; others are slips of the pen.
const (
	firstYear = 1900
	lastYear  = 2100
)

// dates finds out how the file writes dates; told is what somebody says of it.
func (f *File) dates(told string) (Dates, error) {
	if told != "" {
		if !slices.Contains(dateFormats, told) {
			return Dates{}, errs.New(errs.Invalid, "intake.error.date_format", "word", told,
				"formats", strings.Join(dateFormats, ", ")).At("date_format")
		}
		return Dates{Format: told, iso: true}, nil
	}
	best := f.bestFormats()
	if len(best) == 0 {
		return Dates{}, nil
	}
	order.By(best, func(a, b string) int { return cmp.Compare(f.oddness(a), f.oddness(b)) })
	return Dates{Format: best[0], Others: best[1:], iso: f.sheet.Format == sheet.XLSX}, nil
}

// bestFormats returns the formats that read most of the dates of the file. The
// real dates of a workbook have no form of their own and do not vote, unless
// there are no others.
func (f *File) bestFormats() []string {
	texts := f.dateTexts()
	if f.sheet.Format == sheet.XLSX {
		written := maps.Clone(texts)
		maps.DeleteFunc(written, func(text string, _ int) bool { _, ok := parseDate(dateFormats[0], text); return ok })
		if len(written) > 0 {
			texts = written
		}
	}
	var best []string
	most := 0
	for _, format := range dateFormats {
		n := 0
		for text, times := range texts {
			if _, ok := parseDate(format, text); ok {
				n += times
			}
		}
		if n > most {
			best, most = nil, n
		}
		if n == most && n > 0 {
			best = append(best, format)
		}
	}
	if len(best) == 0 && len(texts) > 0 {
		return dateFormats[:1]
	}
	return best
}

// dateTexts counts the different cells of the columns of dates.
func (f *File) dateTexts() map[string]int {
	texts := map[string]int{}
	for field, i := range f.at {
		if !field.isDate() {
			continue
		}
		for _, row := range f.sheet.Rows {
			if v := tidy(row.Cells[i]); v != "" {
				texts[v]++
			}
		}
	}
	return texts
}

// oddness counts what speaks against a format in the first lines: ends before
// their beginning, which hardly happen, and beginnings that are seldom: of leave
// at a weekend; of employments on another day than the first of a month, whatever
// day of the week that is.
func (f *File) oddness(format string) int {
	from, to := From, To
	if f.Kind == People {
		from, to = Hired, Left
	}
	odd := 0
	for _, row := range f.sheet.Rows[:min(len(f.sheet.Rows), 2000)] {
		begin, ok := f.dateIn(row, from, format)
		if !ok {
			continue
		}
		w := begin.Weekday()
		switch weekend := w == time.Saturday || w == time.Sunday; {
		case f.Kind == People && begin.Day() == 1:
		case f.Kind == People && weekend:
			odd += 2
		case f.Kind == People || weekend:
			odd++
		}
		if end, ok := f.dateIn(row, to, format); ok && end < begin {
			odd += 100
		}
	}
	return odd
}

func (f *File) dateIn(row sheet.Row, field Field, format string) (calendar.Date, bool) {
	i, ok := f.at[field]
	if !ok {
		return 0, false
	}
	return parseDate(format, tidy(row.Cells[i]))
}

// parse reads a date of the file.
func (d Dates) parse(text string) (calendar.Date, bool) {
	date, ok := parseDate(d.Format, text)
	if !ok && d.iso {
		date, ok = parseDate(dateFormats[0], text)
	}
	return date, ok
}

// parseDate reads a date in a format: YYYY and YY are a year (YY from 1970 on),
// MM and DD may lack a leading zero where something parts them, MMM is the name
// of a month in a language of the catalogues. A time behind the date is passed
// over.
func parseDate(format, text string) (calendar.Date, bool) {
	text = withoutTime(text)
	loose := format != "YYYYMMDD"
	year, month, day := 0, 0, 0
	for format != "" {
		var ok bool
		switch {
		case strings.HasPrefix(format, "YYYY"):
			year, text, ok = number(text, 4, 4)
			format = format[4:]
		case strings.HasPrefix(format, "YY"):
			year, text, ok = number(text, 2, 2)
			year = 1970 + (year+30)%100
			format = format[2:]
		case strings.HasPrefix(format, "MMM"):
			month, text, ok = monthName(text)
			format = format[3:]
		case format[0] == 'M':
			month, text, ok = number(text, digitsLeast(loose), 2)
			format = format[2:]
		case format[0] == 'D':
			day, text, ok = number(text, digitsLeast(loose), 2)
			format = format[2:]
		default:
			ok = text != "" && text[0] == format[0]
			format, text = format[1:], strings.TrimPrefix(text, format[:1])
		}
		if !ok {
			return 0, false
		}
	}
	if text != "" || year < firstYear || year > lastYear || month < 1 || month > 12 ||
		day < 1 || day > calendar.DaysIn(year, time.Month(month)) {
		return 0, false
	}
	return calendar.On(year, time.Month(month), day), true
}

// withoutTime takes the time away that stands behind a date: " 00:00", "T08:30:00.5Z", ", 8:30 AM".
func withoutTime(text string) string {
	i := strings.IndexByte(text, ':')
	if i < 0 {
		return text
	}
	hour := strings.TrimRight(text[:i], "0123456789")
	if n := i - len(hour); n < 1 || n > 2 || hour == "" || !strings.ContainsRune("T ", rune(hour[len(hour)-1])) {
		return text
	}
	return strings.TrimRight(hour, "T ,")
}

func digitsLeast(loose bool) int {
	if loose {
		return 1
	}
	return 2
}

// number reads a number of least to most digits off the front of s.
func number(s string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < len(s) && i < most && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:], i >= least
}

// monthNames are the names and abbreviations of the months in all languages.
var monthNames = sync.OnceValue(func() map[string]int {
	m := map[string]int{"sept": 9}
	for _, tag := range lang.Tags() {
		l := lang.For(tag)
		for i := time.January; i <= time.December; i++ {
			m[fold(l.MonthName(i))], m[fold(l.MonthShort(i))] = int(i), int(i)
		}
	}
	return m
})

// monthName reads the name of a month, with or without a point, off the front
// of s.
func monthName(s string) (n int, rest string, ok bool) {
	i := strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune(" .,-", r) })
	if i < 0 {
		i = len(s)
	}
	n, ok = monthNames()[fold(s[:i])]
	return n, strings.TrimPrefix(s[i:], "."), ok
}
