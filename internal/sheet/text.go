// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"verlof/errs"
)

// decode returns the text of a file as UTF-8 without a byte order mark, with
// the name of the encoding that it was in. Bytes that are no UTF-8 are taken
// for the encoding of Western European Windows: it agrees with ISO-8859-1 in
// every character that both have.
func decode(data []byte) (text []byte, name string, err error) {
	rest, marked := bytes.CutPrefix(data, []byte("\xef\xbb\xbf"))
	order, wide := utf16Order(data)
	switch {
	case utf8.Valid(rest) && !wide:
		return rest, "UTF-8", nil
	case marked:
		return nil, "", errs.New(errs.Invalid, "intake.sheet.encoding", "encoding", "UTF-8")
	case wide:
		text, err = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			return nil, "", errs.New(errs.Invalid, "intake.sheet.encoding", "encoding", "UTF-16").Because(err)
		}
		return text, "UTF-16", nil
	}
	chars, name := charmap.ISO8859_1, "ISO-8859-1"
	if hasWindows(data) {
		chars, name = charmap.Windows1252, "Windows-1252"
	}
	if text, err = chars.NewDecoder().Bytes(data); err != nil {
		return nil, "", err
	}
	if i := bytes.IndexRune(text, utf8.RuneError); i >= 0 { // a byte without a meaning
		above := text[:i]
		return nil, "", binaryAt(bytes.Count(above, []byte("\n"))+1, i-bytes.LastIndexByte(above, '\n')-1)
	}
	return text, name, nil
}

// hasWindows reports whether data has a byte that is a letter or a sign in
// Windows-1252 and a control character in ISO-8859-1.
func hasWindows(data []byte) bool {
	for _, b := range data {
		if b >= 0x80 && b < 0xa0 {
			return true
		}
	}
	return false
}

// utf16Order recognises UTF-16 by its byte order mark, or by a NUL in nearly
// every second byte, as Western text has without one.
func utf16Order(data []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return unicode.BigEndian, true
	}
	sample := data[:min(len(data), 4096)]
	var nul [2]int
	for i, b := range sample {
		if b == 0 {
			nul[i%2]++
		}
	}
	most := len(sample) / 2 * 8 / 10
	switch {
	case most == 0 || len(data)%2 != 0:
		return unicode.LittleEndian, false
	case nul[1] >= most && nul[0] == 0:
		return unicode.LittleEndian, true
	case nul[0] >= most && nul[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// refuseBinary returns an error at the first character that no text has.
func refuseBinary(text []byte) error {
	line, start := 1, 0
	for i, b := range text {
		switch {
		case b == '\n':
			line, start = line+1, i+1
		case b < ' ' && b != '\t' && b != '\r' && b != '\f':
			return binaryAt(line, i-start)
		case b == 0xc2 && i+1 < len(text) && text[i+1] < 0xa0 && text[i+1] != 0x85:
			return binaryAt(line, i-start)
		}
	}
	return nil
}

func binaryAt(line, offset int) error {
	return errs.New(errs.Invalid, "intake.sheet.binary", "line", line, "column", offset+1)
}
