// SPDX-License-Identifier: Apache-2.0

package bureau

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/internal/id"
	"verlof/people"
)

// Service is both sides of one customer. Its fields do not change once it is in use.
type Service struct {
	Store    Store
	People   *people.Service
	Identity *identity.Service
	Now      func() time.Time
	ID       string   // the customer's own, in the registry
	Site     string   // its address, without a slash at its end
	Hosts    []string // its host names
	Others   Others
}

// now returns the time as a database keeps it.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Bounds of an admission.
const (
	MaxDays   = 366 // of its length, from today
	maxMails  = 50
	maxReason = 300
)

// errNone is told of what there is not.
var errNone = errs.New(errs.NotFound, "bureau.error.none")

// keeper returns who may admit: somebody of the customer's own who keeps roles. A bureau
// cannot admit another, nor send people further.
func (s *Service) keeper(tx Tx, by people.ID) (*people.Organisation, people.Viewer, error) {
	org, v, err := s.viewer(tx, by)
	if err == nil {
		err = v.Need(people.KeepRoles)
	}
	return org, v, err
}

func (s *Service) viewer(tx Tx, by people.ID) (*people.Organisation, people.Viewer, error) {
	org, err := people.ReadOrganisation(tx)
	if err != nil {
		return nil, people.Viewer{}, err
	}
	v, err := org.Viewer(by)
	return org, v, err
}

// view runs f in the name of somebody who may see the record.
func (s *Service) view(ctx context.Context, by people.ID, f func(Tx, *people.Organisation) error) error {
	return s.Store.View(ctx, func(tx Tx) error {
		org, v, err := s.viewer(tx, by)
		if err == nil {
			err = v.Need(people.SeeRecord)
		}
		if err != nil {
			return err
		}
		return f(tx, org)
	})
}

// Admissions returns all of them, latest first. It reports Forbidden for those who may not
// see the record.
func (s *Service) Admissions(ctx context.Context, by people.ID) (all []Admission, err error) {
	err = s.view(ctx, by, func(tx Tx, _ *people.Organisation) (err error) {
		all, err = tx.Admissions()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list bureaus: %w", err)
	}
	return all, nil
}

// Admission returns one. It reports as Admissions, and NotFound.
func (s *Service) Admission(ctx context.Context, by people.ID, admission string) (a Admission, err error) {
	err = s.view(ctx, by, func(tx Tx, _ *people.Organisation) (err error) {
		a, err = find(tx, admission)
		return err
	})
	if err != nil {
		return Admission{}, fmt.Errorf("bureau %s: %w", admission, err)
	}
	return a, nil
}

func find(tx Tx, admission string) (Admission, error) {
	a, err := tx.Admission(admission)
	if errs.Is(err, errs.NotFound) {
		err = errNone
	}
	return a, err
}

// Guest is somebody of a bureau who has been here, as those see who gave the admission.
type Guest struct {
	Person people.Person
	Visits int
	Last   time.Time
}

// MaxVisits is how many visits are read for a page.
const MaxVisits = 200

// Visits returns the last visits to an admission, latest first, and who came. It reports as
// Admission.
func (s *Service) Visits(ctx context.Context, by people.ID, admission string) (visits []Visit, guests []Guest, err error) {
	err = s.view(ctx, by, func(tx Tx, _ *people.Organisation) error {
		guests = nil
		if _, err := find(tx, admission); err != nil {
			return err
		}
		if visits, err = tx.Visits(admission, MaxVisits); err != nil {
			return err
		}
		persons, err := tx.GuestsOf(admission)
		for _, p := range persons {
			g := Guest{Person: p}
			for _, v := range visits {
				if v.Person == p.ID {
					g.Visits++
					g.Last = later(g.Last, v.At)
				}
			}
			guests = append(guests, g)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("visits of bureau %s: %w", admission, err)
	}
	return visits, guests, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Admit offers an admission to the bureau at a host name and returns its id. Whether there is
// such a bureau is not said: one that does not answer and one that is not there look alike. It
// reports Forbidden for those who do not keep roles and for people of bureaus, Invalid with
// the fields, and Conflict for a role that is not by's to give and for a bureau that has an
// admission. It asks for a fresh proof (identity.Stale).
func (s *Service) Admit(ctx context.Context, by identity.Session, a Admission) (admitted string, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		a := a
		org, v, err := s.begin(tx, by)
		if err != nil {
			return err
		}
		a.ID, a.State, a.Made, a.MadeBy, a.Version = id.New(s.Now()), Offered, s.now(), by.Person, 1
		if err := s.check(tx, org, v, &a, Admission{}); err != nil {
			return err
		}
		admitted = a.ID
		return s.save(tx, a)
	})
	if err != nil {
		return "", fmt.Errorf("admit a bureau: %w", err)
	}
	return admitted, nil
}

// begin locks and looks who it is that changes admissions, with a fresh proof.
func (s *Service) begin(tx Tx, by identity.Session) (*people.Organisation, people.Viewer, error) {
	if err := tx.LockOrganisation(); err != nil {
		return nil, people.Viewer{}, err
	}
	org, v, err := s.keeper(tx, by.Person)
	if err == nil {
		err = s.Identity.NeedProofIn(tx, by)
	}
	return org, v, err
}

// Change changes what an admission gives, to whom and until when; its host name stays. It
// reports as Admit, NotFound, and Conflict for one that has ended.
func (s *Service) Change(ctx context.Context, by identity.Session, a Admission) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		org, v, err := s.begin(tx, by)
		if err != nil {
			return err
		}
		next, err := find(tx, a.ID)
		if err != nil {
			return err
		}
		if !next.State.Stands() {
			return errs.New(errs.Conflict, "bureau.error.over")
		}
		before := next
		next.Roles, next.Custom, next.Whom, next.Reason, next.Until = a.Roles, a.Custom, a.Whom, a.Reason, a.Until
		if err := s.check(tx, org, v, &next, before); err != nil {
			return err
		}
		next.Version++
		return s.save(tx, next)
	})
	if err != nil {
		return fmt.Errorf("change bureau %s: %w", a.ID, err)
	}
	return nil
}

