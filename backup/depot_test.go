// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"verlof/errs"
)

// newBucket returns a depot in a store that speaks S3.
func newBucket(t *testing.T) Depot {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("copies"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	at, err := ParseDepot("s3://KEY:SECRET@" + strings.TrimPrefix(server.URL, "http://") + "/copies/verlof?plain=true")
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestDepot holds every kind of depot to the same.
func TestDepot(t *testing.T) {
	for name, at := range map[string]Depot{"folder": folder{t.TempDir()}, "s3": newBucket(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			if list, err := at.List(ctx, "none"); err != nil || len(list) != 0 {
				t.Errorf("a folder that is not there: %v, %v", list, err)
			}
			if _, err := at.Get(ctx, "none/x"); !errors.Is(err, ErrNoObject) {
				t.Errorf("an object that is not there: %v", err)
			}
			if err := at.Delete(ctx, "none/x"); err != nil {
				t.Errorf("an object that is not there, taken away: %v", err)
			}
			big := bytes.Repeat([]byte("0123456789"), 300_000)
			for name, body := range map[string][]byte{"a/2": big, "a/10": {}, "b/a b+c": []byte("x"), "a/3": []byte("was")} {
				if err := at.Put(ctx, name, bytes.NewReader(body)); err != nil {
					t.Fatalf("put %s: %v", name, err)
				}
			}
			if err := at.Put(ctx, "a/3", bytes.NewReader([]byte("is"))); err != nil {
				t.Fatal(err)
			}
			want := []Object{{"a/10", 0}, {"a/2", int64(len(big))}, {"a/3", 2}}
			if list, err := at.List(ctx, "a"); err != nil || fmt.Sprint(list) != fmt.Sprint(want) {
				t.Errorf("listed %v, %v, want %v", list, err, want)
			}
			if list, err := at.List(ctx, ""); err != nil || len(list) != 4 {
				t.Errorf("all: %v, %v", list, err)
			}
			for name, body := range map[string]string{"a/2": string(big), "a/10": "", "a/3": "is", "b/a b+c": "x"} {
				if got := fetch(t, at, name); got != body {
					t.Errorf("%s: %d bytes, want %d", name, len(got), len(body))
				}
			}
			if err := at.Delete(ctx, "a/2", "a/3"); err != nil {
				t.Fatal(err)
			}
			if list, err := at.List(ctx, "a"); err != nil || len(list) != 1 {
				t.Errorf("after some were taken away: %v, %v", list, err)
			}
			for _, name := range []string{"", "/x", "../x", "a/../../x", "a//b", "a/"} {
				if err := at.Put(ctx, name, strings.NewReader("x")); !errs.Is(err, errs.Invalid) {
					t.Errorf("put %q: %v, want invalid", name, err)
				}
			}
		})
	}
}

func fetch(t *testing.T, at Depot, name string) string {
	t.Helper()
	r, err := at.Get(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestManyObjects lists more than a store tells at once.
func TestManyObjects(t *testing.T) {
	at := newBucket(t)
	for i := range 1100 {
		if err := at.Put(context.Background(), fmt.Sprintf("many/%04d", i), strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	if list, err := at.List(context.Background(), "many"); err != nil || len(list) != 1100 || list[1099].Name != "many/1099" {
		t.Errorf("%d objects, %v", len(list), err)
	}
}

// TestBucket copies a database to a store that speaks S3 and has it back.
func TestBucket(t *testing.T) {
	s := newStory(t, 11)
	s.at = newBucket(t)
	s.start()
	if err := s.live.Flush(); err != nil {
		t.Fatal(err)
	}
	s.moments = nil
	for range 25 {
		s.step()
	}
	for i := range s.moments {
		s.check(i)
	}
	s.live.rest()
}

// TestFolderGone does not take the disk below for the one that was mounted on it.
func TestFolderGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mounted")
	at := folder{dir}
	if err := at.Put(context.Background(), "a/b", strings.NewReader("x")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("put where nothing is mounted: %v", err)
	}
	if _, err := at.List(context.Background(), "a"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("listed where nothing is mounted: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made")
	}
}

// TestBusyStore sends again what a store could not do for the moment, and tells what it
// refuses for good.
func TestBusyStore(t *testing.T) {
	calls, answer := 0, http.StatusServiceUnavailable
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if calls++; calls < 3 || string(body) != "whole" {
			http.Error(w, "<Code>SlowDown</Code>", answer)
		}
	}))
	defer server.Close()
	at, err := ParseDepot("s3://KEY:SECRET@" + strings.TrimPrefix(server.URL, "http://") + "/b?plain=true")
	if err != nil {
		t.Fatal(err)
	}
	if err := at.Put(context.Background(), "x", strings.NewReader("whole")); err != nil || calls != 3 {
		t.Errorf("%d calls: %v", calls, err)
	}
	calls, answer = 0, http.StatusForbidden
	err = at.Put(context.Background(), "x", strings.NewReader("whole"))
	if err == nil || calls != 1 || !strings.Contains(err.Error(), "403") || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("%d calls: %v", calls, err)
	}
}

// TestSign signs the examples of AWS's own documentation
// (https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
func TestSign(t *testing.T) {
	s := signer{key: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1"}
	none, _, _ := bodyDigest(nil)
	for address, want := range map[string]string{
		"https://examplebucket.s3.amazonaws.com/?lifecycle=":          "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
		"https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J": "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
	} {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		r.URL.Host = "examplebucket.s3.amazonaws.com"
		s.sign(r, none, time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC))
		if got := r.Header.Get("Authorization"); !strings.HasSuffix(got, "Signature="+want) {
			t.Errorf("%s: %s, want the signature %s", address, got, want)
		}
	}
}

// TestParseDepot refuses what cannot be, and never tells a secret.
func TestParseDepot(t *testing.T) {
	for setting, want := range map[string]string{
		"folder:/mnt/second": "folder:/mnt/second",
		"s3://KEY:SECRET@s3.example.org/copies/verlof?region=eu-central-1": "s3://s3.example.org/copies/verlof",
		"s3://KEY:SECRET@s3.example.org/copies":                            "s3://s3.example.org/copies",
		"":                                                                 "",
		"folder:":                                                          "",
		"/mnt/second":                                                      "",
		"s3://s3.example.org/copies":                                       "",
		"s3://KEY:SECRET@example.org/":                                     "",
		"s3://KEY:SECRET@/copies":                                          "",
	} {
		at, err := ParseDepot(setting)
		switch {
		case want == "" && (!errs.Is(err, errs.Invalid) || strings.Contains(err.Error(), "SECRET")):
			t.Errorf("%q: %v, want invalid", setting, err)
		case want != "" && (err != nil || at.String() != want):
			t.Errorf("%q: %v, %v, want %s", setting, at, err, want)
		}
	}
}
