// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
)

const someAbsence = absences + "Sales,de Boer,Ben,ben@example.com,Sick,2026-03-02,All Day,2026-03-03,All Day\n"

func TestWhoMayImport(t *testing.T) {
	tests := []struct {
		name string
		svc  func(*Service) *Service
		by   people.ID
		want errs.Kind
		ok   bool
	}{
		{"administrator", func(s *Service) *Service { return s }, "ada", 0, true},
		{"employee", func(s *Service) *Service { return s }, "ben", errs.Forbidden, false},
		{"nobody", func(s *Service) *Service { return s }, "", errs.Unauthenticated, false},
		{"unknown", func(s *Service) *Service { return s }, "eve", errs.Unauthenticated, false},
		{"operator", (*Service).AsOperator, "", 0, true},
		{"operator_as_employee", (*Service).AsOperator, "ben", errs.Forbidden, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := office()
			allowed := planOf(t, s, someAbsence, Options{})
			svc := tt.svc(service(s))
			p, err := svc.Plan(t.Context(), tt.by, source(someAbsence), Options{})
			if (err == nil) != tt.ok || err != nil && !errs.Is(err, tt.want) {
				t.Fatalf("plan: %v", err)
			}
			if !tt.ok {
				p = allowed
			}
			_, err = svc.Apply(t.Context(), tt.by, source(someAbsence), Options{}, p.Digest)
			if (err == nil) != tt.ok || (s.commits == 1) != tt.ok {
				t.Errorf("apply: %v, %d commits", err, s.commits)
			}
		})
	}
}

// TestApplyRefuses checks that Apply writes only what was accepted.
func TestApplyRefuses(t *testing.T) {
	const two = someAbsence + "Sales,de Boer,Ben,ben@example.com,Sick,2026-03-03,All Day,2026-03-04,All Day\n"
	tests := []struct {
		name, file string
		between    func(s *fakeStore)
		options    Options
		want       errs.Kind
		key        string
	}{
		{name: "booked_in_between", file: someAbsence, between: func(s *fakeStore) { book(s, "r1", "t1", "2026-03-03", "2026-03-03") },
			want: errs.Conflict, key: "intake.error.changed"},
		{name: "written_in_between", file: someAbsence, between: func(s *fakeStore) { book(s, "r1", "t2", "2026-03-02", "2026-03-03") },
			want: errs.Conflict, key: "intake.error.changed"},
		{name: "pattern_changed", file: someAbsence, between: func(s *fakeStore) {
			c := s.data.contracts["e-ben"]
			c.Pattern = "p2"
			s.data.contracts["e-ben"] = c
			s.data.patterns["p2"] = people.Pattern{ID: "p2", Name: "Never", Pattern: evenly(0)}
		}, want: errs.Conflict, key: "intake.error.changed"},
		{name: "other_file", file: two, options: Options{LeaveOut: true}, want: errs.Conflict, key: "intake.error.changed"},
		{name: "other_options", file: someAbsence, options: Options{Types: map[string]string{"Sick": "Holiday"}}, want: errs.Conflict, key: "intake.error.changed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := office()
			p := planOf(t, s, someAbsence, Options{})
			if tt.between != nil {
				tt.between(s)
			}
			had := len(s.data.requests)
			_, err := service(s).Apply(t.Context(), "ada", source(tt.file), tt.options, p.Digest)
			if e := errs.As(err); e == nil || e.Kind != tt.want || e.Public != tt.key {
				t.Errorf("got %v", err)
			}
			if s.commits != 0 || len(s.data.requests) != had {
				t.Error("something was written")
			}
		})
	}
	t.Run("refused_lines", func(t *testing.T) {
		s := office()
		p := planOf(t, s, two, Options{})
		_, err := service(s).Apply(t.Context(), "ada", source(two), Options{}, p.Digest)
		if e := errs.As(err); e == nil || e.Kind != errs.Invalid || e.Public != "intake.error.refused" || s.commits != 0 {
			t.Fatalf("got %v, %d commits", err, s.commits)
		}
		r, err := service(s).Apply(t.Context(), "ada", source(two), Options{LeaveOut: true}, p.Digest)
		if err != nil || r.LeftOut != 1 || len(s.data.requests) != 1 {
			t.Errorf("left out %d of two, wrote %d: %v", r.LeftOut, len(s.data.requests), err)
		}
	})
}