// End ends an admission: from the moment that it returns nobody of the bureau may do
// anything here, and their sessions are over. It reports Forbidden, NotFound, and Conflict
// for one that has ended. It needs no fresh proof: who shuts a door in haste may.
func (s *Service) End(ctx context.Context, by people.ID, admission string) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		if _, _, err := s.keeper(tx, by); err != nil {
			return err
		}
		a, err := find(tx, admission)
		if err != nil {
			return err
		}
		if !a.State.Stands() {
			return errs.New(errs.Conflict, "bureau.error.over")
		}
		a.State, a.Ended, a.EndedBy = Ended, s.now(), by
		a.Version++
		if err := s.shut(tx, a.ID); err != nil {
			return err
		}
		return s.save(tx, a)
	})
	if err != nil {
		return fmt.Errorf("end bureau %s: %w", admission, err)
	}
	return nil
}

// shut ends the sessions of everybody whom an admission brought.
func (s *Service) shut(tx Tx, admission string) error {
	guests, err := tx.GuestsOf(admission)
	if err != nil {
		return err
	}
	for _, g := range guests {
		if err := identity.Shut(tx, g.ID); err != nil {
			return err
		}
	}
	return nil
}

// save keeps an admission and has the bureau told.
func (s *Service) save(tx Tx, a Admission) error {
	if err := tx.SaveAdmission(a); err != nil {
		return err
	}
	if a.State.Stands() {
		if err := remind(tx, a, s.now()); err != nil {
			return err
		}
	}
	return s.tell(tx, KindTerms, a.ID)
}

// tell has the other side told how an admission stands here, at the moment of telling.
func (s *Service) tell(tx Tx, kind, about string) error {
	payload, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return tx.Enqueue(kind, kind+":"+id.New(s.Now()), payload)
}

