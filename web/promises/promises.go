// SPDX-License-Identifier: Apache-2.0

// Package promises owns the page that says what the installation promises about the data,
// and how each promise stands, to whoever asks. It refuses to judge: that is for trust.
package promises

import (
	"io"
	"net/http"
	"time"

	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/hostname"
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/tenant"
	"verlof/trust"
	"verlof/web/page"
	"verlof/web/template"
)

// Routes are the page, and where probes report what they saw.
func Routes() []page.Route {
	return []page.Route{
		page.Get(template.PromisesPath, page.Public, show),
		page.Post(template.PromisesPath+"/seen", page.Program, seen),
	}
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

// maxReport bounds what a probe sends: some days of minutes are a tenth of it.
const maxReport = 64 << 10

// seen handles POST /promises/seen: a probe tells in which minutes this site answered it. The answer has
// no content, or says in a line of text what is wrong.
func seen(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
	if err == nil {
		err = t.Seen(r.Context(), hostname.Of(r.Host), trust.Message{ID: r.Header.Get("Webhook-Id"), Timestamp: r.Header.Get("Webhook-Timestamp"),
			Signature: r.Header.Get("Webhook-Signature"), Body: body})
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	e := errs.As(err)
	if e.Kind == errs.Internal {
		return err
	}
	http.Error(w, e.Error()+": "+e.Hint, httperr.Status(e.Kind))
	return nil
}

// how says how the promise is kept, or why it is not made.
func (p *promise) how() string {
	if p.Lacks != "" {
		return p.l.T("trust.lacks." + string(p.Lacks))
	}
	if p.Instead {
		return p.l.T("trust." + p.ID + "." + p.Better.Name())
	}
	return p.l.T("trust." + p.ID + ".how")
}

// now is the newest number, and when that was.
func (p *promise) now() string {
	switch {
	case p.At.IsZero():
		return p.l.T("trust.measured.none")
	case p.By.Minutes():
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

// budget says how many minutes without an answer the promise allows, and how many there were; empty of one that is
// not about minutes.
func (p *promise) budget() string {
	if !p.By.Minutes() || p.At.IsZero() {
		return ""
	}
	return p.l.T("trust.budget", "used", p.Minutes-p.Answered, "count", p.Budget)
}

// value says a number of a measure that counts no minutes; of others nothing.
func (p *promise) value(n int64) string {
	if p.By.Minutes() {
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
	if p.By.Minutes() {
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
