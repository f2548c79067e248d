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
	Left    int    `json:"left,omitempty"` // objects of which something may be there still: the depot refuses to take it away
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
// nothing is left but what the depot refuses to take away.
func Forget(ctx context.Context, at Depot, id string) (Forgotten, error) {
	if err := at.Clear(ctx, id, time.Unix(1<<40, 0)); err != nil && !refused(err) { // whom it does not let, it did not let put parts
		return Forgotten{}, fmt.Errorf("take away what %s keeps of %s in part: %w", at, id, err)
	}
	f, err := at.Erase(ctx, id, nil)
	if err != nil {
		return f, fmt.Errorf("take away what %s keeps of %s: %w", at, id, err)
	}
	list, err := at.List(ctx, id)
	if err == nil && len(list) > f.Left {
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
	if err := l.mirror(ctx); err != nil {
		return nil, err
	}
	for _, at := range l.copies.Places() {
		f, err := l.renewAt(ctx, at)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// renewAt puts a whole at a place and takes the others away, and all records before the newest image.
func (l *Log) renewAt(ctx context.Context, at Depot) (Forgotten, error) {
	w := newWhole(l.id, l.copies.now().UTC().Truncate(time.Microsecond), l.Status().Record)
	if err := l.putWhole(ctx, at, w); err != nil {
		return Forgotten{}, err
	}
	r, _, err := readRow(ctx, at, l.id)
	if err != nil {
		return Forgotten{}, err
	}
	img, ok := r.image(time.Unix(1<<40, 0))
	total := Forgotten{Depot: at.String()}
	for below, keep := range map[string]func(string) bool{
		wholeFolder(l.id): func(name string) bool { return name >= w.name }, // names are in the order of time
		rowFolder(l.id): func(name string) bool { // somebody may put the next record meanwhile
			e, known := parseEntry(l.id, Object{Name: name})
			return !ok || !known || !e.before(img)
		},
	} {
		f, err := at.Erase(ctx, below, keep)
		if err != nil {
			return total, fmt.Errorf("take away what %s keeps: %w", at, err)
		}
		total.Objects, total.Bytes, total.Left = total.Objects+f.Objects, total.Bytes+f.Bytes, total.Left+f.Left
	}
	return total, nil
}
