// SPDX-License-Identifier: Apache-2.0

package paper

// Column is a column of a table.
type Column struct {
	Text   string
	Width  float64 // part of the whole; those of a table add up to 1
	Number bool    // set to the right
	Strong bool
}

const lineHeight = 5.0

// Table writes a table; a line of it is never parted by the end of a page.
func (d *Doc) Table(columns []Column, rows [][]string) {
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = c.Text
	}
	d.row(columns, head, true)
	for _, r := range rows {
		d.row(columns, r, false)
	}
	d.pdf.Ln(3)
}

func (d *Doc) row(columns []Column, cells []string, head bool) {
	lines := make([][]string, len(columns))
	most := 1
	for i, c := range columns {
		d.cellFont(c, head)
		lines[i] = d.pdf.SplitText(d.say(cells[i]), c.Width*width-3)
		most = max(most, len(lines[i]))
	}
	height := float64(most)*lineHeight + 2
	d.keep(height)
	x, y := margin, d.pdf.GetY()
	for i, c := range columns {
		d.cellFont(c, head)
		align := "L"
		if c.Number {
			align = "R"
		}
		for n, text := range lines[i] {
			d.pdf.SetXY(x, y+1+float64(n)*lineHeight)
			d.pdf.CellFormat(c.Width*width, lineHeight, text, "", 0, align, false, 0, "")
		}
		x += c.Width * width
	}
	grey := 215
	if head {
		grey = 110
	}
	d.pdf.SetDrawColor(grey, grey, grey)
	d.pdf.Line(margin, y+height, margin+width, y+height)
	d.pdf.SetXY(margin, y+height)
}

func (d *Doc) cellFont(c Column, head bool) {
	switch {
	case head:
		d.font("", 8.5, 90)
	case c.Strong:
		d.font("B", 10, 20)
	default:
		d.font("", 10, 20)
	}
}
