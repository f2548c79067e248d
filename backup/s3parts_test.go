// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"verlof/errs"
)

// throughBucket returns a bucket in a store that speaks S3, whose requests go through a handler first, with
// parts of so many bytes.
func throughBucket(t *testing.T, part int64, first func(w http.ResponseWriter, r *http.Request, store http.Handler)) *bucket {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("copies"); err != nil {
		t.Fatal(err)
	}
	store := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { first(w, r, store) }))
	t.Cleanup(server.Close)
	return bucketAt(t, server.URL, part)
}

func bucketAt(t *testing.T, address string, part int64) *bucket {
	t.Helper()
	at, err := ParseDepot("s3://KEY:SECRET@" + strings.TrimPrefix(address, "http://") + "/copies/verlof?plain=true")
	if err != nil {
		t.Fatal(err)
	}
	b := at.(*bucket)
	b.part, b.pause = part, time.Millisecond
	return b
}

// halves returns how many objects a bucket has whose parts were not put together.
func halves(t *testing.T, b *bucket) int {
	t.Helper()
	var page unfinished
	if err := b.ask(t.Context(), ask{method: http.MethodGet, query: map[string][]string{"uploads": {""}}}, &page); err != nil && !answered(err, http.StatusNotFound) {
		t.Fatal(err)
	}
	return len(page.Upload)
}

// TestParts puts objects around the size of a part, and has each back whole.
func TestParts(t *testing.T) {
	parts := 0
	b := throughBucket(t, 100, func(w http.ResponseWriter, r *http.Request, store http.Handler) {
		if r.URL.Query().Has("partNumber") {
			parts++
		}
		store.ServeHTTP(w, r)
	})
	for size, want := range map[int]int{0: 0, 99: 0, 100: 0, 101: 2, 199: 2, 200: 2, 201: 3, 1050: 11} {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(rand.Uint32())
		}
		parts = 0
		name := fmt.Sprintf("a b/%d", size)
		if err := b.Put(t.Context(), name, bytes.NewReader(body)); err != nil || parts != want {
			t.Errorf("%d bytes: %d parts, %v, want %d", size, parts, err, want)
		}
		if got := fetch(t, b, name); got != string(body) {
			t.Errorf("%d bytes: had back %d", size, len(got))
		}
	}
	if list, err := b.List(t.Context(), "a b"); err != nil || len(list) != 8 || list[2].Size != 101 {
		t.Errorf("listed %v, %v", list, err)
	}
	if n := halves(t, b); n != 0 {
		t.Errorf("%d are left half", n)
	}
}

// TestPartsFail has each request of an object in parts fail once, for a moment and for good, done and not
// done: it is there whole or not at all, and no part of it is left.
func TestPartsFail(t *testing.T) {
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusForbidden} {
		for _, done := range []bool{false, true} {
			for n := 1; n <= 5; n++ { // begin, three parts, put together
				calls := 0
				b := throughBucket(t, 10, func(w http.ResponseWriter, r *http.Request, store http.Handler) {
					if calls++; calls != n {
						store.ServeHTTP(w, r)
						return
					}
					if done {
						store.ServeHTTP(httptest.NewRecorder(), r)
					}
					http.Error(w, "<Error><Code>Failed</Code></Error>", status)
				})
				what := fmt.Sprintf("request %d answers %d, done: %v", n, status, done)
				err := b.Put(t.Context(), "x", strings.NewReader("0123456789abcdefghijklmno"))
				list, _ := b.List(t.Context(), "")
				if (err == nil) != (len(list) == 1) {
					t.Errorf("%s: %v, and the depot has %v", what, err, list)
				}
				if err == nil && fetch(t, b, "x") != "0123456789abcdefghijklmno" {
					t.Errorf("%s: another object", what)
				}
				if passing := status == http.StatusServiceUnavailable; passing && err != nil {
					t.Errorf("%s: %v", what, err)
				}
				if left := halves(t, b); left > 0 && (n > 1 || !done) { // of a beginning whose answer is lost nobody knows: Clear takes it away
					t.Errorf("%s: %d are left half", what, left)
				}
			}
		}
	}
}

