// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/lang"
	"verlof/tenant"
	"verlof/trust"
)

// promisesCmd says how the promises of an installation stand.
type promisesCmd struct {
	settings `embed:"" group:"settings"`
	JSON     bool `help:"Print JSON, with every day of the last 30."`
}

// Help is what --help adds.
func (promisesCmd) Help() string {
	return `What an installation promises its customers about their data, P01 to P36, what each promise
rests on and how it stands: what every customer's site shows at /promises. The server measures;
documents of yours that speak for what no program can see stand in documents.toml.

Ends with 1 where something that was measured is not kept, or a document's last day is over.

Examples:
  verlof promises --data /var/lib/verlof
  verlof promises --json`
}

// Run prints them.
func (c *promisesCmd) Run(ctx context.Context, io *console) error {
	var lines []trust.Line
	documents, err := c.documents()
	if err != nil {
		return err
	}
	err = c.with(ctx, func(d *tenant.Directory) (err error) {
		d.Documents = documents
		lines, err = d.Promises(ctx)
		return err
	})
	if err != nil {
		return err
	}
	rows := make([]promiseRow, 0, len(lines))
	for _, p := range lines {
		rows = append(rows, rowOf(p))
	}
	err = printList(io, c.JSON, rows, []string{"ID", "PROMISE", "RESTS ON", "STANDS", "NEWEST"}, func(r promiseRow) []string {
		return []string{r.ID, r.Promise, string(r.Ground), string(r.State), r.Newest}
	})
	if err != nil {
		return err
	}
	return broken(lines)
}

// broken reports the promises that are not kept at the moment.
func broken(lines []trust.Line) error {
	var all []string
	for _, p := range lines {
		if p.State == trust.Missed || p.State == trust.Expired {
			all = append(all, p.ID)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return &errs.Error{Kind: errs.Internal, Err: fmt.Errorf("not kept at the moment: %s", strings.Join(all, ", ")), Hint: "docs/operate/promises.md says what to do about each"}
}

// promiseRow is a promise as it is printed.
type promiseRow struct {
	ID      string       `json:"id"`
	Promise string       `json:"promise"`
	Ground  trust.Ground `json:"rests_on"`
	State   trust.State  `json:"state"`
	Newest  string       `json:"newest,omitempty"`
	Tests   []string     `json:"tests,omitempty"`
	Days    []promiseDay `json:"days,omitempty"` // newest first

	Budget *minutesBudget `json:"budget,omitempty"` // of one about minutes
}

// minutesBudget is how many minutes without an answer a promise allows, and how many there were.
type minutesBudget struct {
	Minutes int `json:"minutes"`
	Used    int `json:"used"`
}

// promiseDay is a day of a promise that is measured.
type promiseDay struct {
	Date     calendar.Date `json:"date"`
	Worst    int64         `json:"worst"`
	Answered int           `json:"answered_minutes,omitempty"`
	Minutes  int           `json:"minutes,omitempty"`
	Kept     bool          `json:"kept"`
}

func rowOf(p trust.Line) promiseRow {
	l := lang.For("en")
	r := promiseRow{ID: p.ID, Promise: l.T("trust." + p.ID), Ground: p.Ground, State: p.State}
	switch {
	case p.Ground == trust.Proven:
		r.Tests = p.Tests
	case p.Document != nil:
		r.Newest = p.Document.Title + ", to " + p.Document.Until.String()
	case p.Ground != trust.Measured || p.At.IsZero():
	case p.By.Minutes():
		r.Newest = fmt.Sprintf("%d of %d minutes", p.Answered, p.Minutes)
		r.Budget = &minutesBudget{p.Budget, p.Minutes - p.Answered}
	default:
		r.Newest = l.T("trust.value."+string(p.By), "count", int(p.Latest))
	}
	for _, d := range p.Days {
		r.Days = append(r.Days, promiseDay(d))
	}
	return r
}

// parts are those that the installation is set up with.
func (s *settings) parts() (all []trust.Part) {
	for part, so := range map[trust.Part]bool{
		trust.Copies: s.Copy != "" || s.onServers(), trust.Offsite: s.Offsite != "", trust.Spare: s.Spare != "", trust.Servers: s.onServers(),
		trust.Outside: len(s.Probes) > 0, trust.TLS: s.Certificates != "", trust.Mutual: s.ClientRoots != "", trust.Apart: s.apart(), trust.Scanned: s.Scanner.orNone() != nil,
	} {
		if so {
			all = append(all, part)
		}
	}
	return all
}

// documentsName is the file in the data folder that says which documents are on record.
const documentsName = "documents.toml"

// documents reads which documents the operator has on record; none where there is no file and
// none was named.
func (s *settings) documents() ([]trust.Document, error) {
	path := cmp.Or(s.Documents, filepath.Join(s.Data, documentsName))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && s.Documents == "" {
		return nil, nil
	}
	if err != nil {
		return nil, &errs.Error{Kind: errs.Invalid, Err: err, Hint: "--documents names a file that lists documents: see docs/operate/promises.md"}
	}
	var file struct {
		Document []struct {
			Promises           []string
			Title, Owner, Link string
			Until              time.Time
		}
	}
	known, err := toml.Decode(string(text), &file)
	if err == nil && len(known.Undecoded()) > 0 {
		err = fmt.Errorf("it says %s, which means nothing here", known.Undecoded()[0])
	}
	var all []trust.Document
	for _, d := range file.Document {
		one := trust.Document{Promises: d.Promises, Title: d.Title, Owner: d.Owner, Link: d.Link}
		if !d.Until.IsZero() {
			one.Until = calendar.DateOf(d.Until)
		}
		err = cmp.Or(err, one.Check())
		all = append(all, one)
	}
	if err != nil {
		return nil, &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("%s: %w", path, err), Hint: cmp.Or(errs.As(err).Hint, "docs/operate/promises.md shows how such a file looks")}
	}
	return all, nil
}
