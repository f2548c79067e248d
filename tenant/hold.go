// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/id"
	"verlof/store"
	"verlof/store/migration"
)

// Why says who does something to a customer, and for what reason. It goes on record.
type Why struct {
	By     string // as the machine knows them
	Reason string
}

// Hold is why a customer may be looked at and not changed.
type Hold struct {
	Reason string    `json:"reason"`           // as the operator wrote it; people read it
	Until  time.Time `json:"until,omitzero"`   // what people are told; it ends nothing by itself
	Closes bool      `json:"closes,omitempty"` // the customer leaves then
}

// Terms are what the registry keeps of how a customer stands.
type Terms struct {
	Hold   *Hold  `json:"hold,omitempty"`
	Moving string `json:"moving,omitempty"` // the database that it is on its way into
	Rank   int    `json:"rank,omitempty"`   // how important it is: see InOrder
	Canary bool   `json:"canary,omitempty"` // it is brought up to date before others
	Back   bool   `json:"back,omitempty"`   // it was put back to a snapshot, and waits

	Closing *Closing `json:"closing,omitempty"`
	Legal   *Legal   `json:"legal,omitempty"`
	Ended   *Ended   `json:"ended,omitempty"`
}

// TermsOf returns how a customer stands.
func TermsOf(row store.TenantRow) (k Terms, err error) {
	if row.Settings != "" {
		err = json.Unmarshal([]byte(row.Settings), &k)
	}
	return k, err
}

func (k *Terms) text() (string, error) {
	text, err := json.Marshal(k)
	return string(text), err
}

// Sentence returns the key of the sentence that tells people of the hold, and what it needs.
func (h *Hold) Sentence() (key string, args []any) {
	if h.Until.IsZero() {
		return "tenant.hold", []any{"reason", h.Reason}
	}
	at := h.Until.Local()
	if h.Closes {
		return "tenant.hold.closes", []any{"reason", h.Reason, "date", calendar.DateOf(at)}
	}
	return "tenant.hold.until", []any{"reason", h.Reason, "date", calendar.DateOf(at), "time", at.Format("15:04 MST")}
}

// refusal is what a change reports meanwhile.
func (h *Hold) refusal() *errs.Error {
	_, args := h.Sentence()
	if h.Until.IsZero() {
		return errs.New(errs.Unavailable, "tenant.error.held", args...)
	}
	if h.Closes {
		return errs.New(errs.Unavailable, "tenant.error.closes", args...)
	}
	return errs.New(errs.Unavailable, "tenant.error.held.until", args...)
}

// longReason bounds what an operator may give as a reason, in bytes: people read it above
// every page.
const longReason = 200

// Freeze lets a customer be looked at and not changed, in every process and from the moment
// it returns; changes under way are waited for. People read the reason, and until when. Mail
// waits. It reports NotFound, Invalid without a reason or for an end that is past, and Conflict for
// a customer that is neither in service nor frozen.
func (d *Directory) Freeze(ctx context.Context, slug string, h Hold, w Why) error {
	h.Reason = strings.TrimSpace(h.Reason)
	if h.Reason == "" || len(h.Reason) > longReason {
		return errs.Operator("say what people should know with --reason", "a customer is frozen for a reason of at most %d bytes", longReason)
	}
	if err := d.toCome(h.Until); err != nil {
		return err
	}
	w.Reason = h.Reason
	detail := ""
	if !h.Until.IsZero() {
		detail = "until " + h.Until.UTC().Format(time.RFC3339)
	}
	err := d.change(ctx, slug, "frozen", detail, w, func(row *store.TenantRow) error {
		row.State = store.StateReadOnly
		return hold(row, &h)
	}, store.StateActive, store.StateReadOnly)
	if err != nil {
		return err
	}
	return d.shut(ctx, slug, store.ShutFrozen)
}

// toCome refuses a time that is past; a zero one is none.
func (d *Directory) toCome(until time.Time) error {
	if until.IsZero() || until.After(d.Now()) {
		return nil
	}
	return errs.Operator("give a time that is to come", "%s is past", until.Format(time.RFC3339))
}

// Thaw lets a frozen customer be changed again, and one whose move was cut short, which it
// gives up. It reports NotFound, and Conflict for one that is out of service.
func (d *Directory) Thaw(ctx context.Context, slug string, w Why) error {
	err := d.change(ctx, slug, "thawed", "", w, func(row *store.TenantRow) error {
		row.State = store.StateActive
		return hold(row, nil)
	}, store.StateActive, store.StateReadOnly, store.StateMoving)
	if err != nil {
		return err
	}
	return d.shut(ctx, slug, "")
}

