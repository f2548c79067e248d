// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// versioned has a bucket keep versions of what is deleted.
func versioned(t *testing.T, b *bucket) {
	t.Helper()
	r, err := b.do(t.Context(), ask{method: http.MethodPut, query: map[string][]string{"versioning": {""}},
		body: strings.NewReader(`<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>`)})
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
}

// TestErase takes everything of one customer away for good, whatever the store makes of deleting, says of what
// something may be left, and leaves the neighbour.
func TestErase(t *testing.T) {
	for name, c := range map[string]struct {
		refuses string // query of requests that are not allowed
		status  int
		plain   bool // the bucket keeps no versions
		left    int
	}{
		"no_versions":       {plain: true},
		"versions":          {},
		"versions_unknown":  {refuses: "versions", status: http.StatusNotImplemented, plain: true},
		"versions_not_told": {refuses: "versions", status: http.StatusForbidden, left: 2},
		"locked":            {refuses: "versionId", status: http.StatusForbidden, left: 3},
	} {
		t.Run(name, func(t *testing.T) {
			b := throughBucket(t, 10, func(w http.ResponseWriter, r *http.Request, store http.Handler) {
				if c.refuses != "" && r.URL.Query().Has(c.refuses) && r.URL.Query().Get("prefix") != "verlof/" {
					http.Error(w, "<Error><Code>No</Code></Error>", c.status)
					return
				}
				store.ServeHTTP(w, r)
			})
			if !c.plain {
				versioned(t, b)
			}
			for _, name := range []string{"acme/log/1", "acme/log/2", "acme/log/2", "acme/whole/large", "acme2/log/1"} {
				if err := b.Put(t.Context(), name, strings.NewReader(strings.Repeat(name, 3)[:9+len(name)%3])); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Delete(t.Context(), "acme/log/1"); err != nil { // long ago, by the retention
				t.Fatal(err)
			}
			f, err := Forget(t.Context(), b, "acme")
			if err != nil || f.Left != c.left || f.Objects < 2 {
				t.Errorf("%+v, %v, want %d left", f, err, c.left)
			}
			all, _, err := b.versions(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			mine, others := 0, 0
			for _, v := range all {
				if strings.HasPrefix(v.Key, "verlof/acme/") {
					mine++
				} else {
					others++
				}
			}
			if (mine > 0) != (c.left > 0) || others != 1 {
				t.Errorf("%d versions of it are there, and %d of the neighbour: %+v", mine, others, all)
			}
		})
	}
}

// TestRenew keeps nothing of before, also where a bucket keeps versions, and what is put meanwhile.
func TestRenew(t *testing.T) {
	s := newStory(t, 1)
	b := throughBucket(t, 1<<20, func(w http.ResponseWriter, r *http.Request, store http.Handler) { store.ServeHTTP(w, r) })
	versioned(t, b)
	s.at = b
	s.start()
	for i := range 6 {
		s.clock.step(time.Hour)
		if err := s.live.write("INSERT INTO note (text, pad) VALUES (?, x'')", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if i == 3 {
			if err := s.live.log.Upkeep(t.Context(), true); err != nil { // what it packs is deleted
				t.Fatal(err)
			}
		}
	}
	s.copies.Wholes = []Depot{b}
	if err := s.live.log.TakeWholes(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.clock.step(time.Hour)
	f, err := s.live.log.Renew(t.Context())
	if err != nil || len(f) != 1 || f[0].Left != 0 || f[0].Objects < 6 {
		t.Errorf("%+v, %v", f, err)
	}
	all, _, err := b.versions(t.Context(), "")
	if err != nil || len(all) != 2 { // an image and a whole
		t.Errorf("%d versions are there: %+v, %v", len(all), all, err)
	}
	if err := s.live.write("INSERT INTO note (text, pad) VALUES ('after', x'')"); err != nil {
		t.Fatal(err)
	}
	s.moments = nil
	s.note()
	s.check(0)
}
