// SPDX-License-Identifier: Apache-2.0

package paper

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// document returns a document about somebody, and what a reader finds in it.
func document(t *testing.T, name string) (pdf []byte, text string) {
	t.Helper()
	d, err := New("Statement: "+name, "en", "Acme", "A box stands for a character.", time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	d.Title("Acme", "Statement")
	d.Facts([2]string{"Employee", name})
	var rows [][]string
	for range 60 {
		rows = append(rows, []string{"Holiday", "a reason that is so long that it goes on over more than one line of its cell", "2.5"})
	}
	d.Table([]Column{{Text: "Type", Width: 0.3}, {Text: "Why", Width: 0.5}, {Text: "Days", Width: 0.2, Number: true, Strong: true}}, rows)
	d.Signature("Employer", "Employee")
	if pdf, err = d.Bytes(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext, of poppler-utils: %v", err)
	}
	return pdf, string(out)
}

// TestNames: a reader finds names of all Europe as they are written; what has no
// letter is a box, and the document says so.
func TestNames(t *testing.T) {
	for _, name := range []string{"Łukasz Żółć", "Zoë Ångström", "Ελένη Παπαδοπούλου", "Юлія Шевченко", "Şule Çağlar"} {
		if _, text := document(t, name); !strings.Contains(text, name) || strings.Contains(text, "A box stands") {
			t.Errorf("%s is not there:\n%.300s", name, text)
		}
	}
	if _, text := document(t, "李 Wei"); !strings.Contains(text, "□ Wei") || !strings.Contains(text, "A box stands for a character.") {
		t.Errorf("a character without a letter is passed over:\n%.300s", text)
	}
}

// TestPages: a long table goes on over pages, no line of it is lost, and the same
// document has the same bytes.
func TestPages(t *testing.T) {
	pdf, text := document(t, "Ana")
	if n := strings.Count(text, "Holiday"); n != 60 || strings.Count(text, "\f") < 2 {
		t.Errorf("%d of 60 lines on %d pages", n, strings.Count(text, "\f"))
	}
	again, _ := document(t, "Ana")
	if !bytes.Equal(pdf, again) {
		t.Error("the same document has other bytes")
	}
}
