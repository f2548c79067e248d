// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/seal"
	"verlof/store"
)

// Closing is that a customer leaves: until then it can be looked at, and undone; after that
// it may be destroyed.
type Closing struct {
	At     time.Time `json:"at"`
	Until  time.Time `json:"until"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// Legal is why nothing of a customer may be taken away: a legal hold. Copies are kept however
// old they get, and the customer is not destroyed.
type Legal struct {
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	Until  time.Time `json:"until,omitzero"` // zero: until it is released
}

// holds reports whether the hold is in force.
func (l *Legal) holds(now time.Time) bool {
	return l != nil && (l.Until.IsZero() || now.Before(l.Until))
}

// Ended is what there was of a customer whose keys were destroyed.
type Ended struct {
	ID        string             `json:"id"`
	Slug      string             `json:"slug"`
	Name      string             `json:"name"`
	Hosts     []string           `json:"hosts"`
	Closing   Closing            `json:"closed"`
	At        time.Time          `json:"destroyed_at"`
	By        string             `json:"destroyed_by"`
	Reason    string             `json:"reason,omitempty"`
	Keys      []seal.Fingerprint `json:"keys"`
	Root      string             `json:"root_key"` // names the one that had sealed them
	Databases []string           `json:"databases"`
	Lost      bool               `json:"lost,omitempty"` // its database could not be opened any more
}

// BeginClose begins to close a customer: it can be looked at and not changed from now on, people
// read why and until when, and Destroy may follow then. It reports Invalid without a reason,
// and Conflict for a customer that is not in service. lost goes on where its database cannot be opened.
func (d *Directory) BeginClose(ctx context.Context, slug string, until time.Time, lost bool, w Why) error {
	w.Reason = strings.TrimSpace(w.Reason)
	if err := d.MayClose(store.TenantRow{State: store.StateActive}, w); err != nil {
		return err
	}
	c := &Closing{At: d.clock(), Until: until.UTC(), By: w.By, Reason: w.Reason}
	err := d.keep(ctx, slug, "closing", "until "+c.Until.Format(time.RFC3339), w, func(row *store.TenantRow, k *Terms) error {
		row.State = store.StateReadOnly
		k.Closing, k.Hold = c, &Hold{Reason: w.Reason, Until: until, Closes: true}
		return nil
	}, store.StateActive)
	if err != nil {
		return err
	}
	return mayBeLost(slug, lost, d.shut(ctx, slug, store.ShutFrozen))
}

// mayBeLost is what is to be made of a database that cannot be shut: of one that is lost, nothing.
func mayBeLost(slug string, lost bool, err error) error {
	if err == nil || lost {
		return nil
	}
	known := errs.As(err)
	hint := "where its database is lost for good, --lost goes on without it; verlof restore brings it back from a copy"
	if known.Hint != "" {
		hint = known.Hint + "; " + hint
	}
	return &errs.Error{Kind: known.Kind, Err: fmt.Errorf("the database of %s: %w", slug, err), Hint: hint}
}

// MayClose reports why BeginClose would not begin to close a customer.
func (d *Directory) MayClose(row store.TenantRow, w Why) error {
	if reason := strings.TrimSpace(w.Reason); reason == "" || len(reason) > longReason {
		return errs.Operator("say why with --reason; people read it", "a customer is closed for a reason of at most %d bytes", longReason)
	}
	if k, err := TermsOf(row); err != nil || k.Closing != nil {
		return cmp.Or(err, closingAlready(row.Slug))
	}
	if row.State != store.StateActive {
		return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is %s", row.Slug, row.State), Hint: "thaw or resume it first, so that its system managers can be written to"}
	}
	return nil
}

// Reopen has a customer that is being closed go on. It reports Conflict for any other.
func (d *Directory) Reopen(ctx context.Context, slug string, w Why) error {
	err := d.keep(ctx, slug, reopened, "", w, func(row *store.TenantRow, k *Terms) error {
		if k.Closing == nil {
			return notClosing(slug)
		}
		row.State = store.StateActive
		k.Closing, k.Hold = nil, nil
		return nil
	}, store.StateReadOnly)
	if err != nil {
		return err
	}
	return d.shut(ctx, slug, "")
}

// reopened is the act of Reopen.
const reopened = "reopened"

// Reopened reports whether a customer that was to be closed, as was said at a moment, had Reopen since.
func (d *Directory) Reopened(ctx context.Context, id string, said time.Time) (bool, error) {
	acts, err := d.registry.Acts(ctx, id)
	return slices.ContainsFunc(acts, func(a store.Act) bool { return a.Kind == reopened && !a.At.Before(said) }), err
}

func closingAlready(slug string) error {
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is being closed", slug), Hint: "verlof tenant close " + slug + " --undo has it go on"}
}

func notClosing(slug string) error {
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is not being closed", slug), Hint: "begin with: verlof tenant close " + slug + " --reason TEXT"}
}

// Preserve has everything of a customer be kept: a legal hold. One that is there is replaced.
// It reports Invalid without a reason or for an end that is past.
func (d *Directory) Preserve(ctx context.Context, slug string, until time.Time, w Why) error {
	if w.Reason = strings.TrimSpace(w.Reason); w.Reason == "" {
		return errs.Operator("say why with --reason, such as the number of the case", "a legal hold needs a reason")
	}
	if err := d.toCome(until); err != nil {
		return err
	}
	detail := "until it is released"
	if !until.IsZero() {
		detail = "until " + until.UTC().Format(time.RFC3339)
	}
	return d.keep(ctx, slug, "legal hold", detail, w, func(_ *store.TenantRow, k *Terms) error {
		k.Legal = &Legal{Reason: w.Reason, By: w.By, Until: until}
		return nil
	})
}

// Release ends a legal hold. It reports Conflict where there is none.
func (d *Directory) Release(ctx context.Context, slug string, w Why) error {
	return d.keep(ctx, slug, "legal hold released", "", w, func(_ *store.TenantRow, k *Terms) error {
		if k.Legal == nil {
			return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("there is no legal hold on %s", slug)}
		}
		k.Legal = nil
		return nil
	})
}

// Held reports whether copies of a customer are kept however old they get. Where that cannot
// be known they are.
func (d *Directory) Held(id string) bool {
	row, err := d.registry.Tenant(context.Background(), id)
	if errs.Is(err, errs.NotFound) {
		return false // the registry itself, or nobody's
	}
	if err != nil {
		return true
	}
	k, err := TermsOf(row)
	return err != nil || k.Legal.holds(d.Now())
}

// Destroyed reports whether the keys of a customer were destroyed. Where that cannot be known they
// are taken to be there.
func (d *Directory) Destroyed(id string) bool {
	row, err := d.registry.Tenant(context.Background(), id)
	if err != nil || row.State != store.StateClosed {
		return false
	}
	k, err := TermsOf(row)
	return err == nil && k.Ended != nil
}

// keep changes what the registry keeps of a customer in one of some states; none named: any but closed.
func (d *Directory) keep(ctx context.Context, slug, kind, detail string, w Why, do func(*store.TenantRow, *Terms) error, in ...store.State) error {
	if len(in) == 0 {
		in = []store.State{store.StateActive, store.StateReadOnly, store.StateSuspended, store.StateQuarantined, store.StateMoving}
	}
	return d.change(ctx, slug, kind, detail, w, func(row *store.TenantRow) error {
		k, err := TermsOf(*row)
		if err == nil {
			err = do(row, &k)
		}
		if err == nil {
			row.Settings, err = k.text()
		}
		return err
	}, in...)
}

// End destroys the keys of a customer that is being closed, and its host names: nobody comes
// in, and nothing that they sealed opens any more. Its databases are still where Ended says. For
// one that was ended it returns the same again. now does not wait for the end of
// the time that was given, lost not for a database that cannot be opened. It reports Conflict for one
// that is not being closed, whose time is not over, or on which there is a legal hold.
func (d *Directory) End(ctx context.Context, slug string, now, lost bool, w Why) (Ended, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return Ended{}, err
	}
	k, err := TermsOf(row)
	if err != nil || k.Ended != nil {
		return deref(k.Ended), err
	}
	if err := d.mayEnd(slug, k, now); err != nil {
		return Ended{}, err
	}
	shut := d.shut(ctx, slug, store.ShutMoved) // whoever writes is waited for; who comes later finds nothing
	if err := mayBeLost(slug, lost, shut); err != nil {
		return Ended{}, err
	}
	e, err := d.ended(ctx, row, k, w)
	e.Lost = shut != nil
	if err == nil {
		err = d.addBeside(ctx, &e, lost)
	}
	if err != nil {
		return e, err
	}
	was := Terms{Ended: &e}
	if row.Settings, err = was.text(); err != nil {
		return e, err
	}
	row.State, row.Keys, row.Database = store.StateClosed, "", ""
	_, err = d.commit(ctx, row, []string{}, "keys destroyed", fmt.Sprintf("%d keys", len(e.Keys)), w)
	return e, err
}

func deref(e *Ended) Ended {
	if e == nil {
		return Ended{}
	}
	return *e
}

func (d *Directory) mayEnd(slug string, k Terms, now bool) error {
	switch {
	case k.Legal.holds(d.Now()):
		return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("there is a legal hold on %s: %s", slug, k.Legal.Reason), Hint: "verlof tenant hold " + slug + " --release ends it"}
	case k.Closing == nil:
		return notClosing(slug)
	case !now && d.Now().Before(k.Closing.Until):
		return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("%s was given time until %s", slug, k.Closing.Until.Format(time.RFC3339)),
			Hint: "wait, or do not with --now"}
	}
	return nil
}

// ended returns what there is of a customer: its keys by their fingerprints, and every
// database that it has or had.
func (d *Directory) ended(ctx context.Context, row store.TenantRow, k Terms, w Why) (Ended, error) {
	e := Ended{ID: row.ID, Slug: row.Slug, Name: row.Name, Closing: *k.Closing, At: d.clock(), By: w.By, Reason: w.Reason,
		Root: seal.SealedBy(row.Keys), Databases: []string{row.Database}}
	var err error
	if e.Hosts, err = d.registry.Hosts(ctx, row.ID); err != nil {
		return e, err
	}
	e.Keys, err = opened(ctx, d, func(r *seal.Root) ([]seal.Fingerprint, error) { return r.Fingerprints(row.ID, row.Keys) })
	if err != nil {
		return e, err
	}
	acts, err := d.registry.Acts(ctx, row.ID)
	for _, a := range acts {
		if a.Kind != replaced && a.Kind != moved && a.Kind != broughtBack {
			continue
		}
		for _, where := range strings.Split(a.Detail, arrow) {
			if !slices.Contains(e.Databases, where) {
				e.Databases = append(e.Databases, where)
			}
		}
	}
	if err == nil {
		var before []string
		before, err = d.snapshots(ctx, row.ID)
		e.Databases = append(e.Databases, before...)
	}
	return e, err
}

// addBeside adds what lies beside the databases of a customer on servers: states that were had back,
// and copies that were opened. lost goes on without a server that cannot be reached.
func (d *Directory) addBeside(ctx context.Context, e *Ended, lost bool) error {
	for _, where := range slices.Clone(e.Databases) {
		if _, _, _, err := d.Place.ServerOf(where); err != nil {
			continue // files go with their folder
		}
		list, err := d.Place.DatabasesOn(ctx, where, e.ID)
		if err := mayBeLost(e.Slug, lost, err); err != nil {
			return err
		}
		for _, o := range list {
			if !slices.Contains(e.Databases, o.Where) {
				e.Databases = append(e.Databases, o.Where)
			}
		}
	}
	return nil
}

// Attest signs what was destroyed with the key of the issuing certificate, keeps it, and
// returns it.
func (d *Directory) Attest(ctx context.Context, id string, statement any) (signed string, err error) {
	a, err := d.Authority(ctx)
	if err != nil {
		return "", err
	}
	if signed, err = a.Attest("verlof-destruction+jws", statement); err != nil {
		return "", err
	}
	return signed, d.registry.SetCertificate(ctx, id, d.clock(), signed)
}

// HalfDestroyed returns the short names of customers whose destruction has begun and was cut short: their keys are destroyed, and
// nothing was attested. One that is under way at the moment is among them.
func (d *Directory) HalfDestroyed(ctx context.Context) (slugs []string, err error) {
	rows, err := d.registry.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if row.State != store.StateClosed || !d.Destroyed(row.ID) {
			continue
		}
		_, err := d.registry.Certificate(ctx, row.ID)
		if errs.Is(err, errs.NotFound) {
			slugs = append(slugs, row.Slug)
		} else if err != nil {
			return slugs, err
		}
	}
	return slugs, nil
}

// Certificate returns what was attested of a customer that was destroyed. It reports NotFound, and Conflict for one whose
// destruction was cut short.
func (d *Directory) Certificate(ctx context.Context, slug string) (string, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return "", err
	}
	signed, err := d.registry.Certificate(ctx, row.ID)
	if errs.Is(err, errs.NotFound) && d.Destroyed(row.ID) {
		return "", &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("the destruction of customer %s has begun and is not at its end", slug),
			Hint: "run verlof tenant destroy " + slug + " --confirm " + slug + " again: it goes on where it was cut short"}
	}
	if errs.Is(err, errs.NotFound) {
		return "", &errs.Error{Kind: errs.NotFound, Err: fmt.Errorf("customer %s was not destroyed", slug)}
	}
	return signed, err
}

// ShredRegistry has the registry's database hold nothing of what was taken out of it.
func (d *Directory) ShredRegistry(ctx context.Context) error { return d.registry.Shred(ctx) }
