// SPDX-License-Identifier: Apache-2.0

package api

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
)

// Date is a day of the calendar, without a zone.
type Date struct{ calendar.Date }

// Schema is part of huma.SchemaProvider.
func (Date) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-12-31"}, Description: "A day, without a zone."}
}

// dated returns a day as JSON shows it.
func dated(d calendar.Date) Date { return Date{d} }

// maybeDated returns a day, or nothing for none.
func maybeDated(d calendar.Date) *Date {
	if d.IsZero() {
		return nil
	}
	return &Date{d}
}

// dateOr returns the day that was sent, or another where none was.
func dateOr(d *Date, other calendar.Date) calendar.Date {
	if d == nil || d.IsZero() {
		return other
	}
	return d.Date
}

// Exact is a number without loss, as text: "25", "7.5", "1/3".
type Exact struct{ exact.Rat }

// Schema is part of huma.SchemaProvider.
func (Exact) Schema(huma.Registry) *huma.Schema {
	most := 40
	return &huma.Schema{Type: huma.TypeString, Pattern: `^-?[0-9]{1,12}(\.[0-9]{1,9}|/[0-9]{1,9})?$`, MaxLength: &most, Examples: []any{"7.5"},
		Description: "A number without loss: whole, with a point, or a fraction."}
}

// Portion is a part of a day: whole, morning, afternoon, or times.
type Portion struct{ calendar.Portion }

// Schema is part of huma.SchemaProvider.
func (Portion) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^(whole|morning|afternoon|[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9])$`,
		Examples: []any{"whole", "09:00-12:30"}, Description: "A part of a day."}
}

// MarshalText writes the portion as ParsePortion reads it.
func (p Portion) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a portion. It reports Invalid.
func (p *Portion) UnmarshalText(b []byte) (err error) {
	p.Portion, err = calendar.ParsePortion(string(b))
	return err
}

// Amount is an amount of leave with its unit.
type Amount struct {
	Value Exact  `json:"value" doc:"In the unit, without loss; hours in minutes."`
	Unit  string `json:"unit" enum:"days,minutes" doc:"What is counted."`
	Text  string `json:"text" doc:"As people write it, in the caller's language." example:"7.5 days"`
}

func amount(l *lang.Locale, v exact.Rat, u leave.Unit) Amount {
	a := Amount{Value: Exact{v}, Unit: "days", Text: explain.Plain(l, v, u)}
	if u == leave.Hours {
		a.Unit = "minutes"
	}
	return a
}

// moment returns an instant as JSON shows it, or nothing for none.
func moment(micros int64) *time.Time {
	if micros == 0 {
		return nil
	}
	t := time.UnixMicro(micros).UTC()
	return &t
}
