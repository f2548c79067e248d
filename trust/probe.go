// SPDX-License-Identifier: Apache-2.0

package trust

import (
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/order"
)

// Probe is a machine elsewhere that looks at a site each minute, as the installation knows it: by a name,
// and the key that signs its reports (Ed25519, RFC 8032).
type Probe struct {
	Name string
	Key  ed25519.PublicKey
}

var probeName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

var keyText = base64.RawURLEncoding

// ParseProbe reads what String writes.
func ParseProbe(text string) (Probe, error) {
	name, key, _ := strings.Cut(text, "=")
	if err := CheckProbeName(name); err != nil {
		return Probe{}, err
	}
	raw, err := keyText.DecodeString(key)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return Probe{}, errs.Operator("a probe looks like north=KEY, with the key that verlof probe key printed", "%q is no key of a probe", key)
	}
	return Probe{name, raw}, nil
}

// String is the probe as the installation's settings name it: NAME=KEY.
func (p Probe) String() string { return p.Name + "=" + keyText.EncodeToString(p.Key) }

// CheckProbeName reports, with a hint for the operator, what can be no name of a probe.
func CheckProbeName(name string) error {
	if !probeName.MatchString(name) {
		return errs.Operator("a probe is named with small letters, digits and hyphens, at most 31 of them: north", "%q is no name for a probe", name)
	}
	return nil
}

// ReportDays is how many days back a report may tell of: so long may the way from a probe to the installation be
// cut without a minute being lost.
const ReportDays = 8

// skew is how far the clocks of a probe and of the installation may lie apart.
const skew = 5 * time.Minute

// Sight is in which minutes of a day a site answered a probe.
type Sight struct {
	Date    calendar.Date `json:"date"` // in UTC
	Minutes Minutes       `json:"minutes"`
}

// Report is what a probe tells of a site. Minutes without an answer it need not tell: what nobody saw
// answered was not.
type Report struct {
	Site  string  `json:"site"` // host name
	Days  []Sight `json:"days"` // by date
	Lines *Lost   `json:"lines,omitempty"`
}

// Lost is at how many connections of the installation a probe got no answer. It knows them by their addresses.
type Lost struct {
	Latest int64 `json:"latest"`
	Worst  int64 `json:"worst"` // since it was told last
	Of     int64 `json:"of"`
	At     int64 `json:"at"` // of the latest, in seconds since 1970
}

// NoteLines adds at how many connections of all there was no answer.
func (r *Report) NoteLines(lost, of int, at time.Time) {
	worst := int64(lost)
	if r.Lines != nil {
		worst = max(worst, r.Lines.Worst)
	}
	r.Lines = &Lost{Latest: int64(lost), Worst: worst, Of: int64(of), At: at.Unix()}
}

// Note adds an answer, and forgets the days that are too old to be told.
func (r *Report) Note(at time.Time) {
	date := calendar.DateOf(at.UTC())
	r.Days = slices.DeleteFunc(r.Days, func(s Sight) bool { return s.Date <= date.AddDays(-ReportDays) })
	i := slices.IndexFunc(r.Days, func(s Sight) bool { return s.Date == date })
	if i < 0 {
		r.Days = append(r.Days, Sight{Date: date})
		order.By(r.Days, func(a, b Sight) int { return cmp.Compare(a.Date, b.Date) })
		i = slices.IndexFunc(r.Days, func(s Sight) bool { return s.Date == date })
	}
	r.Days[i].Minutes.Add(at)
}

// Message is a signed report as it travels (Standard Webhooks 1.0, with an asymmetric signature).
type Message struct {
	ID        string // webhook-id
	Timestamp string // webhook-timestamp: seconds since 1970
	Signature string // webhook-signature: "v1a," and the signature of the others in base 64
	Body      []byte
}

const signatureMark = "v1a,"

// content is what is signed.
func (m *Message) content() []byte { return fmt.Appendf(nil, "%s.%s.%s", m.ID, m.Timestamp, m.Body) }

// Sign returns the report as a message that is sent at a time.
func (r Report) Sign(key ed25519.PrivateKey, id string, at time.Time) (Message, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return Message{}, err
	}
	m := Message{ID: id, Timestamp: strconv.FormatInt(at.Unix(), 10), Body: body}
	m.Signature = signatureMark + base64.StdEncoding.EncodeToString(ed25519.Sign(key, m.content()))
	return m, nil
}

// Believe returns what a message tells of the site at a host as days of the measures Seen and Lines. It reports Unauthenticated where none of
// the probes signed it, and Invalid for what cannot be true: clocks that lie apart, another site, minutes to come.
// What it is given twice comes to the same.
func Believe(probes []Probe, host string, m Message, now time.Time) ([]Day, error) {
	signature, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Signature, signatureMark))
	if err != nil || !slices.ContainsFunc(probes, func(p Probe) bool { return ed25519.Verify(p.Key, m.content(), signature) }) {
		return nil, &errs.Error{Kind: errs.Unauthenticated, Err: errors.New("no probe of this installation signed that"),
			Hint: "put what verlof probe key printed among the probes of the installation's settings, and restart it"}
	}
	seconds, err := strconv.ParseInt(m.Timestamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > skew {
		return nil, errs.Operator("have both machines' clocks set by NTP", "sent at %s, and here it is %d: the clocks lie too far apart", m.Timestamp, now.Unix())
	}
	var r Report
	if err := json.Unmarshal(m.Body, &r); err != nil {
		return nil, errs.Operator(sameVersion, "no report: %w", err)
	}
	if r.Site != host {
		return nil, errs.Operator("send it to the site that it tells of", "it tells of %q, and this is %q", r.Site, host)
	}
	var days []Day
	for _, s := range r.Days {
		d, err := s.day(now)
		if err != nil {
			return nil, err
		}
		days = append(days, d)
	}
	if r.Lines == nil {
		return days, nil
	}
	d, err := r.Lines.day(now)
	if err != nil {
		return nil, err
	}
	return append(days, d), nil
}

// day is what was lost as the measure Lines keeps it.
func (l *Lost) day(now time.Time) (Day, error) {
	at := time.Unix(l.At, 0).UTC()
	if l.Of < 2 || l.Latest < 0 || l.Latest > l.Worst || l.Worst > l.Of || at.After(now.Add(skew)) || at.Before(now.AddDate(0, 0, -ReportDays)) {
		return Day{}, errs.Operator(sameVersion, "what is said of connections cannot be")
	}
	return Day{Measure: Lines, Date: calendar.DateOf(at), Worst: l.Worst, Latest: l.Latest, At: at}, nil
}

const sameVersion = "have the probe and the installation run the same version"

// day is a sight as the measure Seen keeps it.
func (s Sight) day(now time.Time) (Day, error) {
	y, m, d := s.Date.Civil()
	last := time.Date(y, m, d, 0, s.Minutes.last(), 0, 0, time.UTC)
	switch {
	case s.Date < calendar.DateOf(now.UTC()).AddDays(-ReportDays):
		return Day{}, errs.Operator("forget what is older than a week", "%s is too long ago to be told of", s.Date)
	case s.Minutes.last() < 0:
		return Day{}, errs.Operator(sameVersion, "nothing is said of %s", s.Date)
	case last.After(now.Add(skew)):
		return Day{}, errs.Operator("have both machines' clocks set by NTP", "%s has minutes that are yet to come", s.Date)
	}
	return Day{Measure: Seen, Date: s.Date, Minutes: s.Minutes, At: last}, nil
}
