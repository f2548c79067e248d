// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/intake"
	"verlof/internal/lang"
	"verlof/operate"
	"verlof/tenant"
)

// importCmd holds the verbs that take over files.
type importCmd struct {
	People importPeople `cmd:"" help:"Import people, absences with their people, or balances, from CSV or XLSX."`
}

// importPeople takes over one file.
type importPeople struct {
	settings    `embed:"" group:"settings"`
	File        string            `arg:"" name:"FILE" help:"CSV or XLSX; the first line names the columns."`
	Tenant      string            `required:"" placeholder:"SLUG" help:"The customer's short name."`
	Apply       bool              `xor:"do" help:"Write what the dry run says."`
	DryRun      bool              `xor:"do" help:"Only say what would be written: the default."`
	Accept      string            `placeholder:"DIGEST" help:"With --apply: write only if the plan is still the one with this digest."`
	LeaveOut    bool              `help:"Write the other lines though some are refused."`
	Mend        string            `placeholder:"FILE" help:"Write the refused lines with the reasons to this CSV file, to mend and import."`
	Kind        string            `enum:",people,absences,balances" default:"" placeholder:"KIND" help:"What the lines are: people, absences or balances; recognised without it."`
	Column      map[string]string `placeholder:"HEADING=FIELD" mapsep:"none" help:"What a column, by heading or number, holds; an empty field leaves it out. May be repeated."`
	DateFormat  string            `placeholder:"FORMAT" help:"How the file writes dates, such as DD-MM-YYYY; recognised without it."`
	Start       calendar.Date     `placeholder:"DATE" help:"First day of employments that the file does not date."`
	ChangesFrom calendar.Date     `placeholder:"DATE" help:"Day from which another pattern, package or location holds, and of which balances without a day are; today without it."`
	Pattern     string            `placeholder:"NAME" help:"Working pattern of those of whom the file does not say it."`
	Package     string            `placeholder:"NAME" help:"Leave package of those of whom the file does not say it."`
	Location    string            `placeholder:"NAME" help:"Place of work of those of whom the file does not say it."`
	Type        map[string]string `placeholder:"WORD=TYPE" mapsep:"none" help:"Leave type that a word of the file means, or sick-report for sickness. May be repeated."`
	Reason      string            `placeholder:"TEXT" help:"Why, for the record that verlof tenant log shows."`
	JSON        bool              `help:"Print JSON."`
}

// Help is what --help adds.
func (importPeople) Help() string {
	return `Says of every line whether it adds, changes or cannot be taken, and why. Nothing is written
without --apply, and then all of it or nothing. Importing a file twice changes nothing.

Fields: ` + strings.Join(fields(), ", ") + `.

Examples:
  verlof import people staff.csv --tenant acme
  verlof import people staff.csv --tenant acme --column "Dept=team" --mend refused.csv
  verlof import people staff.csv --tenant acme --apply --leave-out`
}

func fields() (names []string) {
	for _, k := range intake.Kinds() {
		for _, f := range intake.Fields(k) {
			if !slices.Contains(names, string(f)) {
				names = append(names, string(f))
			}
		}
	}
	return names
}

// maxFile is how large a file may be.
const maxFile = 64 << 20

// Run plans the import, prints the plan, and writes it where --apply says so.
func (c *importPeople) Run(ctx context.Context, io *console) error {
	file, err := readFile(c.File)
	if err != nil {
		return err
	}
	return c.with(ctx, func(d *tenant.Directory) error {
		done := io.working("reading " + c.File)
		plan, err := operate.PlanImport(ctx, d, c.Tenant, c.File, file, c.options())
		done()
		if err != nil {
			return advisePlan(err)
		}
		if err := c.print(io, plan); err != nil {
			return err
		}
		if err := c.mend(io, plan); err != nil {
			return err
		}
		if !c.Apply {
			return nil
		}
		done = io.working("writing")
		err = operate.ApplyImport(ctx, d, c.Tenant, c.File, file, c.options(), cmp.Or(c.Accept, plan.Digest), whoever(c.Reason))
		done()
		if err != nil {
			return c.advise(err)
		}
		io.say("written")
		return nil
	})
}

// advisePlan adds a hint to why a file cannot be planned: what its columns hold is said with flags here.
func advisePlan(err error) error {
	e := *errs.As(err)
	if e.Kind == errs.Invalid && slices.Contains(fields(), e.Field) {
		e.Hint = cmp.Or(e.Hint, "--column HEADING=FIELD says what a column holds, by its heading or its number; verlof import people --help lists the fields")
		return &e
	}
	return err
}

// advise adds a hint to what hindered the writing.
func (c *importPeople) advise(err error) error {
	e := *errs.As(err)
	switch e.Kind {
	case errs.Invalid:
		e.Hint = cmp.Or(e.Hint, "add --leave-out to leave the refused lines out, and --mend FILE to get them back")
	case errs.Conflict:
		e.Hint = cmp.Or(e.Hint, "run it again without --apply, and look at the new outcome")
	}
	return &e
}

func (c *importPeople) options() intake.Options {
	o := intake.Options{Kind: intake.Kind(c.Kind), DateFormat: c.DateFormat, Start: c.Start, ChangesFrom: c.ChangesFrom,
		Pattern: c.Pattern, Package: c.Package, Location: c.Location, Types: c.Type, LeaveOut: c.LeaveOut, Columns: map[string]intake.Field{}}
	for heading, field := range c.Column {
		o.Columns[heading] = intake.Field(field)
	}
	return o
}

// readFile reads a file of a size that is looked at, line by line, by a person.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, unreadable(err)
	}
	if info.IsDir() {
		return nil, unreadable(&fs.PathError{Op: "read", Path: name, Err: errors.New("it is a folder")})
	}
	if info.Size() > maxFile {
		return nil, errs.Operator("part it into several files", "%s has %d MiB, more than %d", name, info.Size()>>20, maxFile>>20)
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return nil, unreadable(err)
	}
	return file, nil
}

// mend writes the refused lines to a file of their own.
func (c *importPeople) mend(io *console, p *intake.Plan) error {
	refused := p.Counts("").Refuse
	if c.Mend == "" || refused == 0 {
		return nil
	}
	f, err := os.OpenFile(c.Mend, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return errs.Operator("name a new file with --mend", "%s exists already", c.Mend)
	}
	if err != nil {
		return unreadable(err)
	}
	if err := errors.Join(p.Mend(f, lang.For("en")), f.Close()); err != nil {
		return err
	}
	io.say("%d refused lines are in %s", refused, c.Mend)
	return nil
}
