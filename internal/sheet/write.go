// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// WriteCSV writes rows as UTF-8 with a byte order mark, which spreadsheets need
// to see that it is UTF-8. A cell that a spreadsheet would take for a formula
// gets an apostrophe before it, which Read takes away again.
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

func guard(cell string) string {
	if IsFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && IsFormula(cell[1:]) {
		return cell[1:]
	}
	return cell
}
