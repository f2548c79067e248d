// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"verlof/internal/gate"
	"verlof/internal/hostname"
	"verlof/internal/lang"
)

// How much one address and one customer may have under way at a time. A whole office shares an
// address, so these are far beyond what people need.
const (
	addressBurst       = 10 // seconds of its share that an address may ask for at once
	addressAtOnce      = 64
	addressConnections = 512
	customerAtOnce     = 256
)

// Flood holds back who asks for more than people do, so that the others are served. Addresses of this machine
// it does not hold back: there is a proxy that was not named, or the operator. It counts for its process.
type Flood struct {
	limit  gate.Limit         // requests of an address; no burst: any number
	trust  Proxies            // whose connections are those of many browsers
	held   func(limit string) // hears of what is held back
	log    *slog.Logger
	counts gate.Gates // by address
	told   gate.Gates // which addresses the log names

	mu          sync.Mutex
	underWay    map[underWay]int
	connections map[netip.Prefix]int
	counted     map[net.Conn]netip.Prefix
}

// underWay is whose requests are under way: those of an address, or those to a host name.
type underWay struct {
	address netip.Prefix
	host    string
}

// NewFlood lets an address ask so often in a second; 0: as often as it likes. Connections of proxies that are trusted are not
// counted. held hears of each request and connection that is held back, and for which limit: "address", "customer", "connections".
func NewFlood(perSecond int, trust Proxies, held func(limit string), log *slog.Logger) *Flood {
	f := &Flood{trust: trust, held: held, log: log, underWay: map[underWay]int{}, connections: map[netip.Prefix]int{}, counted: map[net.Conn]netip.Prefix{}}
	if perSecond > 0 {
		f.limit = gate.Limit{Burst: perSecond * addressBurst, Every: time.Second / time.Duration(perSecond)}
	}
	return f
}

// Before has h answer the requests that are not held back.
func (f *Flood) Before(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, known := sender(r.RemoteAddr)
		if known {
			if wait := f.wait(from); wait > 0 {
				f.refuse(w, r, http.StatusTooManyRequests, "address", from, wait)
				return
			}
			mine := underWay{address: from}
			if !f.begin(mine, addressAtOnce) {
				f.refuse(w, r, http.StatusTooManyRequests, "address", from, time.Second)
				return
			}
			defer f.end(mine)
		}
		all := underWay{host: hostname.Of(r.Host)}
		if !f.begin(all, customerAtOnce) {
			f.refuse(w, r, http.StatusServiceUnavailable, "customer", from, time.Second)
			return
		}
		defer f.end(all)
		h.ServeHTTP(w, r)
	})
}

// sender returns the address that a request or a connection comes from, of IPv6 the network of one subscriber (RFC 6177);
// false for one of this machine.
func sender(remote string) (netip.Prefix, bool) {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}, false
	}
	a := plainAddress(peer.Addr())
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	return p, err == nil && !a.IsLoopback()
}

// wait returns how long an address has to wait; 0: not at all.
func (f *Flood) wait(from netip.Prefix) time.Duration {
	if f.limit.Burst == 0 {
		return 0
	}
	_, _, wait := f.counts.Take(f.limit, from.String(), time.Now())
	return wait
}

// begin notes a request that is under way, unless there are so many.
func (f *Flood) begin(of underWay, most int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.underWay[of] >= most {
		return false
	}
	f.underWay[of]++
	return true
}

func (f *Flood) end(of underWay) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.underWay[of]--; f.underWay[of] == 0 {
		delete(f.underWay, of)
	}
}

// refuse answers in the reader's language, and names in the log who was held back, once a minute.
func (f *Flood) refuse(w http.ResponseWriter, r *http.Request, status int, why string, from netip.Prefix, wait time.Duration) {
	f.hold(r.Context(), why, from)
	l := lang.For(r.Header.Get("Accept-Language"))
	text := l.T("error.too_many")
	if status == http.StatusServiceUnavailable {
		text = l.T("error.unavailable")
	}
	h := w.Header()
	h.Set("Retry-After", strconv.Itoa(int(max(1, (wait+time.Second-1)/time.Second))))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", l.Tag())
	http.Error(w, text, status)
}

// hold counts what is held back.
func (f *Flood) hold(ctx context.Context, why string, from netip.Prefix) {
	f.held(why)
	if _, _, wait := f.told.Take(gate.Limit{Burst: 1, Every: time.Minute}, why+from.String(), time.Now()); wait == 0 {
		f.log.WarnContext(ctx, "more is asked for than people do: some is held back", "limit", why, "from", from.String(),
			"hint", "where that is a proxy of yours, name it with --trusted-proxies")
	}
}

// Connected is told what becomes of connections, and closes those that are too many.
func (f *Flood) Connected(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if !f.admit(c) {
			_ = c.Close() // it is closed either way
		}
	case http.StateClosed, http.StateHijacked:
		f.left(c)
	case http.StateActive, http.StateIdle:
	}
}

// admit counts a connection, and reports whether there is room for it.
func (f *Flood) admit(c net.Conn) bool {
	from, known := sender(c.RemoteAddr().String())
	if !known || f.trust.trust(from.Addr()) {
		return true
	}
	f.mu.Lock()
	f.connections[from]++
	f.counted[c] = from
	room := f.connections[from] <= addressConnections
	f.mu.Unlock()
	if !room {
		f.hold(context.Background(), "connections", from)
	}
	return room
}

func (f *Flood) left(c net.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	from, there := f.counted[c]
	if !there {
		return
	}
	delete(f.counted, c)
	if f.connections[from]--; f.connections[from] == 0 {
		delete(f.connections, from)
	}
}
