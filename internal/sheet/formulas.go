// SPDX-License-Identifier: Apache-2.0

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// formulasOf returns the cells of an XLSX file that hold a formula: by sheet,
// line and index of the column. The row stream of excelize does not tell, and
// asking for each cell would load the whole sheet into structures. The caller
// has checked the unpacked size.
func formulasOf(data []byte) (map[string]map[int][]int, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	files, err := sheetFiles(z)
	if err != nil {
		return nil, err
	}
	found := map[string]map[int][]int{}
	for name, file := range files {
		text, err := part(z, file)
		if err != nil {
			return nil, err
		}
		found[name] = formulaCells(text)
	}
	return found, nil
}

// sheetFiles returns the part of the package that holds each sheet, by the
// sheet's name (ECMA-376, part 1, section 12.3.23).
func sheetFiles(z *zip.Reader) (map[string]string, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := unmarshal(z, "xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if err := unmarshal(z, "xl/_rels/workbook.xml.rels", &rels); err != nil {
		return nil, err
	}
	target := map[string]string{}
	for _, r := range rels.Relationship {
		target[r.ID] = r.Target
	}
	files := map[string]string{}
	for _, s := range book.Sheets {
		if t := target[s.ID]; strings.HasPrefix(t, "/") {
			files[s.Name] = t[1:]
		} else if t != "" {
			files[s.Name] = path.Join("xl", t)
		}
	}
	return files, nil
}

func unmarshal(z *zip.Reader, name string, v any) error {
	text, err := part(z, name)
	if err != nil {
		return err
	}
	return xml.Unmarshal(text, v)
}

func part(z *zip.Reader, name string) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// formulaCells finds every element f and the cell that it stands in.
func formulaCells(text []byte) map[int][]int {
	found := map[int][]int{}
	prefix := prefixOf(text)
	element, parent := []byte("<"+prefix+"f"), []byte("<"+prefix+"c ")
	for at := 0; ; {
		i := bytes.Index(text[at:], element)
		if i < 0 {
			return found
		}
		at += i + len(element)
		if at < len(text) && !bytes.ContainsRune([]byte("> /"), rune(text[at])) {
			continue // another element
		}
		cell := text[max(0, bytes.LastIndex(text[:at], parent)):at]
		_, ref, _ := bytes.Cut(cell, []byte(` r="`))
		ref, _, _ = bytes.Cut(ref, []byte(`"`))
		if column, line, err := excelize.CellNameToCoordinates(string(ref)); err == nil {
			found[line] = append(found[line], column-1)
		}
	}
}

// prefixOf returns the prefix of the elements' namespace: "" or such as "x:".
func prefixOf(text []byte) string {
	before, _, ok := bytes.Cut(text[:min(len(text), 4096)], []byte("worksheet"))
	if !ok {
		return ""
	}
	return string(before[bytes.LastIndexByte(before, '<')+1:])
}
