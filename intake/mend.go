// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"fmt"
	"io"
	"strings"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/internal/sheet"
	"verlof/leave/explain"
)

// Mend writes the refused lines as a file to mend: the lines as they were, behind
// a column with the reasons in the reader's language. Mended, the file imports as
// it is: that column is left out, and its heading tells how the dates are
// written, which few lines may not show.
func (p *Plan) Mend(w io.Writer, l *lang.Locale) error {
	comma := p.sheet.Comma
	if comma == 0 {
		comma = ';'
	}
	heading := l.T("intake.mend.heading")
	if p.Dates.Format != "" {
		heading += " [" + p.Dates.Format + "]"
	}
	why := p.reasons(l)
	err := sheet.WriteCSV(w, comma, func(yield func([]string) bool) {
		if !yield(append([]string{heading}, p.without(p.sheet.Header)...)) {
			return
		}
		for _, row := range p.sheet.Rows {
			reason, refused := why[row.Line]
			if refused && !yield(append([]string{reason}, p.without(row.Cells)...)) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("write file to mend: %w", err)
	}
	return nil
}

// reasons returns why lines are refused, by their number.
func (p *Plan) reasons(l *lang.Locale) map[int]string {
	why := map[int]string{}
	for i := range p.Lines {
		n := &p.Lines[i]
		if n.Act != Refuse {
			continue
		}
		var all []string
		for _, note := range n.Why {
			all = append(all, p.Text(l, note))
		}
		why[n.Number] = strings.Join(all, " ")
	}
	return why
}

// without returns the cells less those of an earlier column of reasons.
func (p *Plan) without(cells []string) []string {
	var rest []string
	for i, c := range cells {
		if i >= len(p.Columns) || p.Columns[i].Field != mended {
			rest = append(rest, c)
		}
	}
	return rest
}

// Text returns a note as a sentence, behind the column that it is about:
// "Column F Started at: ...".
func (f *File) Text(l *lang.Locale, n Note) string {
	if n.Column == 0 {
		return n.Text(l)
	}
	return l.T("intake.at_column", "column", f.heading(n.Column), "text", n.Text(l))
}

// Value returns a value of a Difference for reading; "" for nil.
func Value(l *lang.Locale, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case calendar.Date:
		return l.Date(v)
	case Amount:
		return explain.Plain(l, v.Rat, v.Unit)
	case calendar.Pattern:
		return l.Pattern(v)
	case bool:
		if v {
			return l.T("intake.yes")
		}
		return l.T("intake.no")
	}
	return fmt.Sprint(v)
}
