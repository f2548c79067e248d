// SPDX-License-Identifier: Apache-2.0

//go:build linux

package main

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFull fills the disk of the data folder while people work: changes are refused with a page
// that keeps what was typed and says why, looks go on, the spare folder is left alone, and
// changes are taken again once there is room. It needs a disk of its own: who may mount none is
// left with TestFull of store, where the disk is a feigned one.
func TestFull(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	depot, spare := t.TempDir(), t.TempDir()
	v.flags = []string{"--copy", "folder:" + depot, "--spare", spare}
	crowd := v.signIn(t, 2)
	small := v.onSmallDisk(t)
	if small == "" {
		return
	}
	v.start(t)
	client := v.client(t)
	fill := filepath.Join(small, "filler")
	if err := fillUp(fill); err != nil {
		t.Fatal(err)
	}
	refused := ""
	for range 200 { // a log that is there already has room for some
		status, page := crowd[0].ask(t, client, v.special, "please keep this")
		if status == http.StatusServiceUnavailable {
			refused = page
			break
		}
	}
	for _, want := range []string{"The disk is full", "please keep this"} {
		if !strings.Contains(refused, want) {
			t.Errorf("the disk is full, and the page does not say %q:\n%s", want, refused)
		}
	}
	if !crowd[1].looks(t.Context(), client) {
		t.Error("the disk is full, and nobody sees anything")
	}
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	wait(t, "for changes to be taken again", func() bool {
		status, _ := crowd[0].ask(t, client, v.special, "")
		return status == http.StatusSeeOther
	})
	if entries, err := os.ReadDir(spare); err != nil || len(entries) > 0 {
		t.Errorf("a full disk is taken for a lost one: %v, %v", entries, err)
	}
	v.kill(t)
}

// onSmallDisk moves the data folder to a disk of 24 MB, and returns where that is; empty where
// none may be mounted.
func (v *victim) onSmallDisk(t *testing.T) string {
	t.Helper()
	small := t.TempDir()
	err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=24m")
	if errors.Is(err, syscall.EPERM) && os.Getuid() != 0 {
		t.Log("only root may mount a disk")
		return ""
	}
	if err != nil {
		t.Fatalf("mount a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(small, syscall.MNT_DETACH) })
	data := filepath.Join(small, "data")
	if err := os.CopyFS(data, os.DirFS(v.settings.Data)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(data, "root.key"), 0o600); err != nil {
		t.Fatal(err)
	}
	v.settings.Data, v.settings.Database = data, "sqlite:"+data
	return small
}

// client reaches the server.
func (v *victim) client(t *testing.T) *http.Client {
	transport := &http.Transport{DialContext: dialTo((&net.Dialer{}).DialContext, v.address), MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// ask asks for the next day with a note, and returns the answer.
func (a *asker) ask(t *testing.T, client *http.Client, typ, note string) (int, string) {
	t.Helper()
	a.next++
	form := url.Values{"type": {typ}, "from": {a.next.String()}, "note": {note}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://acme.localhost/leave/new", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", a.cookie)
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, answer.Body); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "" {
		t.Error("refused without saying when to try again")
	}
	return answer.StatusCode, b.String()
}

// fillUp writes until there is no room.
func fillUp(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for size := 1 << 20; size >= 1; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return f.Close()
}
