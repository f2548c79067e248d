// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
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
	case p.By == trust.Up:
		r.Newest = fmt.Sprintf("%d of %d minutes", p.Answered, p.Minutes)
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

// How often it is measured how promises stand, and how often that is kept.
const (
	measureEvery = time.Minute
	keepEvery    = 5 * time.Minute
)

// measure measures how the promises of the installation stand until ctx ends. What was measured
// is kept each few minutes and at the end: of a process that is killed the last minutes are
// lost, and count as minutes in which nothing was answered.
func (i *installation) measure(ctx context.Context, site net.Addr) {
	var tally trust.Tally
	kept := time.Now()
	keep := func(ctx context.Context) {
		kept = time.Now()
		if err := i.tenants.AddMeasures(ctx, tally.Days()); err != nil {
			i.log.Warn("what was measured is not kept yet", "problem", err.Error())
			return
		}
		tally.Forget()
	}
	first := true
	every(ctx, measureEvery, func() {
		i.measureOnce(ctx, site, &tally)
		if first || time.Since(kept) >= keepEvery {
			keep(ctx)
			first = false
		}
	})
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	keep(last)
}

// measureOnce measures once.
func (i *installation) measureOnce(ctx context.Context, site net.Addr, tally *trust.Tally) {
	if answering(ctx, site) {
		tally.Answered(time.Now())
	}
	now := time.Now()
	if behind, ok := i.behind(now); ok {
		tally.Add(trust.Behind, behind, now)
	}
	if i.copies != nil && i.Offsite != "" {
		_, since, _ := i.copies.StandingAway(i.OffsiteWithin)
		tally.Add(trust.Away, secondsBetween(since, now), now)
	}
	if k := i.meter.keeping.Load(); k != nil {
		tally.Add(trust.Late, int64(k.Late), now)
		tally.Add(trust.Restore, wholeSeconds(k.Slowest), now)
	}
	if _, stuck, err := i.meter.migrations(ctx); err == nil {
		tally.Add(trust.Stuck, int64(stuck), now)
	}
}

// behind returns for how many seconds the oldest change has waited for its second place, at the depot or
// with a log of a database server; false where nobody can say.
func (i *installation) behind(now time.Time) (seconds int64, known bool) {
	if i.copies != nil {
		_, since, _ := i.copies.Standing()
		seconds, known = secondsBetween(since, now), true
	}
	for _, name := range i.tenants.Place.Servers() {
		h, ok := i.logs.Of(name)
		if !ok || h.At.IsZero() {
			return 0, false
		}
		seconds, known = max(seconds, secondsBetween(h.Behind, now)), true
	}
	return seconds, known
}

// secondsBetween returns the seconds from one time to another, rounded up; 0 where there is no first.
func secondsBetween(from, to time.Time) int64 {
	if from.IsZero() {
		return 0
	}
	return max(0, wholeSeconds(to.Sub(from)))
}

// wholeSeconds rounds up: what is promised is never made better than it was.
func wholeSeconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// nobodysHost belongs to no customer (RFC 2606): asking for it wakes none.
const nobodysHost = "verlof.invalid"

// answering reports whether the installation answers a request where it listens: that nothing is at that
// host, for which it has asked the registry.
func answering(ctx context.Context, site net.Addr) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+nobodysHost+"/", nil)
	if err != nil {
		return false
	}
	there := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, site.Network(), site.String())
	}}
	w, err := there.RoundTrip(r)
	if err != nil {
		return false
	}
	w.Body.Close()
	return w.StatusCode == http.StatusNotFound
}
