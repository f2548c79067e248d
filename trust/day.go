// SPDX-License-Identifier: Apache-2.0

package trust

import (
	"encoding/hex"
	"fmt"
	"math/bits"
	"time"

	"verlof/calendar"
)

// Measure is what is measured of the running installation, each minute.
type Measure string

// The measures.
const (
	Up      Measure = "up"      // minutes in which the installation answered a request of its own
	Seen    Measure = "seen"    // minutes in which it answered one of a probe, from outside
	Behind  Measure = "behind"  // seconds that the oldest change has waited for the second place (RPO)
	Away    Measure = "away"    // seconds that the oldest change has waited for the third place
	Restore Measure = "restore" // seconds that the slowest of the latest restores took (RTO of one customer)
	Late    Measure = "late"    // databases that were not had back from their copy as often as they should be, or not soundly
	Stuck   Measure = "stuck"   // databases that could not be brought up to date

	Expiring Measure = "expiring" // certificates of sites that end within two weeks
	Lines    Measure = "lines"    // connections of the installation at which a probe got no answer
	Single   Measure = "single"   // parts of which there is one alone: a machine that serves, a database server
)

// Minutes reports whether m counts minutes: what is to come to a share of them all, and not to a number at most.
func (m Measure) Minutes() bool { return m == Up || m == Seen }

// most is what a measure may come to at most, other than those that count minutes.
var most = map[Measure]int64{Behind: 60 * 60, Away: 24 * 60 * 60, Restore: 5 * 60 * 60, Late: 0, Stuck: 0, Expiring: 0, Lines: 1, Single: 0}

// Most returns what a measure that counts no minutes may come to at most.
func (m Measure) Most() int64 { return most[m] }

// UpShare is the least share of minutes in which the installation is to answer, in
// ten-thousandths: 99.5 per cent.
const UpShare = 9950

// minutesOfDay are those of a day in UTC, which has no summer time.
const minutesOfDay = 24 * 60

// Minutes is a set of the minutes of a day, counted from midnight UTC.
type Minutes [minutesOfDay / 8]byte

// Add puts the minute in which t is into the set.
func (m *Minutes) Add(t time.Time) {
	n := minuteOf(t)
	m[n/8] |= 1 << (n % 8)
}

// Has reports whether minute n of the day is in the set.
func (m *Minutes) Has(n int) bool { return m[n/8]&(1<<(n%8)) != 0 }

// Count returns how many minutes are in the set, of those before minute end.
func (m *Minutes) Count(end int) (n int) {
	for i := range end / 8 {
		n += bits.OnesCount8(m[i])
	}
	for i := end / 8 * 8; i < end; i++ {
		if m.Has(i) {
			n++
		}
	}
	return n
}

// first returns the first minute in the set; minutesOfDay where it is empty.
func (m *Minutes) first() int {
	for i, b := range m {
		if b != 0 {
			return i*8 + bits.TrailingZeros8(b)
		}
	}
	return minutesOfDay
}

// MarshalText writes the set as hexadecimal digits, a bit for each minute.
func (m Minutes) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, m[:]), nil }

// UnmarshalText reads what MarshalText wrote, and nothing shorter or longer.
func (m *Minutes) UnmarshalText(text []byte) error {
	if hex.DecodedLen(len(text)) != len(m) || len(text)%2 != 0 {
		return fmt.Errorf("minutes of a day: %d characters, not %d", len(text), hex.EncodedLen(len(m)))
	}
	if _, err := hex.Decode(m[:], text); err != nil {
		return fmt.Errorf("minutes of a day: %w", err)
	}
	return nil
}

// last returns the last minute in the set; -1 where it is empty.
func (m *Minutes) last() int {
	for i := len(m) - 1; i >= 0; i-- {
		if m[i] != 0 {
			return i*8 + bits.Len8(m[i]) - 1
		}
	}
	return -1
}

func minuteOf(t time.Time) int { t = t.UTC(); return t.Hour()*60 + t.Minute() }

// Day is what one measure came to on one day, in UTC.
type Day struct {
	Measure Measure
	Date    calendar.Date
	Minutes Minutes   // of a measure that counts them
	Worst   int64     // of others: the largest value of the day
	Latest  int64     // the newest value
	At      time.Time // when that was measured
}

// With returns what the day came to as two processes saw it, or one before and after it
// wrote. It is the same whatever the order, and however often a part comes.
func (d Day) With(o Day) Day {
	for i, b := range o.Minutes {
		d.Minutes[i] |= b
	}
	d.Worst = max(d.Worst, o.Worst)
	if o.At.After(d.At) {
		d.Latest, d.At = o.Latest, o.At
	}
	return d
}

// Tally gathers what is measured until somebody keeps it. The zero Tally is ready. It is for one
// goroutine.
type Tally struct{ days map[key]Day }

type key struct {
	measure Measure
	date    calendar.Date
}

// Answered notes that the installation answered a request at that time.
func (t *Tally) Answered(at time.Time) {
	d := Day{Measure: Up, At: at}
	d.Minutes.Add(at)
	t.add(d)
}

// Add notes what a measure that counts no minutes came to.
func (t *Tally) Add(m Measure, value int64, at time.Time) {
	t.add(Day{Measure: m, Worst: value, Latest: value, At: at})
}

func (t *Tally) add(d Day) {
	d.Date = calendar.DateOf(d.At.UTC())
	if t.days == nil {
		t.days = map[key]Day{}
	}
	k := key{d.Measure, d.Date}
	if before, ok := t.days[k]; ok {
		d = before.With(d)
	}
	t.days[k] = d
}

// Days returns what was gathered, in no order.
func (t *Tally) Days() []Day {
	var all []Day
	for _, d := range t.days {
		all = append(all, d)
	}
	return all
}

// Forget begins anew: what was gathered is kept.
func (t *Tally) Forget() { t.days = nil }
