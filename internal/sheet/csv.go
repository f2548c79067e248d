// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"

	"verlof/errs"
)

// commas are what may part cells, the likeliest first.
var commas = []rune{',', ';', '\t', '|'}

func readCSV(data []byte, l Limits) (*Sheet, error) {
	text, encoding, err := decode(data)
	if err != nil {
		return nil, err
	}
	if err := refuseBinary(text); err != nil {
		return nil, err
	}
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n")) // files of old Macs
	}
	s := &Sheet{Format: CSV, Encoding: encoding}
	text, above := s.separator(text)
	if err := s.records(text, above, l); err != nil {
		return nil, err
	}
	return s.done()
}

// separator finds out what parts the cells: the line "sep=;" that spreadsheets
// write and read above a table says so, else the text itself tells. It returns
// the text of the table and the number of lines above it.
func (s *Sheet) separator(text []byte) (table []byte, above int) {
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	first = bytes.Trim(first, "\"\r")
	if len(first) == 5 && bytes.EqualFold(first[:4], []byte("sep=")) && slices.Contains(commas, rune(first[4])) {
		s.Comma = rune(first[4])
		return rest, 1
	}
	s.Comma = guessComma(text)
	return text, 0
}

// guessComma returns the candidate for which most rows have as many cells as
// the header, and among equals the one that makes most cells, and then one that is not followed by spaces in
// the header, as the comma of a sentence is. A first line that none parts may be
// a title: then the next one decides.
func guessComma(text []byte) rune {
	if len(text) > 64<<10 {
		text = text[:bytes.LastIndexByte(text[:64<<10], '\n')+1]
	}
	best, bestScore := commas[0], 0
	for range mostTitles + 1 {
		for _, c := range commas {
			if score := commaScore(text, c); score > bestScore {
				best, bestScore = c, score
			}
		}
		if bestScore > 0 {
			break
		}
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	return best
}

func commaScore(text []byte, comma rune) int {
	r := newReader(text, comma)
	r.LazyQuotes, r.ReuseRecord = true, true
	header, rows, same := 0, 0, 0
	for rows < 100 {
		cells, err := r.Read()
		if err != nil {
			break
		}
		if header == 0 {
			header = len(cells)
		}
		rows++
		if len(cells) == header {
			same++
		}
	}
	if header < 2 {
		return 0
	}
	score := 2 * (1000*same/rows + header)
	if line, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(line, []byte(string(comma))) == bytes.Count(line, []byte(string(comma)+" ")) {
		return score
	}
	return score + 1
}

func newReader(text []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r
}

func (s *Sheet) records(text []byte, above int, l Limits) error {
	r := newReader(text, s.Comma)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return quoteError(err, above)
		}
		line, _ := r.FieldPos(0)
		for i, c := range cells {
			cells[i] = unguard(c)
		}
		if err := s.add(Row{Line: line + above, Cells: cells}, l); err != nil {
			return err
		}
	}
}

// quoteError names the line at which the row with the fault begins: a quote
// that is never closed is only noticed at the end of the file.
func quoteError(err error, above int) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return err
	}
	key := "intake.sheet.quote"
	if p.StartLine != p.Line {
		return errs.New(errs.Invalid, key+"_open", "line", p.StartLine+above)
	}
	return errs.New(errs.Invalid, key, "line", p.Line+above, "column", p.Column)
}
