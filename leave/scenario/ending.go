// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"slices"

	"verlof/leave"
	"verlof/leave/explain"
)

// ifTold reads if told|read TERM before.
func ifTold(a *args, c *leave.CarryOver) (err error) {
	if c.Told.Read = a.take("read"); !c.Told.Read {
		err = a.need("told")
	}
	if err == nil {
		c.Told.Before, err = term(a)
	}
	if err == nil {
		err = a.need("before")
	}
	return err
}

// longer reads longer when sick TERM, or longer after TYPE TERM; [at most N].
func longer(a *args, t leave.Type, c *leave.CarryOver) (err error) {
	var x leave.Longer
	if a.take("after") {
		var typ string
		typ, err = a.next("the name of a type of leave")
		x.Types = []string{typ}
	} else if err = a.need("when"); err == nil {
		err = a.need("sick")
	}
	if err == nil {
		x.Term, err = term(a)
	}
	if err == nil && a.take("at") {
		if err = a.need("most"); err == nil {
			x.Most, err = inUnit(a, t)
		}
	}
	c.Longer = append(c.Longer, x)
	return err
}

// theRest reads the rest lapses|is paid out|is bought back.
func theRest(a *args, c *leave.CarryOver) error {
	what := a.rest()
	rest, ok := map[string]leave.Consequence{"rest lapses": leave.Lapses, "rest is paid out": leave.PaidOut,
		"rest is bought back": leave.BoughtBack}[what]
	if !ok {
		return wrong(what, "expected: the rest lapses, the rest is paid out or the rest is bought back")
	}
	c.Rest = rest
	return nil
}

// told NAME [TYPE] DATE [for DATE] [of N] [read DATE]: a notice of what ends.
func (w *world) sayTold(a *args) error {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return err
	}
	w.next++
	n := leave.Notice{ID: fmt.Sprintf("%04d", w.next), Person: f.Person.ID, Type: t.ID, Sent: d}
	if a.take("for") {
		if n.Ends, err = a.date(); err != nil {
			return err
		}
		if n.Ends <= d {
			return wrong(n.Ends.String(), "does not lie after the day on which the letter was sent")
		}
	}
	if a.take("of") {
		if n.Amount, err = someInUnit(a, t); err != nil {
			return err
		}
	}
	if a.take("read") {
		if n.Read, err = a.date(); err != nil {
			return err
		}
		if n.Read < d {
			return wrong(n.Read.String(), "lies before the day on which the letter was sent")
		}
	}
	f.Notices = append(f.Notices, n)
	return a.done()
}

// stays are the reasons for which leave is not lost at its last day.
var stays = []string{"not_told", "told_less", "longer_sick", "longer_away"}

// ended tells what of a leave year was paid out, what stayed that would have been lost, and which loss had been announced.
func ended(s *leave.Statement) []string {
	var out []string
	if s.Paid.Sign() > 0 {
		out = append(out, explain.Plain(english(), s.Paid, s.Unit)+" paid")
	}
	for _, l := range s.Lines {
		if l.Kind != leave.LineCarried || !s.Year.Contains(l.Date) || !slices.Contains(stays, l.Why[0].Key) {
			continue
		}
		out = append(out, explain.Plain(english(), l.Amount, s.Unit)+": "+sentence(l.Why[0]))
	}
	for _, l := range s.Lines {
		last := len(l.Why) - 1
		if last >= 0 && s.Year.Contains(l.Date) && (l.Why[last].Key == "told" || l.Why[last].Key == "told_some") {
			out = append(out, explain.Plain(english(), l.Amount.Neg(), s.Unit)+": "+sentence(l.Why[last]))
		}
	}
	return out
}
