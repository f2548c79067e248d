// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// errTooLarge is what reading ends with when a file unpacks to more than it may.
var errTooLarge = errors.New("unpacks to more than the limit")

// Bounds of what is read of a part, whatever the limits of the file.
const (
	maxDepth = 100      // elements inside each other; workbooks have some twenty
	maxWhole = 16 << 20 // bytes of a part that is read into memory at once
)

// book is an XLSX file: a package of parts that refer to each other (ECMA-376,
// part 2). Only the parts that are needed are unpacked, each when it is read.
type book struct {
	parts   map[string]*zip.File // by lower-case name: names differ in nothing else
	limits  Limits
	left    int64    // bytes that may still be unpacked
	tables  []table  // the visible worksheets, in their order
	strings []string // texts that cells refer to
	styles  []format // how the cells of a style are read
	epoch   epoch
}

// table is a worksheet.
type table struct {
	name, part string
	hidden     bool
}

func openBook(data []byte, l Limits) (*book, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	b := &book{parts: map[string]*zip.File{}, limits: l, left: l.Unpacked, epoch: epoch1900}
	for _, f := range z.File {
		b.parts[partName(f.Name)] = f
	}
	main := "xl/workbook.xml"
	roots, err := b.related("")
	if err != nil {
		return nil, err
	}
	for _, r := range roots {
		if r.is("officeDocument") {
			main = r.part
		}
	}
	return b, b.workbook(main)
}

// workbook reads the part that names the sheets, and what goes with it.
func (b *book) workbook(part string) error {
	var w struct {
		Pr struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.unmarshal(part, &w); err != nil {
		return err
	}
	related, err := b.related(part)
	if err != nil {
		return err
	}
	if isTrue(w.Pr.Date1904) {
		b.epoch = epoch1904
	}
	byID := map[string]relation{}
	for _, r := range related {
		byID[r.ID] = r
		switch {
		case r.is("sharedStrings"):
			err = b.readStrings(r.part)
		case r.is("styles"):
			err = b.readStyles(r.part)
		}
		if err != nil {
			return err
		}
	}
	for _, s := range w.Sheets {
		r := byID[relationID(s.Attrs)]
		if r.is("worksheet") {
			b.tables = append(b.tables, table{s.Name, r.part, s.State != "" && s.State != "visible"})
		}
	}
	return nil
}

// relationID returns the id of the relation that an element names. The
// attribute is called id in a namespace that differs between kinds of XLSX.
func relationID(attrs []xml.Attr) string {
	for _, a := range attrs {
		if a.Name.Local == "id" {
			return a.Value
		}
	}
	return ""
}

// relation says that a part goes with another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`

	part string // what Target names
}

// is reports whether the relation is of a kind. Kinds are addresses of which
// only the end is the same in every kind of XLSX.
func (r relation) is(kind string) bool { return strings.HasSuffix(r.Type, "/"+kind) }

// related returns the relations of a part to others of the package, or of the
// package itself ("").
func (b *book) related(part string) ([]relation, error) {
	var rels struct{ Relationship []relation }
	folder, file := path.Split(part)
	if err := b.unmarshal(folder+"_rels/"+file+".rels", &rels); err != nil {
		return nil, err
	}
	var inside []relation
	for _, r := range rels.Relationship {
		if r.Mode == "External" {
			continue
		}
		r.part = path.Join(folder, strings.ReplaceAll(r.Target, `\`, "/"))
		if strings.HasPrefix(r.Target, "/") {
			r.part = r.Target[1:]
		}
		inside = append(inside, r)
	}
	return inside, nil
}

// readStrings reads the texts that cells refer to by their number.
func (b *book) readStrings(part string) error {
	p, err := b.open(part)
	if err != nil {
		return err
	}
	defer p.Close()
	d := newDecoder(p)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			text, err := richText(d)
			if err != nil {
				return fmt.Errorf("%s: %w", part, err)
			}
			if len(b.strings) == b.limits.Texts {
				return fmt.Errorf("%s: %w", part, errTooLarge)
			}
			b.strings = append(b.strings, text)
		}
	}
}

// unmarshal reads a whole part into v.
func (b *book) unmarshal(part string, v any) error {
	p, err := b.open(part)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := newDecoder(&bounded{p, maxWhole}).Decode(v); err != nil {
		return fmt.Errorf("%s: %w", part, err)
	}
	return nil
}

// newDecoder returns a decoder that refuses elements nested deeper than maxDepth: each
// costs memory until it ends, and what reads them calls itself.
func newDecoder(r io.Reader) *xml.Decoder {
	return xml.NewTokenDecoder(&shallow{d: xml.NewDecoder(r)})
}

// shallow is an xml.TokenReader that counts how deep it is.
type shallow struct {
	d     *xml.Decoder
	depth int
}

// Token is part of xml.TokenReader.
func (s *shallow) Token() (xml.Token, error) {
	token, err := s.d.RawToken()
	switch token.(type) {
	case xml.StartElement:
		if s.depth++; s.depth > maxDepth {
			return nil, fmt.Errorf("more than %d elements inside each other", maxDepth)
		}
	case xml.EndElement:
		s.depth--
	}
	return token, err
}

// open unpacks a part, within the limit of the whole file.
func (b *book) open(part string) (io.ReadCloser, error) {
	f := b.parts[partName(part)]
	if f == nil {
		return nil, fmt.Errorf("%s is missing", part)
	}
	p, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	return &unpacking{p, b}, nil
}

// bounded reads at most some bytes of a part and then fails.
type bounded struct {
	io.Reader
	left int64
}

func (r *bounded) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// unpacking reads a part and counts what that takes of the whole file's limit.
type unpacking struct {
	io.ReadCloser
	b *book
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	if u.b.left -= int64(n); u.b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func isTrue(text string) bool { return text == "1" || text == "true" }

// escaped is a character that XML cannot hold as such (ECMA-376, part 1,
// section 22.9.2.19).
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(s string) string {
		n, _ := strconv.ParseUint(s[2:6], 16, 16) // it matched
		return string(rune(n))
	})
}
