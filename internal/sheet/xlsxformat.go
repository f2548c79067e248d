// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// isoDate is the number format in which dates are read, whatever the file shows.
const isoDate = "yyyy-mm-dd"

// The number formats built into every spreadsheet that matter here (ECMA-376,
// part 1, section 18.8.30).
const (
	formatGeneral   = 0
	formatPercent   = 9
	formatPercent2  = 10
	formatShortDate = 14
	formatTime      = 20
)

// plainNumbers changes how the file shows its numbers to what a reader can rely
// on: dates as YYYY-MM-DD, times as hh:mm, percentages and leading zeros as they
// are, and every other number with all its digits.
func plainNumbers(f *excelize.File) {
	if f.Styles == nil || f.Styles.CellXfs == nil {
		return
	}
	codes := map[int]string{}
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			codes[n.NumFmtID] = n.FormatCode
		}
	}
	for i := range f.Styles.CellXfs.Xf {
		if x := &f.Styles.CellXfs.Xf[i]; x.NumFmtID != nil {
			id := plainFormat(*x.NumFmtID, codes[*x.NumFmtID])
			x.NumFmtID = &id
		}
	}
}

// plainFormat returns the number format to read a cell in that has the format
// id, with its code where the file defines it.
func plainFormat(id int, code string) int {
	if code != "" {
		return plainCode(id, code)
	}
	switch {
	case id >= 14 && id <= 17, id == 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return formatShortDate
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return formatTime
	case id == formatPercent || id == formatPercent2:
		return id
	}
	return formatGeneral
}

// decoration is what a format code holds beside its placeholders: quoted text,
// escaped characters, colours and conditions.
var decoration = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

func plainCode(id int, code string) int {
	positive, _, _ := strings.Cut(strings.ToLower(decoration.ReplaceAllString(code, "")), ";")
	switch {
	case strings.ContainsAny(positive, "yd"):
		return formatShortDate
	case strings.ContainsAny(positive, "hs"):
		return formatTime
	case strings.Contains(positive, "%"):
		return formatPercent2
	case positive != "" && strings.Trim(positive, "0") == "":
		return id
	}
	return formatGeneral
}

// errorValues are what a cell shows whose formula fails.
var errorValues = []string{"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"}

// IsError reports whether a cell shows that its formula failed.
func IsError(cell string) bool { return slices.Contains(errorValues, strings.TrimSpace(cell)) }
