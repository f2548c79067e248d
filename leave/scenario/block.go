// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"strings"

	"verlof/leave"
	"verlof/leave/explain"
)

// blockClause reads block of N weeks [or twice N weeks], or block of N days of six a
// week; [between DAY MONTH and DAY MONTH].
func blockClause(a *args, b *leave.Block) error {
	if err := a.need("of"); err != nil {
		return err
	}
	n, err := a.whole()
	if err != nil {
		return err
	}
	if a.take("days") || a.take("day") {
		b.SixDays = n
		err = a.needAll("of", "six", "a", "week")
	} else if err = a.weeks(); err == nil {
		b.Weeks = n
		if a.take("or") {
			if err = a.need("twice"); err == nil {
				b.Twice, err = a.whole()
			}
			if err == nil {
				err = a.weeks()
			}
		}
	}
	if err != nil || !a.take("between") {
		return err
	}
	if b.From, err = a.monthDay(); err == nil {
		if err = a.need("and"); err == nil {
			b.To, err = a.monthDay()
		}
	}
	return err
}

// whole takes a whole number from 1 to 200.
func (a *args) whole() (int, error) {
	x, err := a.number()
	if err != nil {
		return 0, err
	}
	n, ok := x.Int64()
	if !ok || n < 1 || n > 200 {
		return 0, wrong(x.String(), "is no number from 1 to 200")
	}
	return int(n), nil
}

// weeks takes the word week or weeks.
func (a *args) weeks() error {
	if a.take("week") {
		return nil
	}
	return a.need("weeks")
}

// needAll takes several words.
func (a *args) needAll(words ...string) error {
	for _, w := range words {
		if err := a.need(w); err != nil {
			return err
		}
	}
	return nil
}

// standings are the words for how far a block is.
var standings = map[leave.BlockStanding]string{leave.BlockTaken: "taken", leave.BlockBooked: "booked", leave.BlockAsked: "asked for",
	leave.BlockPossible: "possible", leave.BlockMissed: "not possible", leave.BlockNotDue: "not due"}

// block NAME [TYPE] DATE: how far the block is that the policy asks for, what is still
// to be booked for it, and why.
func (w *world) askBlock(a *args) (string, error) {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return "", err
	}
	v, ok := w.book.BlockOn(f, t, d)
	if !ok {
		return "none", a.done()
	}
	cols := []string{standings[v.Standing]}
	if v.Standing == leave.BlockPossible {
		cols = append(cols, explain.Plain(english(), v.Cost, t.Unit), "by "+v.By.String())
	}
	var why []string
	for _, r := range v.Why {
		why = append(why, sentence(r))
	}
	if v.Standing == leave.BlockPossible {
		w.why, why = why, nil
	}
	return row(append(cols, strings.Join(why, "; "))...), a.done()
}
