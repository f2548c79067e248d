// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/operate"
	"verlof/people"
	"verlof/tenant"
)

// otherwise is one thing of a person that is not as it was.
type otherwise struct {
	Person people.ID  `json:"person"`
	Name   string     `json:"name"`
	What   string     `json:"what"`
	Then   string     `json:"then"`
	Now    string     `json:"now"`
	By     people.ID  `json:"by,omitempty"`
	At     *time.Time `json:"at,omitempty"` // of the last change, where that is known still
}

// compare prints what is otherwise now than in a restored database.
func (c *restoreCmd) compare(ctx context.Context, io *console, d *tenant.Directory) error {
	diff, err := operate.CompareRestored(ctx, d, c.Slug, c.Compare, c.why())
	if err != nil {
		return err
	}
	all := []otherwise{}
	for i := range diff.Persons {
		all = append(all, otherwiseOf(&diff, &diff.Persons[i])...)
	}
	if c.JSON {
		return io.json(all)
	}
	if len(all) == 0 {
		fmt.Fprintln(io.out, "Nobody's details, work, requests or balances are otherwise now.")
		return nil
	}
	rows := [][]string{{"PERSON", "WHAT", "THEN", "NOW", "BY", "AT"}}
	for _, x := range all {
		at := "-"
		if x.At != nil {
			at = stamp(*x.At)
		}
		rows = append(rows, []string{x.Name, x.What, x.Then, x.Now, string(x.By), at})
	}
	return io.table(rows...)
}

// otherwiseOf returns what is otherwise of one person, a line for each thing.
func otherwiseOf(d *tenant.Difference, p *tenant.PersonDifference) (out []otherwise) {
	l := lang.For("en")
	add := func(e *tenant.Happened, what, then, now string) {
		x := otherwise{Person: p.Person.ID, Name: p.Person.Name(), What: what, Then: then, Now: now}
		if e != nil {
			x.By, x.At = e.By, &e.At
		}
		out = append(out, x)
	}
	for _, fact := range []struct {
		on              bool
		what, then, now string
	}{{p.Came, "person", "-", "there"}, {p.Gone, "person", "there", "-"}, {p.Changed, "details", "-", "changed"}} {
		if fact.on {
			add(p.Last, fact.what, fact.then, fact.now)
		}
	}
	for _, x := range p.Jobs {
		add(x.Last, "employment", jobText(x.Then), jobText(x.Now))
	}
	for _, x := range p.Terms {
		add(x.Last, "contract line", termText(x.Then), termText(x.Now))
	}
	for _, b := range p.Balances {
		add(nil, "balance "+b.Type.Name, explain.Plain(l, b.Then, b.Type.Unit), explain.Plain(l, b.Now, b.Type.Unit))
	}
	for i := range p.Requests {
		x := &p.Requests[i]
		r := x.Of()
		add(x.Last, d.Types[r.Type].Name+" "+l.Span(r.From, r.To, r.First, r.Last), stateOf(x.Then), stateOf(x.Now))
	}
	amount := func(a *leave.Adjustment) string {
		if a == nil {
			return "-"
		}
		return explain.Signed(l, a.Amount, d.Types[a.Type].Unit)
	}
	for i := range p.Lines {
		x := &p.Lines[i]
		add(x.Last, "line of "+l.Date(x.Of().Date)+": "+x.Of().Reason, amount(x.Then), amount(x.Now))
	}
	return out
}

func stateOf(r *leave.Request) string {
	if r == nil {
		return "-"
	}
	return string(r.State)
}

// jobText and termText say what somebody's employment or contract line is.
func jobText(e *people.Employment) string {
	if e == nil {
		return "-"
	}
	if e.To.IsZero() {
		return "from " + e.From.String()
	}
	return e.From.String() + " to " + e.To.String()
}

func termText(c *people.Contract) string {
	if c == nil {
		return "-"
	}
	return "from " + c.From.String() + " pattern " + c.Pattern + " package " + c.Package + " location " + c.Location
}
