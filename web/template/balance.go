// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strconv"

	"github.com/a-h/templ"

	"verlof/internal/exact"
)

// Tile is one number of Tiles: "Left", "18½", "days", "until 31 December".
type Tile struct {
	Label, Value, Unit, Note string
	Main                     bool // the number that people come for
	Short                    bool // below zero, or not enough
}

func (t Tile) class() string {
	c := "tile"
	if t.Main {
		c += " main"
	}
	if t.Short {
		c += " short"
	}
	return c
}

// Meter is a bar that shows how a total is used up.
type Meter struct {
	Label  string // for screen readers: what the bar measures
	Colour int    // of the leave type; 0 is the accent
	Total  exact.Rat
	Parts  []MeterPart
	Rest   string // what the empty part means: "Left 8 days"
}

// MeterPart is a stretch of a Meter with its line in the key.
type MeterPart struct {
	Kind   MeterKind
	Amount exact.Rat
	Text   string // "Taken 12 days"
}

// MeterKind is how a stretch is drawn.
type MeterKind string

// The stretches of a meter.
const (
	MeterTaken   MeterKind = "m1"
	MeterPlanned MeterKind = "m2"
	MeterAsked   MeterKind = "m3" // pending
)

// meterWidth is the width of a meter's drawing.
const meterWidth = 1000

// bar is a stretch as it is drawn.
type bar struct {
	class    string
	x, width string
}

// bars places the parts from the left; what exceeds the total is cut off.
func (m Meter) bars() []bar {
	var bars []bar
	at := 0
	for _, p := range m.Parts {
		w := min(share(p.Amount, m.Total), meterWidth-at)
		if w <= 0 {
			continue
		}
		bars = append(bars, bar{string(p.Kind), strconv.Itoa(at), strconv.Itoa(w)})
		at += w
	}
	return bars
}

func (m Meter) class() string {
	if m.Colour == 0 {
		return "meter"
	}
	return "meter " + Colour(m.Colour)
}

// share returns part/of in parts of meterWidth; nothing of nothing is nothing.
func share(part, of exact.Rat) int {
	if of.Sign() <= 0 || part.Sign() <= 0 {
		return 0
	}
	n, ok := part.Mul(exact.Int(meterWidth)).Div(of).Floor().Int64()
	if !ok || n > meterWidth {
		return meterWidth
	}
	return int(n)
}

// Change is a balance before and after what is being asked, as text.
type Change struct {
	Before, Asked, After                string
	BeforeLabel, AskedLabel, AfterLabel string
	Short                               bool // the balance does not suffice
}

// LineItem is a line of Lines.
type LineItem struct {
	When, What   string
	Href         string // where What leads, or ""
	Amount, Left string // "+25 days", and the balance after it
	Effect       Effect
	Later        bool            // lies after the day that the balance is shown for
	Reasons      []string        // which rule, which period, which fraction, which rounding
	Beside       templ.Component // a badge after What, or nil
}

// Effect is what a line does to the balance.
type Effect string

// The effects of a line.
const (
	Adds  Effect = "plus"
	Takes Effect = "minus"
	Lost  Effect = "gone" // lapsed or expired
	Stays Effect = ""     // carried over: told, not counted again
	Total Effect = "sum"  // a line under the account
)

func (i LineItem) class() string {
	c := string(i.Effect)
	if i.Later {
		c += " later"
	}
	return c
}