// TestYesThenNo does not believe a store that begins with yes.
func TestYesThenNo(t *testing.T) {
	b := throughBucket(t, 10, func(w http.ResponseWriter, r *http.Request, store http.Handler) {
		if r.Method == http.MethodPost && r.URL.Query().Has("uploadId") {
			_, _ = io.WriteString(w, `<?xml version="1.0"?><Error><Code>InternalError</Code></Error>`)
			return
		}
		store.ServeHTTP(w, r)
	})
	if err := b.Put(t.Context(), "x", strings.NewReader("0123456789abcdef")); err == nil || !strings.Contains(err.Error(), "InternalError") {
		t.Errorf("put: %v", err)
	}
	if n := halves(t, b); n != 0 {
		t.Errorf("%d are left half", n)
	}
}

// TestClear takes away what somebody who was cut off left, once it is old, and nothing else.
func TestClear(t *testing.T) {
	b := throughBucket(t, 10, func(w http.ResponseWriter, r *http.Request, store http.Handler) { store.ServeHTTP(w, r) })
	dir := t.TempDir()
	f := folder{dir}
	for _, at := range []Depot{b, f} {
		if err := at.Put(t.Context(), "acme/log/1", strings.NewReader("0123456789abcdef")); err != nil {
			t.Fatal(err)
		}
	}
	var begun struct{}
	if err := b.ask(t.Context(), ask{method: http.MethodPost, key: b.prefix + "acme/log/2", query: map[string][]string{"uploads": {""}}}, &begun); err != nil {
		t.Fatal(err)
	}
	draft := filepath.Join(dir, "acme", "log", draftPrefix+"1")
	if err := os.WriteFile(draft, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := &Copies{Depot: newPatient(b, patience), Wholes: []Depot{f}, Now: time.Now}
	left := func() int {
		n := halves(t, b)
		if _, err := os.Stat(draft); err == nil {
			n++
		}
		return n
	}
	if err := c.Clear(t.Context()); err != nil || left() != 2 {
		t.Errorf("what somebody may still be putting: %d are left, %v", left(), err)
	}
	c.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
	if err := c.Clear(t.Context()); err != nil || left() != 0 {
		t.Errorf("after a day: %d are left, %v", left(), err)
	}
	for _, at := range []Depot{b, f} {
		if list, err := at.List(t.Context(), ""); err != nil || len(list) != 1 {
			t.Errorf("%s: %v, %v", at, list, err)
		}
	}
}

// TestBrokenDownload reads on where a connection breaks, and refuses another object under the name.
func TestBrokenDownload(t *testing.T) {
	text := strings.Repeat("0123456789", 20_000)
	breaks, other := 2, false
	b := throughBucket(t, 1<<20, func(w http.ResponseWriter, r *http.Request, store http.Handler) {
		if r.Method != http.MethodGet || breaks == 0 {
			if r.Method == http.MethodGet && other && r.Header.Get("If-Match") != "" {
				http.Error(w, "<Code>PreconditionFailed</Code>", http.StatusPreconditionFailed)
				return
			}
			store.ServeHTTP(w, r)
			return
		}
		breaks--
		whole := httptest.NewRecorder()
		store.ServeHTTP(whole, r)
		for name, values := range whole.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(whole.Code)
		_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/3])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	if err := b.Put(t.Context(), "x", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if got := fetch(t, b, "x"); got != text {
		t.Errorf("had back %d bytes of %d", len(got), len(text))
	}
	breaks, other = 1, true
	r, err := b.Get(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err == nil {
		t.Errorf("%d bytes, half of another object, and no error", len(got))
	}
}

// TestBrokenDownload_ends: a store that goes away in the middle of what is read is no damage: with it the newest state would
// be given up for an older one.
func TestBrokenDownload_ends(t *testing.T) {
	s := newStory(t, 1)
	away := false
	b := throughBucket(t, 1<<20, func(w http.ResponseWriter, r *http.Request, store http.Handler) {
		if r.Method != http.MethodGet || r.URL.Query().Has("list-type") || !away {
			store.ServeHTTP(w, r)
			return
		}
		whole := httptest.NewRecorder()
		store.ServeHTTP(whole, r)
		for name, values := range whole.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(whole.Code)
		_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/3])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	s.copies.Wholes = []Depot{b}
	s.live.log.copies = s.copies
	if err := s.live.log.Mirror(t.Context()); err != nil {
		t.Fatal(err)
	}
	k := Kept{b, s.id, s.keys}
	if v, err := k.Verify(t.Context()); err != nil || v.Objects == 0 {
		t.Fatalf("the test shows nothing: %+v, %v", v, err)
	}
	away = true
	var d *Damage
	if v, err := k.Verify(t.Context()); err == nil || errors.As(err, &d) || len(v.Damaged) > 0 {
		t.Errorf("a look: %v, %v", v.Damaged, err)
	}
	if _, err := k.RestoreNewest(t.Context(), filepath.Join(t.TempDir(), "data.db")); err == nil || errors.As(err, &d) {
		t.Errorf("had back: %v", err)
	}
}

// TestRefused: what a store refuses is told in its words, with what to do, and nothing of it is damage of Verlof's.
func TestRefused(t *testing.T) {
	for answer, want := range map[string]string{
		"403 InvalidAccessKeyId":           "the key and the secret",
		"403 SignatureDoesNotMatch":        "percent-encode",
		"403 AccessDenied":                 "let the key put, get, list and delete",
		"404 NoSuchBucket":                 "the bucket in the address",
		"403 RequestTimeTooSkewed":         "set the clock",
		"400 AuthorizationHeaderMalformed": "?region=REGION",
		"507 XMinioStorageFull":            "make room",
		"403 QuotaExceeded":                "make room",
		"503 SlowDown":                     "busy",
	} {
		status, code, _ := strings.Cut(answer, " ")
		b := throughBucket(t, 1<<20, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
			n, _ := strconv.Atoi(status)
			w.WriteHeader(n)
			_, _ = io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>`+code+`</Code><Message>It is as it is.</Message></Error>`)
		})
		_, listed := listAt(t.Context(), b, "")
		for _, err := range []error{b.Put(t.Context(), "x", strings.NewReader("x")), listed} {
			e := errs.As(err)
			if e == nil || e.Kind != errs.Unavailable || !strings.Contains(e.Hint, want) || !strings.HasSuffix(err.Error(), answer+": It is as it is.") {
				t.Errorf("%s: %v, hint %q", answer, err, e.Hint)
			}
		}
	}
}

// endless is a body of many bytes that takes no memory.
type endless struct{ size, at int64 }

func (e *endless) Read(p []byte) (int, error) {
	n := min(int64(len(p)), e.size-e.at)
	if n == 0 {
		return 0, io.EOF
	}
	for i := range p[:n] {
		p[i] = byte(e.at + int64(i))
	}
	e.at += n
	return int(n), nil
}

func (e *endless) Seek(offset int64, whence int) (int64, error) {
	e.at = map[int]int64{io.SeekStart: 0, io.SeekCurrent: e.at, io.SeekEnd: e.size}[whence] + offset
	return e.at, nil
}

// TestPartsMemory puts an object of which no part is ever held in memory.
func TestPartsMemory(t *testing.T) {
	all := sha256.New()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch q := r.URL.Query(); {
		case q.Has("uploads"):
			_, _ = io.WriteString(w, "<R><UploadId>1</UploadId></R>")
		case q.Has("partNumber"):
			_, _ = io.Copy(all, r.Body)
		default:
			_, _ = io.WriteString(w, "<R/>")
		}
	}))
	t.Cleanup(server.Close)
	b := bucketAt(t, server.URL, 5<<20)
	want := sha256.New()
	_, _ = io.Copy(want, &endless{size: 24 << 20})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := b.Put(context.Background(), "x", &endless{size: 24 << 20}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if !bytes.Equal(all.Sum(nil), want.Sum(nil)) {
		t.Error("another object was put")
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d bytes of memory were taken for an object of %d", used, 24<<20)
	}
}