// TestApplyUpload: a file that is accepted twice, as by a double click, is written once
// and the second time is no error; its mark and its rows are written together.
func TestApplyUpload(t *testing.T) {
	s := office()
	p := planOf(t, s, someAbsence, Options{})
	u := Upload{ID: "u", By: "ada", Name: "a.csv", Data: []byte(someAbsence)}
	s.data.uploads = fakeUploads{"u": u}
	if err := service(s).ApplyUpload(t.Context(), u, "another"); !errs.Is(err, errs.Conflict) || s.data.uploads["u"].Written != nil {
		t.Errorf("another plan: %v, marked %v", err, s.data.uploads["u"].Written)
	}
	for range 2 {
		if err := service(s).ApplyUpload(t.Context(), u, p.Digest); err != nil {
			t.Fatal(err)
		}
		if w := s.data.uploads["u"].Written; len(s.data.requests) != 1 || w == nil || *w != p.Counts("") {
			t.Errorf("%d requests, marked %v", len(s.data.requests), w)
		}
	}
	u.By = "eve"
	if err := service(s).ApplyUpload(t.Context(), u, p.Digest); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody else's file: %v", err)
	}
	u.ID, u.By = "gone", "ada"
	if err := service(s).ApplyUpload(t.Context(), u, p.Digest); !errs.Is(err, errs.NotFound) {
		t.Errorf("a file that is gone: %v", err)
	}
}

// TestDigest checks that the same plan made twice has one name.
func TestDigest(t *testing.T) {
	const file = absences + "IT,Vries,Ana,ana@example.com,Other,2026-03-02,All Day,2026-03-03,All Day\n"
	s := office()
	a, b := planOf(t, s, file, Options{}), planOf(t, s, file, Options{})
	if a.Digest != b.Digest {
		t.Error("two plans of one file differ")
	}
	if c := planOf(t, s, file, Options{Location: "Bonn"}); c.Digest == a.Digest {
		t.Error("another location makes no other plan")
	}
}

// failing fails in the middle of what is written.
type failing struct{ *fakeStore }

func (f *failing) Update(ctx context.Context, do func(Tx) error) error {
	return f.fakeStore.Update(ctx, func(tx Tx) error { return do(failingTx{tx}) })
}

type failingTx struct{ Tx }

var errDisk = errors.New("disk full")

func (failingTx) InsertRequests([]leave.Request) error { return errDisk }

// TestApplyIsOneTransaction checks that a failure at the end leaves nothing.
func TestApplyIsOneTransaction(t *testing.T) {
	const file = absences + "IT,Vries,Ana,ana@example.com,Other,2026-03-02,All Day,2026-03-03,All Day\n"
	s := office()
	before := s.data.clone()
	p := planOf(t, s, file, Options{})
	svc := service(s)
	svc.Store = &failing{s}
	if _, err := svc.Apply(t.Context(), "ada", source(file), Options{}, p.Digest); !errors.Is(err, errDisk) {
		t.Fatalf("got %v", err)
	}
	if d := cmp.Diff(before, s.data, cmp.AllowUnexported(fakeData{})); d != "" {
		t.Errorf("something stayed (-before +after):\n%s", d)
	}
}

// TestNothingToStandOn checks a customer that has no pattern or no package yet.
func TestNothingToStandOn(t *testing.T) {
	for name, change := range map[string]func(d *fakeData){
		"pattern": func(d *fakeData) { d.patterns = nil },
		"package": func(d *fakeData) { d.packages = nil },
	} {
		t.Run(name, func(t *testing.T) {
			s := office()
			change(&s.data)
			_, err := service(s).Plan(t.Context(), "ada", source(someAbsence), Options{})
			if e := errs.As(err); e == nil || e.Kind != errs.Conflict || e.Public != "intake.error.no_"+name {
				t.Errorf("got %v", err)
			}
		})
	}
}
