// SPDX-License-Identifier: Apache-2.0

// Package people owns the persons of one customer: who they are, where and
// under which contract they work, which teams they belong to, who leads whom,
// and who may see and do what. It refuses to know why anybody is away: leave
// stands on people, not the other way round. It does no I/O: the store
// implements Tx.
package people

import (
	"cmp"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/internal/order"
)

// ID identifies a person within one customer.
type ID string

// Person is somebody who works, or worked, for the customer.
type Person struct {
	ID         ID
	Number     string // the customer's own employee number; unique where not empty
	Email      string // lower case; unique
	GivenName  string
	FamilyName string
	Language   string // language tag of mails and pages; empty: the customer's
	Location   string // id of the Location; of whoever has a contract line see Record.LocationOn
	Roles      Roles
	Custom     []string      // ids of the customer's own roles that they hold, in order
	Active     bool          // may sign in and be booked
	Born       calendar.Date // zero: not known; for the person, and for those with the right SeeBirth
	Kept       bool          // by the customer's directory: names, mail address, number and Active follow it
	Bureau     *Bureau       // where they come from; nil: they are one of the customer's own people
}

// Name returns the name as it is said. Of somebody of a bureau it says so.
func (p Person) Name() string {
	name := strings.TrimSpace(p.GivenName + " " + p.FamilyName)
	if p.Bureau != nil {
		name += " (" + p.Bureau.Name + ")"
	}
	return name
}

// SortName returns the name as lists order it: family name first.
func (p Person) SortName() string {
	return strings.ToLower(p.FamilyName + "\x00" + p.GivenName)
}

// Held returns the names of the person's roles and the ids of the customer's own among them.
func (p *Person) Held() []string { return append(p.Roles.Names(), p.Custom...) }

// Location is a place of work. It decides which public holidays count.
type Location struct {
	ID       string
	Name     string
	Region   string   // code of a calendar.Region; empty: no public holidays
	TimeZone string   // IANA name; it decides which date is today
	Sets     []string // ids of the holiday sets that it keeps, in order
}

// Team is a group of persons and those who lead it.
type Team struct {
	ID       string
	Name     string
	Members  []ID
	Managers []ID
}

// Pattern is a named working pattern of the customer.
type Pattern struct {
	ID      string
	Name    string
	Pattern calendar.Pattern
}

// Employment is a period in which a person works for the customer. To is zero
// while no end is known; both ends are included.
type Employment struct {
	ID     string
	Person ID
	From   calendar.Date
	To     calendar.Date
}

// Range returns the employment's days.
func (e Employment) Range() calendar.Range { return calendar.Range{From: e.From, To: e.To} }

// Contract is a dated line: from a day on, and until the next line, the person
// works by this pattern at this location and has the leave of this package. The
// place of work is an essential aspect of an employment relationship (Directive
// (EU) 2019/1152, Article 4(2)(b)), and whose holidays count follows from it.
type Contract struct {
	ID       string
	Person   ID
	From     calendar.Date
	Pattern  string // id of a Pattern
	Package  string // id of a package of leave policies
	Location string // id of a Location; empty where the customer has none
}

// Record is everything known about one person's work.
type Record struct {
	Person      Person
	Employments []Employment // ordered by From
	Contracts   []Contract   // ordered by From
}

// Sort puts the dated lines in order.
func (r *Record) Sort() {
	order.By(r.Employments, func(a, b Employment) int { return cmp.Compare(a.From, b.From) })
	order.By(r.Contracts, func(a, b Contract) int { return cmp.Compare(a.From, b.From) })
}

// LastEmployment returns the employment that ends last, where its end is known.
func (r *Record) LastEmployment() (Employment, bool) {
	n := len(r.Employments)
	if n == 0 || r.Employments[n-1].To.IsZero() {
		return Employment{}, false
	}
	return r.Employments[n-1], true
}

// Leads reports whether an employment ends on the day before another begins.
func (e Employment) Leads(next Employment) bool {
	return !e.To.IsZero() && e.To.AddDays(1) == next.From
}

