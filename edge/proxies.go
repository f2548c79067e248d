// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"

	"verlof/errs"
)

// Proxies are the networks whose word is taken for where a request comes from.
type Proxies []netip.Prefix

// UnmarshalText reads networks and single addresses, parted by commas.
func (p *Proxies) UnmarshalText(text []byte) error {
	*p = nil
	for part := range strings.SplitSeq(string(text), ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if address, single := netip.ParseAddr(part); single == nil && address.Zone() == "" {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil || network.Addr().Is4In6() {
			return errs.Operator("a network looks like 10.0.0.0/8 or 2001:db8::/48, one address like 127.0.0.1", "%q is no network", part)
		}
		*p = append(*p, network.Masked())
	}
	return nil
}

// String is what UnmarshalText reads.
func (p Proxies) String() string {
	var parts []string
	for _, network := range p {
		parts = append(parts, network.String())
	}
	return strings.Join(parts, ",")
}

// trust reports whether an address is that of a proxy.
func (p Proxies) trust(a netip.Addr) bool {
	for _, network := range p {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

// Behind has h see the browser's address where a proxy passed its request on.
func (p Proxies) Behind(h http.Handler) http.Handler {
	if len(p) == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			peer := plainAddress(peer.Addr())
			if from := p.browser(peer, r.Header.Values("X-Forwarded-For")); from != peer {
				passed := *r
				passed.RemoteAddr = netip.AddrPortFrom(from, 0).String()
				r = &passed
			}
		}
		h.ServeHTTP(w, r)
	})
}

// browser returns where a request comes from that peer sent. Each proxy writes
// at the right end of X-Forwarded-For whom it was asked by, and leaves what
// stood there, which a browser may have made up: so it is read from the right,
// and no further than the first address that is no proxy of ours.
func (p Proxies) browser(peer netip.Addr, forwarded []string) netip.Addr {
	from := peer
	chain := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(chain) - 1; i >= 0 && p.trust(from); i-- {
		before, err := parseHop(chain[i])
		if err != nil {
			return from // the proxy that passed this on is as far as we can see
		}
		from = before
	}
	return from
}

// parseHop reads one address of X-Forwarded-For; some proxies add a port.
func parseHop(text string) (netip.Addr, error) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddrPort(text); err == nil {
		return plainAddress(a.Addr()), nil
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	if err != nil {
		return a, fmt.Errorf("read an address: %w", err)
	}
	return plainAddress(a), nil
}

// plainAddress writes one address one way.
func plainAddress(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