// Announce has all others told how things stand here: the customer has other host names, which the
// bureaus that it admits must send people to, or which the customers that it serves must ask.
func (s *Service) Announce(ctx context.Context) error {
	err := s.Store.Update(ctx, func(tx Tx) error {
		admissions, err := tx.Admissions()
		if err != nil {
			return err
		}
		for i := range admissions {
			if admissions[i].State.Stands() {
				if err := s.tell(tx, KindTerms, admissions[i].ID); err != nil {
					return err
				}
			}
		}
		served, err := tx.AllServed()
		if err != nil {
			return err
		}
		for i := range served {
			if served[i].State == Accepted {
				if err := s.tell(tx, KindAnswer, served[i].ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("tell others of other names: %w", err)
	}
	return nil
}

// ending is the payload of KindEnding, in the form of every mail's: the thing that it is about.
type ending struct {
	Admission string `json:"request"`
}

// remind has those who may let the bureau stay longer told some time before it ends; those
// who admit it for less than that need not be.
func remind(tx Tx, a Admission, now time.Time) error {
	if a.Ends.Add(-Notice).Before(now) {
		return nil
	}
	payload, err := json.Marshal(ending{Admission: a.ID})
	if err != nil {
		return err
	}
	return tx.EnqueueAt(KindEnding, fmt.Sprintf("%s:%s:%s", KindEnding, a.ID, a.Until), payload, a.Ends.Add(-Notice).UnixMicro())
}

// Ending returns who may let a bureau stay longer, where its admission ends within Notice;
// nobody where it does not.
func (s *Service) Ending(ctx context.Context, admission string) (who []people.ID, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		a, err := tx.Admission(admission)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		now := s.now()
		if err != nil || !a.State.Stands() || a.Over(now) || now.Before(a.Ends.Add(-Notice)) {
			return err
		}
		org, err := people.ReadOrganisation(tx)
		if err == nil {
			who = org.Holders(people.Set(people.KeepRoles))
		}
		return err
	})
	return who, err
}

// check tidies an admission and reports what is wrong with it, each fault at its field.
func (s *Service) check(tx Tx, org *people.Organisation, v people.Viewer, a *Admission, before Admission) error {
	var f people.Faults
	if before.ID == "" {
		if err := s.checkHost(tx, &f, a); err != nil {
			return err
		}
	}
	a.Custom = slices.Compact(slices.Sorted(slices.Values(a.Custom)))
	switch {
	case a.Roles&^people.AllRoles != 0 || !org.HasRoles(a.Custom):
		f.Add("roles", "people.error.role")
	case a.Roles == 0 && len(a.Custom) == 0:
		f.Add("roles", "bureau.error.roles")
	default:
		if err := v.MayChange(org, people.Person{Roles: before.Roles, Custom: before.Custom}, people.Person{Roles: a.Roles, Custom: a.Custom}); err != nil {
			f = append(f, err)
		}
	}
	checkWhom(&f, &a.Whom)
	if a.Reason = people.Tidy(a.Reason); a.Reason == "" {
		f.Add("reason", "bureau.error.reason")
	} else if len([]rune(a.Reason)) > maxReason {
		f.Add("reason", "people.error.too_long", "count", maxReason)
	}
	today := org.Today(v.ID, s.now())
	if a.Until < today || a.Until > today.AddDays(MaxDays) {
		f.Add("until", "bureau.error.until", "count", MaxDays)
	}
	a.Ends = org.Over(a.Until)
	return f.Err()
}

// hostName is a name of at least two labels (RFC 1123, section 2.1).
var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checkHost looks at the bureau's host name. Another admission of the bureau may not stand.
func (s *Service) checkHost(tx Tx, f *people.Faults, a *Admission) error {
	a.Host = HostOf(a.Host)
	switch {
	case len(a.Host) > 253 || !hostName.MatchString(a.Host):
		f.Add("host", "bureau.error.host")
		return nil
	case slices.Contains(s.Hosts, a.Host):
		f.Add("host", "bureau.error.own_host")
		return nil
	}
	all, err := tx.Admissions()
	if slices.ContainsFunc(all, func(o Admission) bool { return o.Host == a.Host && o.State.Stands() }) {
		*f = append(*f, errs.New(errs.Conflict, "bureau.error.twice").At("host"))
	}
	return err
}

// HostOf returns the host name in what somebody typed: it may be an address.
func HostOf(typed string) string {
	h := strings.ToLower(strings.TrimSpace(typed))
	h = strings.TrimPrefix(strings.TrimPrefix(h, "https://"), "http://")
	h, _, _ = strings.Cut(h, "/")
	h, _, _ = strings.Cut(h, ":")
	return strings.TrimSuffix(h, ".")
}

func checkWhom(f *people.Faults, w *Whom) {
	if w.All {
		w.Mails = nil
		return
	}
	var mails []string
	for _, m := range w.Mails {
		mail, ok := people.ParseEmail(m)
		if !ok {
			f.Add("mails", "bureau.error.mail", "mail", mail)
			return
		}
		mails = append(mails, mail)
	}
	slices.Sort(mails)
	if w.Mails = slices.Compact(mails); len(w.Mails) == 0 || len(w.Mails) > maxMails {
		f.Add("mails", "bureau.error.mails", "count", maxMails)
	}
}

// Terms is what a customer tells a bureau of its admission.
type Terms struct {
	ID, Customer, Name, Site string
	Roles, Custom            []string
	Whom                     Whom
	Reason                   string
	Until                    calendar.Date
	Ends                     time.Time
	State                    State
	Version                  int64
}

// Terms returns what the bureau is told of an admission, and at which host name or, once it
// has answered, under which id it is found.
func (s *Service) Terms(ctx context.Context, admission string) (t Terms, host, firm string, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		a, err := find(tx, admission)
		if err != nil {
			return err
		}
		set, err := tx.Settings()
		if err != nil {
			return err
		}
		roles, err := tx.CustomRoles()
		t = Terms{ID: a.ID, Customer: s.ID, Name: set.Name, Site: s.Site, Roles: a.Roles.Names(), Whom: a.Whom,
			Reason: a.Reason, Until: a.Until, Ends: a.Ends, State: a.State, Version: a.Version}
		for _, r := range roles {
			if slices.Contains(a.Custom, r.ID) {
				t.Custom = append(t.Custom, r.Name)
			}
		}
		host, firm = a.Host, a.Firm
		return err
	})
	return t, host, firm, err
}

