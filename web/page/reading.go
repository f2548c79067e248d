// SPDX-License-Identifier: Apache-2.0

package page

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

// Number reads a whole number; none is zero.
func (f *Form) Number(name string) int {
	s := f.Text(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		f.Refuse(errs.New(errs.Invalid, "admin.error.number").At(name))
	}
	return n
}

// Amount reads an amount as the reader writes it: a number of days, or hours as
// "4:30" or "4.5", which become minutes.
func (f *Form) Amount(name string, u leave.Unit) exact.Rat {
	s := strings.ReplaceAll(strings.ReplaceAll(f.Text(name), ",", "."), "\u2212", "-")
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
		f.Refuse(errs.New(errs.Invalid, "web.error.amount").At(name))
		return exact.Rat{}
	}
	return v.Mul(sign)
}

// AmountOr is like amount where none is nothing.
func (f *Form) AmountOr(name string, u leave.Unit) exact.Rat {
	if f.Text(name) == "" {
		return exact.Rat{}
	}
	return f.Amount(name, u)
}

// MonthDay reads a day of every year from two fields; without a month there is
// none.
func (f *Form) MonthDay(name string) leave.MonthDay {
	if f.Text(name+"_month") == "" {
		return leave.MonthDay{}
	}
	month, wrongMonth := strconv.Atoi(f.Text(name + "_month"))
	day, wrongDay := strconv.Atoi(f.Text(name + "_day"))
	if wrongMonth != nil || wrongDay != nil || day < 1 || day > 31 {
		f.Refuse(errs.New(errs.Invalid, "leave.error.month_day").At(name))
		return leave.MonthDay{}
	}
	return leave.MonthDay{Month: time.Month(month), Day: day}
}

// OneOf reads one of a few words.
func (f *Form) OneOf(name string, words ...string) string {
	s := f.Text(name)
	if !slices.Contains(words, s) {
		f.Refuse(errs.New(errs.Invalid, "leave.error.not_listed").At(name))
	}
	return s
}

// Month reads a month as "2026-03" and returns its days; none means that of
// today, and so does what is none.
func (f *Form) Month(name string, today calendar.Date) calendar.Range {
	y, m, _ := today.Civil()
	if s := f.Text(name); s != "" {
		d, err := calendar.Parse(s + "-01")
		if err != nil {
			f.Refuse(errs.New(errs.Invalid, "web.error.month").At(name))
		} else {
			y, m, _ = d.Civil()
		}
	}
	return calendar.MonthOf(y, m)
}

// Portion reads a part of a day from the fields name, name-from and name-to.
func (f *Form) Portion(name string) calendar.Portion {
	word := f.Text(name)
	from, to := f.Text(name+"-from"), f.Text(name+"-to")
	switch {
	case from != "" || to != "" || word == "hours":
		word = from + "-" + to
	case word == "":
		return calendar.WholeDay
	}
	p, err := calendar.ParsePortion(word)
	if err != nil {
		f.Refuse(errs.New(errs.Invalid, "web.error.hours").At(name))
		return calendar.WholeDay
	}
	return p
}

// SetPortion fills in a part of a day as portion reads it.
func (f *Form) SetPortion(name string, p calendar.Portion) {
	if p.Kind != calendar.Hours {
		f.Values.Set(name, p.String())
		return
	}
	f.Values.Set(name, "hours")
	f.Values.Set(name+"-from", f.Lang.Clock(p.Hours.From))
	f.Values.Set(name+"-to", f.Lang.Clock(p.Hours.To))
}

// Whose is the person that a form is about: the visitor where it names nobody.
func (f *Form) Whose(v *Visit) people.ID {
	if id := f.Text("person"); id != "" {
		return people.ID(id)
	}
	return v.Person
}
