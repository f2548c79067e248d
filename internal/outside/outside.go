// SPDX-License-Identifier: Apache-2.0

// Package outside owns how this program reaches machines of others at addresses that
// somebody typed in. It refuses to follow them elsewhere, to read more than it was told
// to, and to connect to what only this machine and its neighbours may reach.
package outside

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Reach says which addresses may be connected to besides the public ones.
type Reach struct {
	Private bool // those of private networks (RFC 1918, RFC 4193)
	Local   bool // this machine, without TLS too
}

var errAddress = errors.New("an address that is not called from here")

// Refused reports whether an address was not called because of what it is.
func Refused(err error) bool { return errors.Is(err, errAddress) }

// Allow reports whether a host and port may be connected to, once names were looked up.
// A name that leads inside is refused like the address it leads to.
func (r Reach) Allow(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("call an address that cannot be read: %w", err)
	}
	ip := reached(at.Addr())
	switch {
	case r.Local && ip.IsLoopback(), r.Private && ip.IsPrivate():
		return nil
	case !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) || localNAT64.Contains(ip):
		return fmt.Errorf("%s: %w", ip, errAddress)
	}
	return nil
}

var (
	shared     = netip.MustParsePrefix("100.64.0.0/10")  // between a provider and its customers (RFC 6598)
	nat64      = netip.MustParsePrefix("64:ff9b::/96")   // an IPv4 address behind a gateway (RFC 6052)
	sixToFour  = netip.MustParsePrefix("2002::/16")      // and behind another (RFC 3056)
	localNAT64 = netip.MustParsePrefix("64:ff9b:1::/48") // the same within a network (RFC 8215)
)

// reached returns the address at which a connection to ip ends.
func reached(ip netip.Addr) netip.Addr {
	ip = ip.Unmap()
	b := ip.As16()
	switch {
	case nat64.Contains(ip):
		return netip.AddrFrom4([4]byte(b[12:]))
	case sixToFour.Contains(ip):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return ip
}

// Dial connects to an address that may be connected to.
func (r Reach) Dial(timeout time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error { return r.Allow(address) }}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if host, port, err := net.SplitHostPort(address); err == nil && r.Local && strings.HasSuffix(host, ".localhost") {
			address = net.JoinHostPort("127.0.0.1", port) // RFC 6761, section 6.3: not every resolver knows
		}
		return d.DialContext(ctx, network, address)
	}
}

// Client returns a client that asks over TLS, follows nobody elsewhere, waits no longer
// than timeout and reads no more of an answer than most bytes.
func (r Reach) Client(timeout time.Duration, most int64) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: &bounded{reach: r, most: most,
			next: &http.Transport{DialContext: r.Dial(timeout), ForceAttemptHTTP2: true, DisableKeepAlives: true}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded refuses addresses without TLS and cuts answers.
type bounded struct {
	reach Reach
	most  int64
	next  http.RoundTripper
}

// RoundTrip is part of http.RoundTripper.
func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if !b.reach.Fit(r.URL) {
		return nil, fmt.Errorf("%s without TLS: %w", r.URL.Hostname(), errAddress)
	}
	a, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	a.Body = &cut{Reader: io.LimitReader(a.Body, b.most), Closer: a.Body}
	return a, nil
}

type cut struct {
	io.Reader
	io.Closer
}

// Fit reports whether an address is one that may be called at all, by what is written in
// it: over TLS, or on this machine where that is within reach.
func (r Reach) Fit(u *url.URL) bool {
	if u.User != nil || u.Hostname() == "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || err == nil && ip.IsLoopback()
	return u.Scheme == "https" || r.Local && u.Scheme == "http" && here
}
