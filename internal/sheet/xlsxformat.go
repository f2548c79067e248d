// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// format is how a number is read: as what its cell shows, in a form that a
// reader can rely on.
type format struct {
	kind   kind
	digits int // of a padded number
}

type kind int

const (
	general kind = iota // the number with all its digits
	date                // YYYY-MM-DD
	clock               // a time of day, hh:mm
	elapsed             // hours and minutes, which may be more than a day
	percent             // 80%
	padded              // with leading zeros
)

// builtIn is the number format of every spreadsheet with this id (ECMA-376, part
// 1, section 18.8.30).
func builtIn(id int) format {
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return format{kind: date}
	case id >= 18 && id <= 21, id == 45, id == 47:
		return format{kind: clock}
	case id == 46:
		return format{kind: elapsed}
	case id == 9, id == 10:
		return format{kind: percent}
	}
	return format{}
}

// What a format code holds beside its placeholders: quoted text, escaped
// characters, colours and conditions. Hours in brackets do not end at 24.
var (
	decoration = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)
	manyHours  = regexp.MustCompile(`\[h+\]`)
)

// formatOf returns how to read the numbers that a format code shows.
func formatOf(code string) format {
	code = strings.ToLower(code)
	positive, _, _ := strings.Cut(decoration.ReplaceAllString(code, ""), ";")
	switch {
	case strings.ContainsAny(positive, "yd"):
		return format{kind: date}
	case manyHours.MatchString(code):
		return format{kind: elapsed}
	case strings.ContainsAny(positive, "hs"):
		return format{kind: clock}
	case strings.Contains(positive, "%"):
		return format{kind: percent}
	case len(positive) > 1 && strings.Trim(positive, "0") == "":
		return format{kind: padded, digits: len(positive)}
	}
	return format{}
}

// readStyles reads how the cells of each style show numbers.
func (b *book) readStyles(part string) error {
	var s struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.unmarshal(part, &s); err != nil {
		return err
	}
	own := map[int]format{}
	for _, f := range s.Formats {
		own[f.ID] = formatOf(f.Code)
	}
	for _, c := range s.Cells {
		f, ok := own[c.Format]
		if !ok {
			f = builtIn(c.Format)
		}
		b.styles = append(b.styles, f)
	}
	return nil
}

// show returns what a cell holds, as a reader can rely on it.
func (b *book) show(c cell) (string, error) {
	switch c.kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(c.value))
		if c.value == "" {
			return "", nil
		}
		if err != nil || n < 0 || n >= len(b.strings) {
			return "", fmt.Errorf("the file has no text %.12q", c.value)
		}
		return b.strings[n], nil
	case "b":
		return strings.ToUpper(strconv.FormatBool(isTrue(c.value))), nil
	case "str":
		return unescape(c.value), nil
	case "", "n":
		return b.number(c), nil
	}
	return c.value, nil // text, an error, a date in words
}

// number shows a number; what is none is shown as it stands.
func (b *book) number(c cell) string {
	text := strings.TrimSpace(c.value)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return text
	}
	var f format
	if c.style >= 0 && c.style < len(b.styles) {
		f = b.styles[c.style]
	}
	plain := digits(n)
	switch {
	case f.kind == percent:
		return digits(n*100) + "%"
	case f.kind == padded && !strings.ContainsAny(plain, "-."):
		return strings.Repeat("0", max(0, f.digits-len(plain))) + plain
	case n < 0 || n > lastDay:
		return plain // no date or time of any spreadsheet
	case f.kind == date:
		return b.epoch.at(n).Format(time.DateOnly)
	case f.kind == clock:
		return b.epoch.at(n).Format("15:04")
	case f.kind == elapsed:
		minutes := seconds(n) / 60
		return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
	}
	return plain
}

// digits writes a number as people do, with the 15 digits that spreadsheets
// reckon with.
func digits(n float64) string {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'e', 14, 64), 64) // it was just written
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// epoch is the day that a workbook counts as 0.
type epoch struct{ zero time.Time }

var (
	epoch1900 = epoch{time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	epoch1904 = epoch{time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)}
)

// lastDay is 31 December 9999, where spreadsheets end.
const lastDay = 2_958_466

// at returns the moment that a number of days stands for. Where days are counted
// from 1900, spreadsheets believe in a 29 February 1900, so that the days before
// have a number less.
func (e epoch) at(days float64) time.Time {
	t := e.zero.AddDate(0, 0, int(seconds(days)/86400)).Add(time.Duration(seconds(days)%86400) * time.Second)
	if e == epoch1900 && days < 60 {
		return t.AddDate(0, 0, 1)
	}
	return t
}

// seconds returns the whole seconds in a number of days.
func seconds(days float64) int64 { return int64(math.Round(days * 86400)) }

// errorValues are what a cell shows whose formula fails.
var errorValues = []string{"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}

// IsError reports whether a cell shows that its formula failed.
func IsError(cell string) bool { return slices.Contains(errorValues, strings.TrimSpace(cell)) }
