// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"strings"

	"verlof/intake"
	"verlof/internal/lang"
)

// planned is a plan as --json prints it.
type planned struct {
	Kind    string          `json:"kind"`
	Columns []plannedColumn `json:"columns"`
	Dates   string          `json:"dates,omitempty"`
	Digest  string          `json:"digest"`
	Counts  map[string]int  `json:"counts"`
	Notes   []string        `json:"notes,omitempty"`
	Lines   []plannedLine   `json:"lines"`
}

// plannedColumn is what a column is taken for.
type plannedColumn struct {
	Column  string `json:"column"` // as spreadsheets name it
	Heading string `json:"heading"`
	Field   string `json:"field,omitempty"` // empty: left out
}

// plannedLine is one line of it.
type plannedLine struct {
	Line    int      `json:"line"`
	Act     string   `json:"act"`
	Thing   string   `json:"thing"`
	Title   string   `json:"title"`
	Key     string   `json:"key,omitempty"`
	Changes []string `json:"changes,omitempty"`
	Why     []string `json:"why,omitempty"`
	Notes   []string `json:"notes,omitempty"`
}

// describe puts a plan into words.
func describe(p *intake.Plan, l *lang.Locale) planned {
	out := planned{Kind: string(p.Kind), Dates: p.Dates.Format, Digest: p.Digest}
	for _, c := range p.Columns {
		out.Columns = append(out.Columns, plannedColumn{c.Letters, c.Heading, string(c.Field)})
	}
	n := p.Counts("")
	out.Counts = map[string]int{"add": n.Add, "change": n.Change, "same": n.Same, "refuse": n.Refuse, "notes": p.Warnings()}
	out.Notes = sentences(p, l, p.File.Notes)
	for i := range p.Lines {
		n := &p.Lines[i]
		line := plannedLine{Line: n.Number, Act: string(n.Act), Thing: string(n.Thing), Title: n.Title, Key: n.Key,
			Why: sentences(p, l, n.Why), Notes: sentences(p, l, n.Notes)}
		if n.Thing == intake.TheAbsence {
			line.Changes = []string{n.Absence.Type + ", " + l.Span(n.Absence.From, n.Absence.To, n.Absence.First, n.Absence.Last)}
		}
		if n.Thing == intake.TheBalance {
			line.Changes = []string{n.Balance.Text(l)}
		}
		for _, d := range n.Changes {
			line.Changes = append(line.Changes, difference(l, d))
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

func sentences(p *intake.Plan, l *lang.Locale, notes []intake.Note) []string {
	var out []string
	for _, n := range notes {
		out = append(out, p.Text(l, n))
	}
	return out
}

func difference(l *lang.Locale, d intake.Difference) string {
	what := l.T("intake.field." + cmp.Or(string(d.Field), "nothing"))
	if d.From == nil {
		return what + ": " + intake.Value(l, d.To)
	}
	return what + ": " + intake.Value(l, d.From) + " → " + intake.Value(l, d.To)
}

// print prints the plan: all lines but those that change nothing, then a summary.
func (c *importPeople) print(io *console, p *intake.Plan) error {
	out := describe(p, lang.For("en"))
	if c.JSON {
		return io.json(out)
	}
	for _, c := range out.Columns {
		fmt.Fprintf(io.out, "column %s %q: %s\n", c.Column, c.Heading, cmp.Or(c.Field, "left out"))
	}
	if out.Dates != "" {
		fmt.Fprintf(io.out, "dates: %s%s\n", out.Dates, guessed(p.Dates))
	}
	for _, note := range out.Notes {
		fmt.Fprintf(io.out, "note: %s\n", note)
	}
	for _, n := range out.Lines {
		if n.Act != string(intake.Same) || len(n.Notes) > 0 {
			n.print(io)
		}
	}
	_, err := fmt.Fprintf(io.out, "\n%d to add, %d to change, %d unchanged, %d refused, %d notes\n",
		out.Counts["add"], out.Counts["change"], out.Counts["same"], out.Counts["refuse"], out.Counts["notes"])
	if !c.Apply {
		fmt.Fprintln(io.out, "nothing is written; "+out.next())
	}
	return err
}

// guessed says how another way of reading dates is chosen, where there is one.
func guessed(d intake.Dates) string {
	if len(d.Others) == 0 {
		return ""
	}
	return ", a guess; --date-format " + d.Others[0] + " reads them otherwise"
}

// next says how what a dry run showed is written.
func (p *planned) next() string {
	switch {
	case p.Counts["refuse"] == 0:
		return "--apply --accept " + p.Digest + " writes this"
	case p.Counts["add"]+p.Counts["change"] == 0:
		return "nothing could be: every line that is not there already is refused"
	}
	return "--apply --leave-out --accept " + p.Digest + " writes this without the lines that are refused"
}

func (n *plannedLine) print(io *console) {
	who := n.Title
	if n.Key != "" {
		who += " (" + n.Key + ")"
	}
	fmt.Fprintf(io.out, "line %d: %s %s %s\n", n.Line, n.Act, n.Thing, strings.TrimSpace(who))
	for _, text := range n.Changes {
		fmt.Fprintf(io.out, "    %s\n", text)
	}
	for _, text := range n.Why {
		fmt.Fprintf(io.out, "  ! %s\n", text)
	}
	for _, text := range n.Notes {
		fmt.Fprintf(io.out, "  * %s\n", text)
	}
}