// Unbroken returns the employments by their first day, those that follow one another without a day between as one:
// a contract for a time that is followed by the next goes on (BUrlG § 4 in the reading of BAG 9 AZR 224/14). It has
// the id of the last of them, with which it ends.
func (r *Record) Unbroken() []Employment {
	out := slices.Clone(r.Employments)
	order.By(out, func(a, b Employment) int { return cmp.Compare(a.From, b.From) })
	n := 0
	for i, e := range out {
		if i > 0 && out[n-1].Leads(e) {
			e.From = out[n-1].From
			n--
		}
		out[n] = e
		n++
	}
	return out[:n]
}

// Ended is an employment that has a last day.
type Ended struct {
	Employment
	Back calendar.Date // first day of the employment that comes next; zero: none
}

// EndedEmployments returns the employments that have a last day, the latest first; of those without a day between
// the last.
func (r *Record) EndedEmployments() []Ended {
	var out []Ended
	var back calendar.Date
	for _, e := range slices.Backward(r.Unbroken()) {
		if !e.To.IsZero() {
			out = append(out, Ended{e, back})
		}
		back = e.From
	}
	return out
}

// Left reports whether the person worked for the customer until before today, and is not to
// begin again.
func (r *Record) Left(today calendar.Date) bool {
	last, known := r.LastEmployment()
	return known && last.To < today
}

// EmployedOn reports whether the person works for the customer on d.
func (r *Record) EmployedOn(d calendar.Date) bool {
	return slices.ContainsFunc(r.Employments, func(e Employment) bool { return e.Range().Contains(d) })
}

// EmployedSince returns the first day of the unbroken employment in which the person is on d; ok is false where there is none.
func (r *Record) EmployedSince(d calendar.Date) (since calendar.Date, ok bool) {
	for _, e := range r.Unbroken() {
		if e.Range().Contains(d) {
			return e.From, true
		}
	}
	return 0, false
}

// LocationOn returns the id of the location at which the person works on d: as the
// contract line says that began last, before the first one as that says, and without any as
// the person's own.
func (r *Record) LocationOn(d calendar.Date) string {
	at, _ := r.LocationUntil(d, d)
	return at
}

// LocationUntil is LocationOn that also returns until when, from d on, no other line begins: at the latest last.
func (r *Record) LocationUntil(d, last calendar.Date) (at string, until calendar.Date) {
	at = r.Person.Location
	for i, line := range r.Contracts {
		if i > 0 && line.From > d {
			return at, min(last, line.From.AddDays(-1))
		}
		at = line.Location
	}
	return at, last
}

// WorksAt reports whether the person works at a location, now or at another time.
func (r *Record) WorksAt(location string) bool {
	return slices.ContainsFunc(r.Contracts, func(c Contract) bool { return c.Location == location }) ||
		len(r.Contracts) == 0 && r.Person.Location == location
}

// ContractOn returns the contract line in force on d; ok is false where the
// person is not employed that day or no line has begun.
func (r *Record) ContractOn(d calendar.Date) (c Contract, ok bool) {
	c, _, ok = r.ContractUntil(d, d)
	return c, ok
}

// ContractUntil is ContractOn that also returns until when, from d on, nothing
// begins or ends that could change its answer: at the latest last.
func (r *Record) ContractUntil(d, last calendar.Date) (c Contract, until calendar.Date, ok bool) {
	employed := false
	for _, e := range r.Employments {
		switch {
		case e.From > d:
			last = min(last, e.From.AddDays(-1))
		case e.Range().Contains(d):
			employed = true
			if !e.To.IsZero() {
				last = min(last, e.To)
			}
		}
	}
	for _, line := range r.Contracts {
		if line.From > d {
			last = min(last, line.From.AddDays(-1))
			break
		}
		c, ok = line, employed
	}
	if !ok {
		c = Contract{}
	}
	return c, last, ok
}
