// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"encoding/json"
	"fmt"

	"verlof/errs"
	"verlof/identity/bureau"
	"verlof/store"
)

// others is the way of one customer to others: a bureau.Others. What it asks each of them is
// asked of that customer's services, in the name of a person there.
type others struct {
	d  *Directory
	id string // who asks
}

// Sends is part of bureau.Others. A bureau that is out of service sends nobody.
func (o others) Sends(ctx context.Context, firm, admission, subject string) error {
	t, release, err := o.serving(ctx, firm)
	if err != nil {
		return err
	}
	defer release()
	return t.Bureaus.Sends(ctx, o.id, admission, subject)
}

// Waiting is part of bureau.Others.
func (o others) Waiting(ctx context.Context, customer, admission, subject string) (w bureau.Waiting, err error) {
	t, release, err := o.serving(ctx, customer)
	if err != nil {
		return w, err
	}
	defer release()
	p, err := t.Bureaus.Guest(ctx, o.id, admission, subject)
	if errs.Is(err, errs.NotFound) {
		return w, nil
	}
	if err != nil {
		return w, err
	}
	w.Known = true
	w.Requests, err = t.Leave.WaitingCount(ctx, p.ID)
	return w, err
}

// serving returns a customer that is in service.
func (o others) serving(ctx context.Context, id string) (*Tenant, func(), error) {
	row, err := o.d.registry.Tenant(ctx, id)
	if errs.Is(err, errs.NotFound) || err == nil && !row.State.Serves() {
		return nil, nil, errs.New(errs.Forbidden, "bureau.error.not_in_service")
	}
	if err != nil {
		return nil, nil, err
	}
	return o.d.use(ctx, row)
}

// Carry tells the other side what an outbox row of a customer says about an admission. Where
// nobody is to be told any more it does nothing; who it is told to may have been told before.
func (d *Directory) Carry(ctx context.Context, t *Tenant, kind string, payload []byte) error {
	about := ""
	if err := json.Unmarshal(payload, &about); err != nil {
		return errs.New(errs.Invalid, "").Because(fmt.Errorf("what is told about a bureau: %w", err))
	}
	carry := map[string]func(context.Context, *Tenant, string) error{bureau.KindTerms: d.carryTerms, bureau.KindAnswer: d.carryAnswer}[kind]
	if carry == nil {
		return errs.New(errs.Invalid, "").Because(fmt.Errorf("nothing is told by %q", kind))
	}
	err := carry(ctx, t, about)
	if errs.Is(err, errs.NotFound) {
		return nil // which is all that a customer learns who named a bureau that there is not
	}
	return err
}

func (d *Directory) carryTerms(ctx context.Context, t *Tenant, about string) error {
	terms, host, firm, err := t.Bureaus.Terms(ctx, about)
	if err != nil {
		return err
	}
	var row store.TenantRow
	if firm != "" {
		row, err = d.registry.Tenant(ctx, firm)
	} else {
		row, err = d.registry.TenantByHost(ctx, host)
	}
	if err != nil || row.ID == t.ID {
		return err
	}
	return d.tell(ctx, row, func(other *Tenant) error { return other.Bureaus.Take(ctx, terms) })
}

func (d *Directory) carryAnswer(ctx context.Context, t *Tenant, about string) error {
	answer, customer, err := t.Bureaus.Answer(ctx, about)
	if err != nil {
		return err
	}
	row, err := d.registry.Tenant(ctx, customer)
	if err != nil {
		return err
	}
	return d.tell(ctx, row, func(other *Tenant) error { return other.Bureaus.Hear(ctx, answer) })
}

// tell runs f with a customer that has not been closed.
func (d *Directory) tell(ctx context.Context, row store.TenantRow, f func(*Tenant) error) error {
	if row.State == store.StateClosed {
		return nil
	}
	other, release, err := d.use(ctx, row)
	if err != nil {
		return err
	}
	defer release()
	return f(other)
}
