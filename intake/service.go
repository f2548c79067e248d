// SPDX-License-Identifier: Apache-2.0

package intake

import (
	"context"
	"fmt"
	"time"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
)

// Store runs functions in transactions of one customer's database. A function
// that returns an error changes nothing. Functions given to Update may run again.
type Store interface {
	View(ctx context.Context, f func(Tx) error) error
	Update(ctx context.Context, f func(Tx) error) error
}

// Tx is what an import needs of a transaction beyond leave.Tx: the same acts for
// many rows at a time, or for none.
type Tx interface {
	leave.Tx

	// LockPersons is LockPerson for each of ids, in one order whatever theirs is.
	LockPersons(ids []people.ID) error
	// SavePersons adds or replaces by id and reports Conflict, with the field,
	// where a number or a mail address is taken.
	SavePersons(ps []people.Person) error
	SaveEmployments(es []people.Employment) error
	SaveContracts(cs []people.Contract) error
	InsertRequests(rs []leave.Request) error // with charges

	// Upload and SetUpload are those of UploadTx.
	Upload(id string) (Upload, error)
	SetUpload(u Upload) error
}

// Service is what people may do with files. It serves administrators.
type Service struct {
	Store Store
	Now   func() time.Time // the clock; its zone does not matter

	operator bool
}

// AsOperator returns the service for whoever runs the installation. Its methods
// take no person: by must be empty.
func (s *Service) AsOperator() *Service {
	return &Service{Store: s.Store, Now: s.Now, operator: true}
}

// Result is what an import did.
type Result struct {
	Plan    *Plan // what was written, and what was left out
	LeftOut int   // refused lines; Plan.Mend gives them back
}

// Plan reads a file and says what importing it would do. It writes nothing. It
// reports Invalid for a file that cannot be read or options that do not fit it,
// and Forbidden for those who are no administrators.
func (s *Service) Plan(ctx context.Context, by people.ID, src Source, o Options) (*Plan, error) {
	f, err := s.open(src, o)
	if err != nil {
		return nil, err
	}
	var p *Plan
	err = s.Store.View(ctx, func(tx Tx) error {
		p, err = s.plan(tx, by, f, o, false)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("plan import: %w", err)
	}
	return p, nil
}

// Apply writes what a plan with this digest said, all of it or nothing. It makes
// the plan again inside the transaction and reports Conflict where the result is
// another one: somebody changed something, or file and options are not those of
// the plan. It reports Invalid while there are refused lines, unless o leaves
// them out.
func (s *Service) Apply(ctx context.Context, by people.ID, src Source, o Options, digest string) (Result, error) {
	f, err := s.open(src, o)
	if err != nil {
		return Result{}, err
	}
	var r Result
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		r, err = s.apply(tx, by, f, o, digest)
		return err
	})
	if err != nil {
		return Result{}, fmt.Errorf("import: %w", err)
	}
	return r, nil
}

// ApplyUpload is Apply for a file that is kept, with the options that u has. The
// file is marked as written in the same transaction: sent twice, it is written once,
// and the second time succeeds without a change.
func (s *Service) ApplyUpload(ctx context.Context, u Upload, digest string) error {
	f, err := s.open(u.Source(), u.Options)
	if err != nil {
		return err
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		kept, err := tx.Upload(u.ID)
		switch {
		case errs.Is(err, errs.NotFound):
			return errs.New(errs.NotFound, "admin.error.no_upload").Because(err)
		case err != nil:
			return err
		case kept.By != u.By:
			return errs.New(errs.NotFound, "admin.error.no_upload")
		case kept.Written != nil:
			return nil
		}
		r, err := s.apply(tx, u.By, f, u.Options, digest)
		if err != nil {
			return err
		}
		counts := r.Plan.Counts("")
		kept.Options, kept.Written = u.Options, &counts
		return tx.SetUpload(kept)
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// apply makes the plan again and writes it. The organisation is locked.
func (s *Service) apply(tx Tx, by people.ID, f *File, o Options, digest string) (Result, error) {
	p, err := s.plan(tx, by, f, o, true)
	if err != nil {
		return Result{}, err
	}
	r := Result{Plan: p, LeftOut: p.Counts("").Refuse}
	switch {
	case p.Digest != digest:
		return r, errs.New(errs.Conflict, "intake.error.changed")
	case r.LeftOut > 0 && !o.LeaveOut:
		return r, errs.New(errs.Invalid, "intake.error.refused", "count", r.LeftOut).At("leave_out")
	}
	return r, p.work.write(tx, s.Now())
}

func (s *Service) open(src Source, o Options) (*File, error) {
	f, err := Open(src, o)
	if err == nil {
		err = f.Problem()
	}
	if err != nil {
		return nil, fmt.Errorf("read import: %w", err)
	}
	return f, nil
}

// plan makes a plan against what tx holds. Where it is to be written, others are
// held off the leave of the persons whom it touches.
func (s *Service) plan(tx Tx, by people.ID, f *File, o Options, lock bool) (*Plan, error) {
	w, err := readWorld(tx, by, s.Now())
	if err != nil {
		return nil, err
	}
	if err := s.may(w, by); err != nil {
		return nil, err
	}
	d := &draft{File: f, world: w, tx: tx, lock: lock, by: by}
	if err := d.fill(o); err != nil {
		return nil, err
	}
	switch f.Kind {
	case Absences:
		err = d.absences()
	case Balances:
		err = d.balances()
	default:
		d.persons()
	}
	if err != nil {
		return nil, err
	}
	return d.plan(), nil
}

// may reports whether by may import.
func (s *Service) may(w *world, by people.ID) error {
	if s.operator && by == "" {
		return nil
	}
	v, err := w.org.Viewer(by)
	if err != nil {
		return err
	}
	return v.NeedAdministrator()
}

// work is what a plan writes.
type work struct {
	types       []leave.Type
	patterns    []people.Pattern
	persons     []people.Person
	shut        []people.ID     // who may no longer sign in
	moved       []people.Person // who has another mail address, as they were: links sent to that one open nothing, and it is told
	employments []people.Employment
	contracts   []people.Contract
	teams       []people.Team
	requests    []leave.Request
	reports     []leave.SickReport
	adjustments []leave.Adjustment
}

// write writes in the order in which things point to each other.
func (w *work) write(tx Tx, now time.Time) error {
	for _, t := range w.types {
		if err := tx.SaveType(t); err != nil {
			return err
		}
	}
	for _, p := range w.patterns {
		if err := tx.SavePattern(p); err != nil {
			return err
		}
	}
	if err := tx.SavePersons(w.persons); err != nil {
		return err
	}
	for _, id := range w.shut {
		if err := tx.ShutOut(id); err != nil {
			return err
		}
	}
	for i := range w.moved {
		if err := tx.Readdressed(w.moved[i].ID, w.moved[i].Email, now); err != nil {
			return err
		}
	}
	if err := tx.SaveEmployments(w.employments); err != nil {
		return err
	}
	if err := tx.SaveContracts(w.contracts); err != nil {
		return err
	}
	for _, t := range w.teams {
		if err := tx.SaveTeam(t); err != nil {
			return err
		}
	}
	if err := tx.InsertRequests(w.requests); err != nil {
		return err
	}
	for _, a := range w.adjustments {
		if err := tx.SaveAdjustment(a); err != nil {
			return err
		}
	}
	return reported(tx, w.reports)
}