func hold(row *store.TenantRow, h *Hold) error {
	k, err := TermsOf(*row)
	if err != nil {
		return err
	}
	if k.Closing != nil {
		return closingAlready(row.Slug)
	}
	k.Hold, k.Moving = h, ""
	row.Settings, err = k.text()
	return err
}

// shut has a customer's database take no changes, or take them again.
func (d *Directory) shut(ctx context.Context, slug string, why store.Shut) error {
	t, release, err := d.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	defer release()
	return t.db.Shut(ctx, why)
}

// settleShut has the database of a frozen customer take no changes and that of one in service take them, where whoever
// froze or thawed it, or brought it up to date, was killed before that. One that is being left stays as it is; where that is for
// another one, that is put in force.
func (d *Directory) settleShut(ctx context.Context, row store.TenantRow, db *store.DB) error {
	for {
		is, err := whyShut(ctx, db)
		if err == nil && is == store.ShutMoved {
			_ = d.endSwap(ctx, row, db) // who looks may look; who changes something is told why not
			return nil
		}
		if err != nil || is == shutIn(row.State) || row.State != store.StateActive && row.State != store.StateReadOnly {
			return err
		}
		now, err := d.registry.Tenant(ctx, row.ID)
		if err == nil && now.State == row.State { // nobody is freezing or thawing it since row was read
			if err = db.Shut(ctx, shutIn(row.State)); err == nil {
				now, err = d.registry.Tenant(ctx, row.ID)
			}
		}
		if err != nil {
			return err
		}
		row = now
	}
}

// shutIn returns why the database of a customer in a state takes no changes.
func shutIn(s store.State) store.Shut {
	if s == store.StateReadOnly {
		return store.ShutFrozen
	}
	return ""
}

// whyShut returns why a database takes no changes.
func whyShut(ctx context.Context, db *store.DB) (why store.Shut, err error) {
	err = db.View(ctx, func(tx *store.Tx) (err error) {
		why, err = tx.WhyShut()
		return err
	})
	return why, err
}

// Log returns what was done to a customer, first things first. It reports NotFound.
func (d *Directory) Log(ctx context.Context, slug string) ([]store.Act, error) {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	return d.registry.Acts(ctx, row.ID)
}

// Note puts something on record that was done to a customer and changes nothing of it. It
// reports NotFound.
func (d *Directory) Note(ctx context.Context, slug, kind, detail string, w Why) error {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return err
	}
	return d.registry.AddAct(ctx, row.ID, d.act(kind, detail, w))
}

// act is something that is done now.
func (d *Directory) act(kind, detail string, w Why) store.Act {
	return store.Act{ID: id.New(d.Now()), At: d.clock(), Kind: kind, By: w.By, Reason: w.Reason, Detail: detail}
}

// change does something to what the registry says of a customer that is in one of some
// states, and puts it on record.
func (d *Directory) change(ctx context.Context, slug, kind, detail string, w Why, do func(*store.TenantRow) error, in ...store.State) error {
	row, err := d.bySlug(ctx, slug)
	if err != nil {
		return err
	}
	if !slices.Contains(in, row.State) {
		return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s is %s", slug, row.State),
			Hint: "verlof tenant show " + slug + " says what is under way"}
	}
	if err := do(&row); err != nil {
		return err
	}
	_, err = d.commit(ctx, row, nil, kind, detail, w)
	return err
}

// commit has the registry say what row says, and host names unless they are nil, and puts
// it on record. It returns the row as it stands then.
func (d *Directory) commit(ctx context.Context, row store.TenantRow, hosts []string, kind, detail string, w Why) (store.TenantRow, error) {
	err := d.registry.Change(ctx, row, hosts, d.act(kind, detail, w))
	if errs.Is(err, errs.NotFound) {
		return row, &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("customer %s was changed at the same time", row.Slug), Hint: "run the command again"}
	}
	if err != nil {
		return row, err
	}
	row.Revision++
	d.evict(row.ID)
	return row, nil
}

// thawed calls f while a frozen database takes changes: it lifts the freeze where the database is behind this program
// and f is to bring it up to date, and puts it back.
func thawed(ctx context.Context, db *store.DB, f func() error) error {
	have, err := store.SchemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if have == 0 || have >= migration.Tenant.Version {
		return f()
	}
	why, err := whyShut(ctx, db)
	if err != nil {
		return err
	}
	if why == "" {
		return f()
	}
	if err := db.Shut(ctx, ""); err != nil {
		return err
	}
	return errors.Join(f(), db.Shut(ctx, why))
}
