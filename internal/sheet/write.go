// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes rows as UTF-8 with a byte order mark, which spreadsheets need
// to see that it is UTF-8. What a spreadsheet would take for a formula gets an
// apostrophe before it, which Read takes away again: a cell, and what stands in
// one behind a sign that other programs part cells at.
func WriteCSV(w io.Writer, comma rune, rows func(yield func([]string) bool)) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = comma, true
	var cells []string
	for row := range rows {
		cells = cells[:0]
		for _, c := range row {
			cells = append(cells, guard(c))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write file: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// IsFormula reports whether a spreadsheet takes a cell's text for a formula:
// it begins with = + - @, a tab or a carriage return, and is no number.
func IsFormula(cell string) bool {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return false
	}
	return !isNumber(cell)
}

// isNumber reports whether s is a sign and digits with points or commas.
func isNumber(s string) bool {
	s = strings.TrimLeft(s[:1], "+-") + s[1:]
	return strings.Trim(s, "0123456789.,") == "" && strings.ContainsAny(s, "0123456789")
}

// parts are what programs part cells and lines at, whatever a file says.
const parts = ",;|\t\r\n"

func guard(cell string) string {
	return eachPart(cell, func(part string) string {
		if IsFormula(strings.TrimLeft(part, "'")) {
			return "'" + part
		}
		return part
	})
}

func unguard(cell string) string {
	return eachPart(cell, func(part string) string {
		if inner, marked := strings.CutPrefix(part, "'"); marked && IsFormula(strings.TrimLeft(inner, "'")) {
			return inner
		}
		return part
	})
}

// eachPart replaces what lies between the signs that cells are parted at; a number has no parts.
func eachPart(cell string, f func(string) string) string {
	if inner := strings.TrimLeft(cell, "'"); inner == "" || isNumber(inner) {
		return cell
	}
	var out strings.Builder
	for rest := cell; rest != ""; {
		part := rest
		if i := strings.IndexAny(rest, parts); i >= 0 {
			part = rest[:i]
		}
		out.WriteString(f(part))
		if rest = rest[len(part):]; rest != "" {
			out.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return out.String()
}
