// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"strings"

	"verlof/internal/sheet"
)

// plain writes a number as programs do: without the signs that part its thousands, and with
// a point before its fraction. Where one sign stands in it once, that is taken for the
// fraction's; see grouped.
func plain(number string) string {
	number = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(number)
	last := strings.LastIndexAny(number, ".,")
	if last < 0 {
		return number
	}
	sign := number[last : last+1]
	other := strings.Trim(".,", sign)
	if strings.Count(number, sign) > 1 {
		return strings.ReplaceAll(strings.ReplaceAll(number, sign, ""), other, ".")
	}
	return strings.ReplaceAll(number[:last], other, "") + "." + number[last+1:]
}

// grouped returns the sign that may part thousands in a number, or begin its fraction: "1.040",
// "12,500". It is zero where the number says which.
func grouped(number string) byte {
	i := strings.IndexAny(number, ".,")
	if i < 1 || i > 3 || number[0] == '0' || len(number) != i+4 || strings.Trim(number[:i]+number[i+1:], "0123456789") != "" {
		return 0
	}
	return number[i]
}

// fractionSign returns the sign before the fractions of a column, as its other numbers tell: zero
// where none does. The numbers of a workbook have a point.
func (d *draft) fractionSign(f Field) byte {
	i, ok := d.at[f]
	if !ok {
		return 0
	}
	for _, row := range d.sheet.Rows {
		number := strings.TrimLeft(withoutUnit(tidy(row.Cells[i])), "-−+")
		k := strings.LastIndexAny(number, ".,")
		if k >= 0 && grouped(number) == 0 && strings.Count(number, number[k:k+1]) == 1 && strings.Trim(plain(number), "0123456789.") == "" {
			return number[k]
		}
	}
	if d.sheet.Format == sheet.XLSX {
		return '.'
	}
	return 0
}
