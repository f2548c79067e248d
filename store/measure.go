// SPDX-License-Identifier: Apache-2.0

package store

import (
	"context"

	"verlof/calendar"
	"verlof/trust"
)

const measureColumns = "what, day, minutes, worst, latest, at_us"

func measureRow(d *trust.Day) []any {
	return []any{&d.Measure, text(&d.Date), text(&d.Minutes), &d.Worst, &d.Latest, micros(&d.At)}
}

var (
	qMeasure     = registryQuery("measure.get", "SELECT "+measureColumns+" FROM measure WHERE what = $1 AND day = $2")
	qMeasures    = registryQuery("measure.list", "SELECT "+measureColumns+" FROM measure WHERE day >= $1 ORDER BY what, day")
	qSaveMeasure = registryQuery("measure.save", "INSERT INTO measure ("+measureColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (what, day) DO UPDATE SET minutes = $3, worst = $4, latest = $5, at_us = $6`)
	qForgetMeasures = registryQuery("measure.forget", "DELETE FROM measure WHERE day < $1")
)

// AddMeasures adds what was measured to what is kept of those days, and forgets the days before
// one. What it is given twice counts once.
func (r *Registry) AddMeasures(ctx context.Context, days []trust.Day, forget calendar.Date) error {
	return r.db.Update(ctx, func(tx *Tx) error {
		if err := tx.Lock("measure"); err != nil {
			return err
		}
		if _, err := tx.exec(qForgetMeasures, forget); err != nil {
			return err
		}
		for _, d := range days {
			before, _, err := maybe(tx, qMeasure, measureRow, string(d.Measure), d.Date)
			if err != nil {
				return err
			}
			d = d.With(before)
			if _, err := tx.exec(qSaveMeasure, string(d.Measure), d.Date, d.Minutes, d.Worst, d.Latest, d.At); err != nil {
				return err
			}
		}
		return nil
	})
}

// Measures returns what was measured from a day on, by measure and day.
func (r *Registry) Measures(ctx context.Context, from calendar.Date) (days []trust.Day, err error) {
	err = r.db.View(ctx, func(tx *Tx) error {
		days, err = all(tx, qMeasures, measureRow, from)
		return err
	})
	return days, err
}
