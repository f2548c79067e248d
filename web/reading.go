// SPDX-License-Identifier: Apache-2.0

package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/people"
)

// number reads a whole number; none is zero.
func (f *form) number(name string) int {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		f.refuse(errs.New(errs.Invalid, "admin.error.number").At(name))
	}
	return n
}

// amount reads an amount as the reader writes it: a number of days, or hours as
// "4:30" or "4.5", which become minutes.
func (f *form) amount(name string, u leave.Unit) exact.Rat {
	s := strings.ReplaceAll(strings.ReplaceAll(f.text(name), ",", "."), "\u2212", "-")
	sign := exact.Int(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = strings.TrimSpace(rest), exact.Int(-1)
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	hours, minutes, clock := strings.Cut(s, ":")
	v, err := exact.Parse(hours)
	if u == leave.Hours {
		v = v.Mul(exact.Int(60))
	}
	if clock && err == nil {
		var m exact.Rat
		if m, err = exact.Parse(minutes); m.Sign() < 0 || !m.Less(exact.Int(60)) {
			err = errs.New(errs.Invalid, "")
		}
		v = v.Add(m)
	}
	if err != nil || clock && u != leave.Hours || v.Sign() < 0 {
		f.refuse(errs.New(errs.Invalid, "web.error.amount").At(name))
		return exact.Rat{}
	}
	return v.Mul(sign)
}

// amountOr is like amount where none is nothing.
func (f *form) amountOr(name string, u leave.Unit) exact.Rat {
	if f.text(name) == "" {
		return exact.Rat{}
	}
	return f.amount(name, u)
}

// monthDay reads a day of every year from two fields; without a month there is
// none.
func (f *form) monthDay(name string) leave.MonthDay {
	if f.text(name+"_month") == "" {
		return leave.MonthDay{}
	}
	month, wrongMonth := strconv.Atoi(f.text(name + "_month"))
	day, wrongDay := strconv.Atoi(f.text(name + "_day"))
	if wrongMonth != nil || wrongDay != nil || day < 1 || day > 31 {
		f.refuse(errs.New(errs.Invalid, "leave.error.month_day").At(name))
		return leave.MonthDay{}
	}
	return leave.MonthDay{Month: time.Month(month), Day: day}
}

// oneOf reads one of a few words.
func (f *form) oneOf(name string, words ...string) string {
	s := f.text(name)
	if !slices.Contains(words, s) {
		f.refuse(errs.New(errs.Invalid, "leave.error.not_listed").At(name))
	}
	return s
}

// month reads a month as "2026-03" and returns its days; none means that of
// today, and so does what is none.
func (f *form) month(name string, today calendar.Date) calendar.Range {
	y, m, _ := today.Civil()
	if s := f.text(name); s != "" {
		d, err := calendar.Parse(s + "-01")
		if err != nil {
			f.refuse(errs.New(errs.Invalid, "web.error.month").At(name))
		} else {
			y, m, _ = d.Civil()
		}
	}
	return calendar.MonthOf(y, m)
}

// portion reads a part of a day from the fields name, name-from and name-to.
func (f *form) portion(name string) calendar.Portion {
	word := f.text(name)
	from, to := f.text(name+"-from"), f.text(name+"-to")
	switch {
	case from != "" || to != "" || word == "hours":
		word = from + "-" + to
	case word == "":
		return calendar.WholeDay
	}
	p, err := calendar.ParsePortion(word)
	if err != nil {
		f.refuse(errs.New(errs.Invalid, "web.error.hours").At(name))
		return calendar.WholeDay
	}
	return p
}

// setPortion fills in a part of a day as portion reads it.
func (f *form) setPortion(name string, p calendar.Portion) {
	if p.Kind != calendar.Hours {
		f.values.Set(name, p.String())
		return
	}
	f.values.Set(name, "hours")
	f.values.Set(name+"-from", f.lang.Clock(p.Hours.From))
	f.values.Set(name+"-to", f.lang.Clock(p.Hours.To))
}

// whose is the person that a form is about: the visitor where it names nobody.
func (f *form) whose(v *visit) people.ID {
	if id := f.text("person"); id != "" {
		return people.ID(id)
	}
	return v.person
}