// Hear takes a bureau's answer. One to an admission that was not put to that bureau, or that
// has ended, changes nothing.
func (s *Service) Hear(ctx context.Context, x Answer) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if err := tx.LockOrganisation(); err != nil {
			return err
		}
		a, err := tx.Admission(x.ID)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		put := a.Firm == x.Firm || a.Firm == "" && slices.Contains(x.Hosts, a.Host)
		if !put || !a.State.Stands() {
			return nil
		}
		a.Firm, a.Name, a.Site = x.Firm, x.Name, x.Site
		switch {
		case x.State == Accepted:
			a.State = Accepted
		case x.State == Declined && a.State == Offered, x.State == Left:
			a.State, a.Ended = x.State, s.now()
			if err := s.shut(tx, a.ID); err != nil {
				return err
			}
		}
		if a.Answered.IsZero() {
			a.Answered = s.now()
		}
		return tx.SaveAdmission(a)
	})
}

// Counts returns how many bureaus the customer admits and how many customers it serves, of
// those that are accepted: for an operator.
func (s *Service) Counts(ctx context.Context) (admits, serves int, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		admits, serves = 0, 0
		admissions, err := tx.Admissions()
		if err != nil {
			return err
		}
		for i := range admissions {
			if admissions[i].In(s.now()) {
				admits++
			}
		}
		served, err := tx.AllServed()
		for i := range served {
			if served[i].In(s.now()) {
				serves++
			}
		}
		return err
	})
	return admits, serves, err
}
