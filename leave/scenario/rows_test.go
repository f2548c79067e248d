// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// rows are the cases whose numbers must come out, collected from the published
// behaviour of leave systems: A counting, B carry-over that expires, C part of a
// year, D earning, E carrying over, F windows and debts, G overlap.
const rows = `
	A02 A04 A06 A08 A10 A12 A14 A15 A17 A18 A20 A22 A24 A26 A28 A30 A32 A34 A36 A39 A40
	B02 B04 B06 B08 B10 B12 B14 B16 B18 B20 B22 B24
	C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C26 C28 C30
	D02 D04 D06 D08 D12 D18 D24 D27 D28 D32 D33 D37
	E02 E04 E06 E08 E12 E14 E16 E20 E24 E28 E30 E32 E34 E36
	F01 F04 F06 F08 F10
	G01 G02 G03 G06 G07`

var numbered = regexp.MustCompile(`^([A-Z])(\d\d)_(?:([A-Z])(\d\d)_)?`)

// TestRows: every row has a file named by its number; C01_C12_... stands for all
// from the first to the last.
func TestRows(t *testing.T) {
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for row := range strings.FieldsSeq(rows) {
		found := false
		for _, f := range files {
			m := numbered.FindStringSubmatch(f.Name())
			if m == nil || m[1] != row[:1] {
				continue
			}
			last := m[2]
			if m[3] == m[1] {
				last = m[4]
			}
			found = found || m[2] <= row[1:] && row[1:] <= last
		}
		if !found {
			t.Errorf("no scenario is named by %s", row)
		}
	}
}
