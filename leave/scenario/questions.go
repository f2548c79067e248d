// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
)

// questions are the lines that ask something. Each answers in columns parted by
// two spaces.
var questions map[string]func(*world, *args) (string, error)

func init() { // not a literal: beginnings reads it from within
	questions = map[string]func(*world, *args) (string, error){
		"balance":   (*world).askBalance,
		"available": (*world).askAvailable,
		"left":      (*world).askLeft,
		"count":     (*world).askCount,
		"ask":       (*world).askAsk,
		"horizon":   (*world).askHorizon,
		"back":      (*world).askBack,
		"corrected": (*world).askCorrected,
		"closed":    (*world).askClosed,
		"tradable":  (*world).askTradable,
		"leaver":    (*world).askLeaver,
		"block":     (*world).askBlock,
		"on":        (*world).askOn,
		"request":   (*world).askRequest,
		"settle":    (*world).askSettle,
		"unsettle":  (*world).askUnsettle,
		"changed":   (*world).askChanged,
	}
}

// earning are the kinds of line that say how an entitlement came about.
var earning = []leave.LineKind{leave.LineGrant, leave.LineOvertime, leave.LineBought}

// english is the language of scenarios.
var english = sync.OnceValue(func() *lang.Locale { return lang.For("en") })

// statement takes NAME [TYPE] DATE.
func (w *world) statement(a *args) (leave.Statement, error) {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return leave.Statement{}, err
	}
	if err := a.done(); err != nil {
		return leave.Statement{}, err
	}
	if err := w.hasBalance(f, t); err != nil {
		return leave.Statement{}, err
	}
	s := w.book.Statement(f, t, d)
	w.why = tell(s)
	return s, nil
}

// hasBalance refuses to say what is left of leave of which nothing is ever due.
func (w *world) hasBalance(f *leave.Facts, t leave.Type) error {
	if !t.Entitled {
		return against(t.ID, "is kept without a balance")
	}
	due := slices.ContainsFunc(w.book.Policies, func(p leave.Policy) bool { return p.Type == t.ID }) ||
		slices.ContainsFunc(f.Adjustments, func(x leave.Adjustment) bool { return x.Type == t.ID }) ||
		slices.ContainsFunc(f.Fixed, func(x leave.FixedEntitlement) bool { return x.Type == t.ID })
	if !due {
		line := "policy " + t.ID + ": 25 days a year"
		if t.Unit == leave.Hours {
			line = "policy " + t.ID + ": 200 hours a year"
		}
		return against(t.ID, "nothing above says how much of it is due; a line such as %q comes first", line)
	}
	return nil
}

// balance NAME [TYPE] DATE: what is left that day, the formula of the leave
// year's entitlement and its reasons.
func (w *world) askBalance(a *args) (string, error) {
	s, err := w.statement(a)
	if err != nil {
		return "", err
	}
	var f leave.Formula
	var why []string
	for _, l := range s.Lines {
		if !slices.Contains(earning, l.Kind) || !s.Year.Contains(l.Date) {
			continue
		}
		f = f.Add(l.Formula)
		for _, r := range l.Why {
			if say := sentence(r); !r.OfAmount() && !slices.Contains(why, say) {
				why = append(why, say)
			}
		}
	}
	return row(explain.Plain(english(), s.Balance, s.Unit), explain.Formula(english(), f, s.Unit), strings.Join(why, "; ")), nil
}

// available NAME [TYPE] DATE: what can still be asked for on that day.
func (w *world) askAvailable(a *args) (string, error) {
	s, err := w.statement(a)
	return explain.Plain(english(), s.Available, s.Unit), err
}

// left NAME [TYPE] DATE: what is left of each leave year, and what expired or
// lapsed in the leave year of that day.
func (w *world) askLeft(a *args) (string, error) {
	s, err := w.statement(a)
	if err != nil {
		return "", err
	}
	cols := []string{explain.Plain(english(), s.Balance, s.Unit)}
	for _, b := range s.Buckets {
		cols = append(cols, explain.Plain(english(), b.Left, s.Unit)+" "+origin(b))
	}
	if s.Lost.Sign() > 0 {
		cols = append(cols, explain.Plain(english(), s.Lost, s.Unit)+" expired")
	}
	cols = append(cols, ended(&s)...)
	return row(cols...), nil
}

// count NAME [TYPE] SPAN [PARTS]: what that costs in days and hours, and by
// calendar year where there are two.
func (w *world) askCount(a *args) (string, error) {
	f, t, s, err := w.aboutSpan(a)
	if err != nil {
		return "", err
	}
	charges, _ := w.book.Count(f, t, s)
	minutes := leave.Total(charges, leave.Hours)
	var years []string
	for y := s.From.Year(); s.From.Year() != s.To.Year() && y <= s.To.Year(); y++ {
		in := slices.DeleteFunc(slices.Clone(charges), func(c leave.Charge) bool { return c.Date.Year() != y })
		years = append(years, fmt.Sprintf("%s in %d", english().Exact(leave.Total(in, leave.Days)), y))
	}
	return row(english().DaysExact(leave.Total(charges, leave.Days)), english().HoursOf(minutes), strings.Join(years, ", ")), a.done()
}

// ask NAME [TYPE] SPAN [PARTS]: accepted, and then it is booked; or refused, and
// why.
func (w *world) askAsk(a *args) (string, error) {
	f, t, s, err := w.aboutSpan(a)
	if err != nil {
		return "", err
	}
	charges, _ := w.book.Count(f, t, s)
	if err := w.book.Refusal(f, t, s, charges); err != nil {
		var known *errs.Error
		if !errors.As(err, &known) {
			return "", err
		}
		w.why = []string{said(known)}
		return row("refused", strings.ReplaceAll(strings.TrimPrefix(known.Public, "leave.error."), "_", " ")), a.done()
	}
	w.book1(f, t, s, leave.Pending)
	return row("accepted", explain.Plain(english(), leave.Total(charges, t.Unit), t.Unit)), a.done()
}

func row(cols ...string) string {
	return strings.Join(slices.DeleteFunc(cols, func(c string) bool { return c == "" }), "  ")
}

// tell writes every line of a statement with its reasons, and those of what leave that
// begins on its day would have due.
func tell(s leave.Statement) []string {
	var out []string
	for _, l := range slices.Concat(s.Lines, s.Opens) {
		text := fmt.Sprintf("%s  %-10s %s", l.Date, l.Kind, explain.Signed(english(), l.Amount, s.Unit))
		if f := explain.Formula(english(), l.Formula, s.Unit); f != "" {
			text += " = " + f
		}
		for _, r := range l.Why {
			text += "; " + sentence(r)
		}
		out = append(out, text+" -> "+explain.Plain(english(), l.Balance, s.Unit))
	}
	return out
}

// sentence writes a reason with dates as scenarios write them.
func sentence(r leave.Reason) string {
	args := slices.Clone(r.Args)
	for i, v := range args {
		switch v := v.(type) {
		case calendar.Date:
			args[i] = v.String()
		case exact.Rat:
			args[i] = english().Exact(v)
		}
	}
	return explain.Reasons(english(), []leave.Reason{{Key: r.Key, Args: args}})[0]
}

// horizon NAME [TYPE] DATE: the last day for which leave can be asked on that day.
func (w *world) askHorizon(a *args) (string, error) {
	f, t, d, err := w.aboutDate(a)
	if err != nil {
		return "", err
	}
	return w.book.Horizon(f, t, d).String(), a.done()
}
