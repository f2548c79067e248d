// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one figure: what Verlof does and what the bare machine does, run by run.
type row struct {
	What string
	Unit unit
	Ours []float64
	Raw  []float64 // of the same runs, where there are as many
	Aim  aim
	Bare string // what the anchor is
}

// section is some rows under a title.
type section struct {
	Title string
	Rows  []row
}

// unit is what a figure counts.
type unit string

const (
	rate     unit = "/s"
	duration unit = "ns"
	size     unit = "bytes"
	count    unit = ""
)

// aim is what a figure, or its ratio to the anchor, should be. The zero aim asks
// for nothing.
type aim struct {
	Ratio bool
	Least bool // at least; otherwise at most
	Value float64
}

func atMost(v float64) aim       { return aim{Value: v} }
func ratioAtMost(v float64) aim  { return aim{Value: v, Ratio: true} }
func ratioAtLeast(v float64) aim { return aim{Value: v, Ratio: true, Least: true} }

// ratio returns ours divided by the anchor: run by run where both were measured
// side by side, so that what disturbs one disturbs the other, and then the median.
func (r *row) ratio() float64 {
	if len(r.Ours) != len(r.Raw) {
		return median(r.Ours) / median(r.Raw)
	}
	var each []float64
	for i, v := range r.Ours {
		each = append(each, v/r.Raw[i])
	}
	return median(each)
}

// verdict says what was aimed at and whether it was reached.
func (r *row) verdict() (wanted, reached string) {
	if r.Aim == (aim{}) {
		return "", ""
	}
	got, sign := median(r.Ours), "<="
	wanted = r.Unit.write(r.Aim.Value)
	if r.Aim.Ratio {
		got, wanted = r.ratio(), "ratio "+strconv.FormatFloat(r.Aim.Value, 'g', -1, 64)
	}
	ok := got <= r.Aim.Value
	if r.Aim.Least {
		sign, ok = ">=", got >= r.Aim.Value
	}
	if reached = "missed"; ok {
		reached = "kept"
	}
	return sign + " " + wanted, reached
}

// write writes the table.
func write(w io.Writer, sections []section) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\tVerlof\t(spread)\traw\tratio\taim\t\truns\traw is")
	for _, s := range sections {
		fmt.Fprintf(t, "\t\t\t\t\t\t\t\t\n%s\t\t\t\t\t\t\t\t\n", s.Title)
		for _, r := range s.Rows {
			wanted, reached := r.verdict()
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", r.What, r.Unit.write(median(r.Ours)), r.Unit.spread(r.Ours),
				r.Unit.write(median(r.Raw)), short(r.ratio()), wanted, reached, len(r.Ours), r.Bare)
		}
	}
	t.Flush()
	fmt.Fprint(w, legend)
}

const legend = `
Figures are medians of so many runs; the spread is the lowest and the highest of them. The ratio is Verlof's figure divided
by the raw one, run by run, and then the median: for a rate more is better, for everything else less. Clients, server
and databases share this machine. Processor time is that of all cores together, the collector's part included; it
hardly changes with what else the machine does.
`

// median returns the middle value; of none, no number.
func median(values []float64) float64 { return percentile(values, 0.5) }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// percentile returns the value below which so much of values lies.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	if p == 0.5 && len(sorted)%2 == 0 {
		return (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	}
	return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))]
}

func (u unit) spread(values []float64) string {
	if len(values) < 2 {
		return ""
	}
	return "(" + u.write(slices.Min(values)) + " - " + u.write(slices.Max(values)) + ")"
}

// write writes a figure as people read it.
func (u unit) write(v float64) string {
	switch {
	case math.IsNaN(v):
		return ""
	case u == duration:
		return times(v)
	case u == size && math.Abs(v) >= 10<<10:
		return short(v/1024) + " KiB"
	case u == size:
		return strconv.FormatFloat(v, 'f', 0, 64) + " B"
	}
	return short(v) + string(u)
}

func times(ns float64) string {
	switch d := time.Duration(ns); {
	case d >= time.Second:
		return short(d.Seconds()) + " s"
	case d >= time.Millisecond:
		return short(float64(d)/float64(time.Millisecond)) + " ms"
	}
	return short(ns/float64(time.Microsecond)) + " µs"
}

// short writes three digits that count, and all before the point.
func short(v float64) string {
	switch a := math.Abs(v); {
	case a >= 100 || v == 0:
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	case a >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

func thousands(s string) string {
	var b strings.Builder
	for i, c := range s {
		if left := len(s) - i; i > 0 && left%3 == 0 && s[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}
