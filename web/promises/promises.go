// SPDX-License-Identifier: Apache-2.0

// Package promises owns the page that says what the installation promises about the data,
// and how each promise stands, to whoever asks. It refuses to judge: that is for trust.
package promises

import (
	"net/http"
	"time"

	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/tenant"
	"verlof/trust"
	"verlof/web/page"
	"verlof/web/template"
)

// Routes is the page.
func Routes() []page.Route {
	return []page.Route{page.Get(template.PromisesPath, page.Public, show)}
}

// promisesPage lists promises by what they rest on.
type promisesPage struct {
	Frame  template.Page
	Groups []group
}

type group struct {
	Ground trust.Ground
	Lines  []promise
}

// promise is one line, in words.
type promise struct {
	trust.Line
	l    *lang.Locale
	zone *time.Location
}

// show handles GET /promises.
func show(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	lines, err := t.Promises(r.Context())
	if err != nil {
		return err
	}
	p := promisesPage{Frame: page.Frame(w, r, v.Lang.T("trust.title"))}
	for _, g := range trust.Grounds() {
		one := group{Ground: g}
		for _, line := range lines {
			if line.Ground == g {
				one.Lines = append(one.Lines, promise{Line: line, l: v.Lang, zone: v.Zone})
			}
		}
		if len(one.Lines) > 0 {
			p.Groups = append(p.Groups, one)
		}
	}
	return page.Render(w, r, http.StatusOK, promisesView(p))
}

// how says how the promise is kept, or why it is not made.
func (p *promise) how() string {
	if p.Lacks != "" {
		return p.l.T("trust.lacks." + string(p.Lacks))
	}
	return p.l.T("trust." + p.ID + ".how")
}

// now is the newest number, and when that was.
func (p *promise) now() string {
	switch {
	case p.At.IsZero():
		return p.l.T("trust.measured.none")
	case p.By == trust.Up:
		return p.l.T("trust.up", "share", p.share(), "count", p.Minutes)
	}
	return p.l.T("trust.now", "value", p.value(p.Latest), "at", p.l.DateTime(p.At.UnixMicro(), p.zone))
}

// share is how much of its minutes the installation answered in, in per cent: rounded down, so that
// nothing is made better than it was.
func (p *promise) share() exact.Rat {
	if p.Minutes == 0 {
		return exact.Int(0)
	}
	return exact.New(int64(p.Answered)*10_000, int64(p.Minutes)).Floor().Mul(exact.New(1, 100))
}

// value says a number of a measure other than Up; of that one nothing.
func (p *promise) value(n int64) string {
	if p.By == trust.Up {
		return ""
	}
	return p.l.T("trust.value."+string(p.By), "count", int(n))
}

// history says on how many days the promise was kept.
func (p *promise) history() string {
	if p.Missed == 0 {
		return p.l.T("trust.days.kept")
	}
	return p.l.T("trust.days.missed", "count", p.Missed, "days", len(p.Days))
}

// day is what one day came to.
func (p *promise) day(d trust.DayLine) string {
	value := p.value(d.Worst)
	if p.By == trust.Up {
		value = p.l.T("trust.day.up", "answered", d.Answered, "minutes", d.Minutes)
	}
	return p.l.T("trust.day", "date", d.Date, "value", value)
}

// document says which one speaks for the promise.
func (p *promise) document() string {
	if p.Document == nil {
		return p.l.T("trust.document.none")
	}
	return p.l.T("trust.document", "title", p.Document.Title, "until", p.Document.Until, "owner", p.Document.Owner)
}

// tone is that of the promise's badge.
func (p *promise) tone() template.Tone {
	switch p.State {
	case trust.Kept:
		return template.Good
	case trust.Missed, trust.Expired:
		return template.Bad
	case trust.Unknown:
		return template.Warn
	}
	return ""
}
