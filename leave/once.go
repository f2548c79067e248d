// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"strings"

	"verlof/errs"
	"verlof/internal/id"
	"verlof/people"
)

// once is for what is written under an id that its writer chose before, so that what is sent twice is written
// once: done says that same was written already, and had is that. It reports Conflict where something else was.
// The writer and whose it is are locked from then on. Without an id nothing was written yet.
func once[T any](c *scene, key string, whose people.ID, get func(string) (T, error), same func(*T) bool) (had T, done bool, err error) {
	if key == "" {
		return had, false, nil
	}
	if !id.Is(key) {
		return had, false, errs.New(errs.Invalid, "")
	}
	if err := c.lockAll([]people.ID{whose, c.viewer.ID}); err != nil {
		return had, false, err
	}
	had, err = get(key)
	switch {
	case errs.Is(err, errs.NotFound):
		return had, false, nil
	case err != nil:
		return had, false, err
	case !same(&had):
		return had, false, errs.New(errs.Conflict, "leave.error.sent_before")
	}
	return had, true, nil
}

// asksAs reports whether two lines by hand of one writer mean the same.
func (a *Adjustment) asksAs(o *Adjustment) bool {
	return a.By == o.By && a.Person == o.Person && a.Type == o.Type && a.Date == o.Date && a.Until == o.Until && a.Amount.Equal(o.Amount) &&
		a.Class == o.Class && strings.TrimSpace(a.Reason) == o.Reason
}

// asksAs reports whether two claims by one asker mean the same.
func (x *Claim) asksAs(o *Claim) bool {
	return x.AskedBy == o.AskedBy && x.Person == o.Person && x.Kind == o.Kind && x.Type == o.Type && x.Date == o.Date && x.Event == o.Event &&
		x.Child == o.Child && x.Times == o.Times && x.Minutes == o.Minutes && x.Factor == o.Factor && x.Amount.Equal(o.Amount) && x.Note == o.Note
}
