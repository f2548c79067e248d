// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Forgotten is what was taken away at a depot.
type Forgotten struct {
	Depot   string `json:"depot"`
	Objects int    `json:"objects"`
	Bytes   int64  `json:"bytes"`
}

// Places returns the depots of an installation, each once.
func (c *Copies) Places() []Depot {
	places := []Depot{c.Depot}
	for _, at := range c.Wholes {
		if at.String() != c.Depot.String() {
			places = append(places, at)
		}
	}
	return places
}

// Forget takes away everything that a depot keeps of a database, and looks again whether
// nothing is left. What a bucket keeps of deleted objects is the bucket's.
func Forget(ctx context.Context, at Depot, id string) (Forgotten, error) {
	f := Forgotten{Depot: at.String()}
	list, err := at.List(ctx, id)
	if err != nil {
		return f, fmt.Errorf("list what %s keeps: %w", at, err)
	}
	var names []string
	for _, o := range list {
		names = append(names, o.Name)
		f.Bytes += o.Size
	}
	f.Objects = len(names)
	if len(names) == 0 {
		return f, nil
	}
	if err := at.Delete(ctx, names...); err != nil {
		return f, fmt.Errorf("take away what %s keeps of %s: %w", at, id, err)
	}
	if list, err = at.List(ctx, id); err == nil && len(list) > 0 {
		err = fmt.Errorf("%s still keeps %d objects of %s", at, len(list), id)
	}
	return f, err
}

// Renew puts the database as it is now at every place, and takes away all that is older: no
// earlier moment of it can be had back then.
func (l *Log) Renew(ctx context.Context) (all []Forgotten, err error) {
	if err := l.flush(); err != nil {
		return nil, err
	}
	if err := errors.Join(l.Status().Err, l.TakeImage(ctx)); err != nil {
		return nil, err
	}
	for _, at := range l.copies.Places() {
		f := Forgotten{Depot: at.String()}
		if err := l.renewWhole(ctx, at, &f); err != nil {
			return nil, err
		}
		r, _, err := readRow(ctx, at, l.id)
		if err != nil {
			return nil, err
		}
		for _, e := range r.before(time.Unix(1<<40, 0)) {
			if err := f.delete(ctx, at, e.name, e.size); err != nil {
				return nil, err
			}
		}
		all = append(all, f)
	}
	return all, nil
}

// renewWhole puts a whole at a place and takes the others away.
func (l *Log) renewWhole(ctx context.Context, at Depot, f *Forgotten) error {
	old, _, err := readWholes(ctx, at, l.id)
	if err != nil {
		return err
	}
	w := newWhole(l.id, l.copies.now().UTC().Truncate(time.Microsecond), l.Status().Record)
	if err := l.putWhole(ctx, at, w); err != nil {
		return err
	}
	for _, o := range old {
		if o.name == w.name {
			continue
		}
		if err := f.delete(ctx, at, o.name, o.size); err != nil {
			return err
		}
	}
	return nil
}

func (f *Forgotten) delete(ctx context.Context, at Depot, name string, size int64) error {
	if err := at.Delete(ctx, name); err != nil {
		return fmt.Errorf("take away %s: %w", name, err)
	}
	f.Objects++
	f.Bytes += size
	return nil
}
