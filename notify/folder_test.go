// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for _, address := range []string{"dir:" + dir, "dir://" + dir} {
		transport, err := NewTransport(address)
		if err != nil {
			t.Fatal(err)
		}
		sent := mails(t, acme(), "leave.requested", asked)
		sent[1].Date = sent[1].Date.Add(time.Second)
		sent[1].Subject = "Überstunden für Noor – één dag"
		for _, m := range sent {
			if err := transport.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		got, err := ReadDir(filepath.Join(dir, "acme"))
		if err != nil || len(got) != 2 { // the second round replaces the first
			t.Fatalf("%d mails, %v", len(got), err)
		}
		newest, want := got[0], sent[1]
		if newest.Subject != want.Subject || !newest.Date.Equal(want.Date) || newest.ID != "<"+want.ID+">" {
			t.Errorf("got %q of %v, want %q of %v", newest.Subject, newest.Date, want.Subject, want.Date)
		}
		if len(newest.To) != 1 || newest.To[0] != want.To {
			t.Errorf("to %q", newest.To)
		}
		if unix(newest.Text) != want.Text || unix(newest.HTML) != want.HTML {
			t.Errorf("parts differ:\n%s\n%s", newest.Text, newest.HTML)
		}
	}
}

func unix(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func TestReadDirPassesOver(t *testing.T) {
	dir := t.TempDir()
	if got, err := ReadDir(filepath.Join(dir, "none")); err != nil || got != nil {
		t.Errorf("no folder: %v, %v", got, err)
	}
	m := mails(t, acme(), "leave.requested", asked)[0]
	m.Customer = "x"
	if err := Folder(dir).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"9-broken.eml", "9-half.eml123", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(dir, "x", name), []byte("no mail"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ReadDir(filepath.Join(dir, "x")); err != nil || len(got) != 1 {
		t.Errorf("%d mails, %v", len(got), err)
	}
}

func TestFolderStaysInside(t *testing.T) {
	m := mails(t, acme(), "leave.requested", asked)[0]
	for _, customer := range []string{"", ".", "..", "../other", "a/b", "/etc"} {
		m.Customer = customer
		if err := Folder(t.TempDir()).Send(t.Context(), m); !errs.Is(err, errs.Invalid) {
			t.Errorf("customer %q: %v", customer, err)
		}
	}
}
