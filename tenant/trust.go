// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"time"

	"verlof/calendar"
	"verlof/trust"
)

// measuredFor is how many days what was measured is kept.
const measuredFor = 400

// AddMeasures keeps what was measured of the installation; of each measure the last 400 days.
func (d *Directory) AddMeasures(ctx context.Context, days []trust.Day) error {
	return d.registry.AddMeasures(ctx, days, d.today().AddDays(-measuredFor))
}

// Seen keeps what a probe tells of the site of t at one of its host names. It reports Unauthenticated and Invalid as trust.Believe does.
func (t *Tenant) Seen(ctx context.Context, host string, m trust.Message) error {
	days, err := trust.Believe(t.dir.Probes, host, m, t.dir.Now())
	if err != nil {
		return err
	}
	return t.dir.AddMeasures(ctx, days)
}

func (d *Directory) today() calendar.Date { return calendar.DateOf(d.Now().UTC()) }

// promisesFor is how long the answer of Promises is used again: the page is for everybody, and
// reads the registry.
const promisesFor = time.Minute

// told is what Promises said last.
type told struct {
	lines []trust.Line
	at    time.Time
}

// Promises says how each promise of the installation stands, at most a minute ago.
func (d *Directory) Promises(ctx context.Context) ([]trust.Line, error) {
	now := d.Now()
	if t := d.told.Load(); t != nil && now.Sub(t.at).Abs() < promisesFor {
		return t.lines, nil
	}
	days, err := d.registry.Measures(ctx, d.today().AddDays(-measuredFor))
	if err != nil {
		return nil, err
	}
	lines := trust.Judge(d.Parts, days, d.Documents, now)
	d.told.Store(&told{lines, now})
	return lines, nil
}

// Promises is Directory.Promises: an installation makes them to each of its customers.
func (t *Tenant) Promises(ctx context.Context) ([]trust.Line, error) { return t.dir.Promises(ctx) }
