// SPDX-License-Identifier: Apache-2.0

// Package paper owns PDF: pages of A4 with a title, facts, tables and small print,
// in letters that hold every name of Europe. It refuses to know what a document
// says. A character that its letters lack is shown as a box, and the document says
// so itself: nothing is left out in silence.
package paper

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// Doc is a document that grows from top to bottom.
type Doc struct {
	pdf     *fpdf.Fpdf
	letters *sfnt.Font
	missing bool   // a character had no shape
	lacks   string // what the document then says
}

// Measures, in millimetres.
const (
	margin = 20.0
	width  = 210.0 - 2*margin
	family = "go"
)

// New returns an empty document. title names it for readers of files; footer stands
// at the foot of each page, beside its number; lacks is the sentence for characters
// that have no shape. The same arguments give the same bytes.
func New(title, language, footer, lacks string, at time.Time) (*Doc, error) {
	letters, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	d := &Doc{pdf: fpdf.New("P", "mm", "A4", ""), letters: letters, lacks: lacks}
	d.pdf.SetCreationDate(at.UTC())
	d.pdf.SetModificationDate(at.UTC())
	d.pdf.SetCatalogSort(true)
	d.pdf.SetLang(language)
	d.pdf.SetTitle(title, true)
	d.pdf.SetMargins(margin, margin, margin)
	d.pdf.SetAutoPageBreak(true, margin+6)
	d.pdf.AddUTF8FontFromBytes(family, "", goregular.TTF)
	d.pdf.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	d.pdf.SetFooterFunc(func() {
		d.pdf.SetY(-margin)
		d.font("", 8, 110)
		d.pdf.CellFormat(width-20, 5, d.say(footer), "", 0, "L", false, 0, "")
		d.pdf.CellFormat(20, 5, fmt.Sprint(d.pdf.PageNo()), "", 0, "R", false, 0, "")
	})
	d.pdf.AddPage()
	return d, nil
}

// font chooses letters: a style ("" or "B"), a size in points, a grey from 0.
func (d *Doc) font(style string, size float64, grey int) {
	d.pdf.SetFont(family, style, size)
	d.pdf.SetTextColor(grey, grey, grey)
}

// say returns s with a box for each character that has no shape.
func (d *Doc) say(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		var b sfnt.Buffer
		if g, err := d.letters.GlyphIndex(&b, r); err == nil && g != 0 {
			return r
		}
		d.missing = true
		return '□'
	}, s)
}

// Title writes the name of the document and a line above it.
func (d *Doc) Title(above, title string) {
	d.font("", 10, 90)
	d.pdf.MultiCell(width, 5, d.say(above), "", "L", false)
	d.pdf.Ln(2)
	d.font("B", 18, 20)
	d.pdf.MultiCell(width, 8, d.say(title), "", "L", false)
	d.pdf.Ln(4)
}

// Heading writes the name of a part.
func (d *Doc) Heading(s string) {
	d.keep(24)
	d.pdf.Ln(4)
	d.font("B", 12, 20)
	d.pdf.MultiCell(width, 6, d.say(s), "", "L", false)
	d.pdf.Ln(1)
}

// Text writes a paragraph.
func (d *Doc) Text(s string) {
	d.font("", 10, 20)
	d.pdf.MultiCell(width, 5, d.say(s), "", "L", false)
	d.pdf.Ln(2)
}

// Small writes a paragraph of small print.
func (d *Doc) Small(s string) {
	d.font("", 8.5, 90)
	d.pdf.MultiCell(width, 4.4, d.say(s), "", "L", false)
	d.pdf.Ln(1)
}

// Facts writes names with their values.
func (d *Doc) Facts(pairs ...[2]string) {
	for _, p := range pairs {
		d.font("", 10, 90)
		d.pdf.CellFormat(52, 6, d.say(p[0]), "", 0, "L", false, 0, "")
		d.font("", 10, 20)
		d.pdf.MultiCell(width-52, 6, d.say(p[1]), "", "L", false)
	}
	d.pdf.Ln(2)
}

// Signature leaves room to sign, twice beside each other.
func (d *Doc) Signature(left, right string) {
	d.keep(24)
	d.pdf.Ln(14)
	y := d.pdf.GetY()
	d.pdf.SetDrawColor(110, 110, 110)
	for i, s := range []string{left, right} {
		x := margin + float64(i)*(width/2+4)
		d.pdf.Line(x, y, x+width/2-8, y)
		d.pdf.SetXY(x, y+1)
		d.font("", 8.5, 90)
		d.pdf.CellFormat(width/2-8, 5, d.say(s), "", 0, "L", false, 0, "")
	}
	d.pdf.SetXY(margin, y+8)
}

// keep begins a new page where less than so much is left of this one.
func (d *Doc) keep(height float64) {
	_, page := d.pdf.GetPageSize()
	if d.pdf.GetY()+height > page-margin-6 {
		d.pdf.AddPage()
	}
}

// Bytes returns the document. It is not to be written to afterwards.
func (d *Doc) Bytes() ([]byte, error) {
	if d.missing {
		d.Small(d.lacks)
	}
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("make a PDF: %w", err)
	}
	return b.Bytes(), nil
}
