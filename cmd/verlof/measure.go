// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"verlof/trust"
)

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
	var kept time.Time
	self := itself()
	keep := func(ctx context.Context) {
		kept = time.Now()
		if err := i.tenants.AddMeasures(ctx, tally.Days()); err != nil {
			i.log.Warn("what was measured is not kept yet", why(err, ""))
			return
		}
		tally.Forget()
	}
	every(ctx, measureEvery, func() {
		i.present(ctx, self)
		i.measureOnce(ctx, site, &tally)
		if time.Since(kept) >= keepEvery {
			i.measureSlow(ctx, &tally)
			keep(ctx)
		}
	})
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	keep(last)
	i.absent(last, self)
}

// measureOnce measures what may be otherwise each minute.
func (i *installation) measureOnce(ctx context.Context, site net.Addr, tally *trust.Tally) {
	if i.answering(ctx, site) {
		tally.Answered(time.Now())
	}
	now := time.Now()
	if behind, ok := i.behind(now); ok {
		tally.Add(trust.Behind, behind, now)
	}
	if i.certificates != nil {
		tally.Add(trust.Expiring, int64(i.certificates.Expiring(now)), now)
	}
	if i.copies != nil && i.Offsite != "" {
		_, since, _ := i.copies.StandingAway(i.OffsiteWithin)
		tally.Add(trust.Away, secondsBetween(since, now), now)
	}
}

// measureSlow measures what drills and updates come to, which takes a look at every customer.
func (i *installation) measureSlow(ctx context.Context, tally *trust.Tally) {
	now := time.Now()
	if k := i.meter.keeping.Load(); k != nil {
		tally.Add(trust.Late, int64(k.Late), now)
		tally.Add(trust.Restore, wholeSeconds(k.Slowest), now)
	}
	if _, stuck, err := i.meter.migrations(ctx); err == nil {
		tally.Add(trust.Stuck, int64(stuck), now)
	}
	if n, promised := i.singles(ctx); promised {
		tally.Add(trust.Single, n, now)
	}
}

// behind returns for how many seconds the oldest change has waited for its second place, at the depot or
// with a log of a database server; false where nobody can say.
func (i *installation) behind(now time.Time) (seconds int64, known bool) {
	if i.copies != nil {
		seconds, known = secondsBetween(i.copies.Standing().Since, now), true
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
func (i *installation) answering(ctx context.Context, site net.Addr) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	there := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, site.Network(), site.String())
	}}
	scheme := "http"
	if i.certificates != nil {
		scheme, there.TLSClientConfig = "https", i.certificates.Myself()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+nobodysHost+"/", nil)
	if err != nil {
		return false
	}
	w, err := there.RoundTrip(r)
	if err != nil {
		return false
	}
	w.Body.Close()
	return w.StatusCode == http.StatusNotFound
}
