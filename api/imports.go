// SPDX-License-Identifier: Apache-2.0

package api

import (
	"bytes"
	"context"
	"net/http"

	"verlof/identity/access"
	"verlof/intake"
)

// ImportInput is a file that is to be imported, and what is decided about it.
type ImportInput struct {
	Name        string            `json:"name" minLength:"1" maxLength:"200" doc:"Of the file." example:"people.csv"`
	Data        []byte            `json:"data" doc:"The file, CSV or XLSX, in base64. A request with one has at most 11 MiB, which is a file of 8 MiB; a larger one is handed in on the page."`
	Kind        string            `json:"kind,omitempty" maxLength:"40" doc:"What its lines are; missing: recognised." example:"people"`
	Columns     map[string]string `json:"columns,omitempty" doc:"What columns mean, by number from 1 or by heading; missing: recognised."`
	DateFormat  string            `json:"date_format,omitempty" maxLength:"40" doc:"Missing: recognised."`
	Start       *Date             `json:"start,omitempty" doc:"First day of employments that the file does not date."`
	ChangesFrom *Date             `json:"changes_from,omitempty" doc:"From which day another pattern, package or location holds; missing: today."`
	Pattern     string            `json:"pattern,omitempty" maxLength:"100" doc:"Of persons of whom the file does not say it: id or name."`
	Package     string            `json:"package,omitempty" maxLength:"100"`
	Location    string            `json:"location,omitempty" maxLength:"100"`
	Types       map[string]string `json:"types,omitempty" doc:"For a word of the file a leave type, sick-report, or as-called where it is not to be taken for a type that means the same."`
	LeaveOut    bool              `json:"leave_out,omitempty" doc:"Refused lines are left out; else nothing is written while there are any."`
}

// AcceptInput is a plan that was read and is accepted.
type AcceptInput struct {
	ImportInput
	Digest string `json:"digest" minLength:"1" maxLength:"200" doc:"Of the plan: another plan is not carried out."`
}

// Plan is what an import would do, or did, line by line.
type Plan struct {
	Digest  string         `json:"digest" doc:"Names this plan: send it to accept it."`
	Kind    string         `json:"kind"`
	Columns []ImportColumn `json:"columns"`
	Counts  PlanCounts     `json:"counts"`
	LeftOut int            `json:"left_out,omitempty" doc:"Refused lines that were left out."`
	Notes   []string       `json:"notes" doc:"About the file as a whole, in the caller's language."`
	Lines   []PlanLine     `json:"lines" doc:"What lines only name first, then the lines of the file."`
}

// PlanCounts says how many lines meet each fate.
type PlanCounts struct {
	Add    int `json:"add" doc:"Lines of the file that would add something."`
	Change int `json:"change" doc:"Lines that would change something."`
	Same   int `json:"same" doc:"Lines of which all is here already."`
	Refuse int `json:"refuse" doc:"Lines with which something is wrong."`
}

// ImportColumn is a column and what it is taken for.
type ImportColumn struct {
	Number  int    `json:"number" doc:"From 1."`
	Heading string `json:"heading"`
	Field   string `json:"field,omitempty" doc:"What it is taken for; missing: it is left out."`
}

// PlanLine is what becomes of one line.
type PlanLine struct {
	Number int      `json:"number" doc:"Of the line of the file."`
	Thing  string   `json:"thing"`
	Act    string   `json:"act"`
	Title  string   `json:"title" doc:"Name of the person, team, type or pattern."`
	Key    string   `json:"key,omitempty" doc:"Number or mail address of the person."`
	Person string   `json:"person,omitempty" doc:"Id of who is there already."`
	Why    []string `json:"why,omitempty" doc:"Why it is refused, in the caller's language."`
	Notes  []string `json:"notes,omitempty" doc:"What to look at before accepting."`
}

func (in *ImportInput) source() intake.Source {
	return intake.Source{Name: in.Name, Reader: bytes.NewReader(in.Data)}
}

func (in *ImportInput) options() intake.Options {
	o := intake.Options{Kind: intake.Kind(in.Kind), DateFormat: in.DateFormat, Start: dateOr(in.Start, 0), ChangesFrom: dateOr(in.ChangesFrom, 0),
		Pattern: in.Pattern, Package: in.Package, Location: in.Location, Types: in.Types, LeaveOut: in.LeaveOut}
	for name, field := range in.Columns {
		if o.Columns == nil {
			o.Columns = map[string]intake.Field{}
		}
		o.Columns[name] = intake.Field(field)
	}
	return o
}

func (c *call) plan(p *intake.Plan) Plan {
	n := p.Counts("")
	text := func(x intake.Note) string { return p.Text(c.lang, x) }
	return Plan{Digest: p.Digest, Kind: string(p.Kind), Counts: PlanCounts(n), Notes: each(p.Notes, text),
		Columns: each(p.Columns, func(x intake.Column) ImportColumn { return ImportColumn{x.Number, x.Heading, string(x.Field)} }),
		Lines: each(p.Lines, func(x intake.Line) PlanLine {
			return PlanLine{Number: x.Number, Thing: string(x.Thing), Act: string(x.Act), Title: x.Title, Key: x.Key, Person: string(x.Person),
				Why: each(x.Why, text), Notes: each(x.Notes, text)}
		})}
}

type (
	planBody   struct{ Body ImportInput }
	acceptBody struct{ Body AcceptInput }
)

// reading has an operation that reads a file wait until that may be.
func reading[In any](do func(context.Context, *call, *In) (Plan, error)) func(context.Context, *call, *In) (Plan, error) {
	return func(ctx context.Context, c *call, in *In) (Plan, error) {
		done, err := c.ReadFile(ctx)
		if err != nil {
			return Plan{}, err
		}
		defer done()
		return do(ctx, c, in)
	}
}

func addImports(s *surface) {
	const area = "Imports"
	add(s, operation{ID: "planImport", Method: http.MethodPost, Path: "/imports/plan", File: true, Scope: access.PeopleWrite, Area: area, Summary: "Work out what a file would do, line by line",
		Doc: "Nothing is written. For administrators."},
		reading(func(ctx context.Context, c *call, in *planBody) (Plan, error) {
			p, err := c.Intake.Plan(ctx, c.Caller.Person, in.Body.source(), in.Body.options())
			if err != nil {
				return Plan{}, err
			}
			return c.plan(p), nil
		}))
	add(s, operation{ID: "acceptImport", Method: http.MethodPost, Path: "/imports", File: true, Scope: access.PeopleWrite, Area: area, Summary: "Carry a plan out",
		Doc: "All of it or nothing: the same file and options as were planned, with the digest of that plan. For administrators."},
		reading(func(ctx context.Context, c *call, in *acceptBody) (Plan, error) {
			r, err := c.Intake.Apply(ctx, c.Caller.Person, in.Body.source(), in.Body.options(), in.Body.Digest)
			if err != nil {
				return Plan{}, err
			}
			out := c.plan(r.Plan)
			out.LeftOut = r.LeftOut
			return out, nil
		}))
}
