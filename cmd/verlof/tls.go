// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"

	"verlof/edge"
	"verlof/errs"
)

// automatic is what certificates is set to where they are made.
const automatic = "auto"

// certificatesFolder is where they are kept, in the data folder.
const certificatesFolder = "certificates"

// checkTLS refuses settings about certificates that cannot be right.
func (s *settings) checkTLS() error {
	if s.ClientRoots != "" && (s.Certificates == "" || s.Certificates == automatic || s.RedirectListen != "") {
		return errs.Operator("name a file with --certificates, and leave redirect-listen to the proxies", "client-roots: where proxies alone are let in, they meet browsers")
	}
	if s.Certificates == "" {
		if s.RedirectListen != "" {
			return errs.Operator("give --certificates too, or have the proxy send browsers to https://", "redirect-listen: a proxy ends TLS")
		}
		return nil
	}
	if s.Plain {
		return errs.Operator("leave one of them out", "plain: with --certificates browsers reach the sites with TLS")
	}
	if u, err := url.Parse(s.AcmeDirectory); s.Certificates == automatic && (err != nil || u.Scheme != "https" || u.Host == "") {
		return errs.Operator("the directory of an authority looks like "+edge.LetsEncrypt, "acme-directory: %q is no address", s.AcmeDirectory)
	}
	if a, err := mail.ParseAddress(s.AcmeEmail); s.AcmeEmail != "" && (err != nil || a.Address != s.AcmeEmail) {
		return errs.Operator("an address looks like verlof@example.org", "acme-email: %q is no mail address", s.AcmeEmail)
	}
	if s.RedirectListen == "" {
		return nil
	}
	return checkAddress("redirect-listen", s.RedirectListen)
}

// certificates returns what ends TLS for the sites that are known; nil: a proxy does. Those that are made lie on the shelf where
// other machines may serve too, and else in the data folder.
func (s *settings) certificates(known func(ctx context.Context, host string) (bool, error), shelf func() edge.Shelf, log *slog.Logger) (*edge.Certificates, error) {
	if s.Certificates == "" {
		return nil, nil
	}
	c := edge.CertificatesConfig{Folder: filepath.Join(s.Data, certificatesFolder), Authority: s.AcmeDirectory, Roots: s.AcmeRoots,
		Email: s.AcmeEmail, Clients: s.ClientRoots, Own: nobodysHost, Known: known, Site: s.site, Log: log}
	if s.Certificates != automatic {
		c.File = s.Certificates
	}
	if s.onServers() {
		c.Shelf = shelf
	}
	return edge.NewCertificates(c)
}

// listeners are where a server is asked.
type listeners struct {
	site    net.Listener
	private net.Listener // metrics; nil: nowhere
	plain   net.Listener // http:// where site is https://; nil: nowhere
}

// listeners opens those that the settings name and systemd does not hold. Who calls it closes them, also after an error.
func (c *serveCmd) listeners(env map[string]string) (l listeners, err error) {
	if l.site, l.plain, err = heldListeners(env); err != nil {
		return l, err
	}
	if l.plain != nil && c.Certificates == "" {
		return l, errs.Operator("give --certificates too, or stop that .socket unit", "systemd holds a socket for http://, and a proxy ends TLS")
	}
	if l.site == nil {
		if l.site, err = listen(c.Listen); err != nil {
			return l, err
		}
	}
	c.listening = l.site.Addr().String()
	for _, more := range []struct {
		to            *net.Listener
		address, hint string
	}{
		{&l.private, c.MetricsListen, "choose another address with --metrics-listen; an empty one turns it off"},
		{&l.plain, c.RedirectListen, "choose another address with --redirect-listen; or have systemd hold it: docs/operate/tls.md"},
	} {
		if more.address == "" || *more.to != nil {
			continue
		}
		if *more.to, err = net.Listen("tcp", more.address); err != nil {
			return l, &errs.Error{Kind: errs.Unavailable, Err: err, Hint: more.hint}
		}
	}
	return l, nil
}

// close closes those that are open.
func (l listeners) close() error {
	var failed []error
	for _, one := range []net.Listener{l.site, l.private, l.plain} {
		if one != nil {
			failed = append(failed, one.Close())
		}
	}
	return errors.Join(failed...)
}

// servers returns what is served where, the sites first, and how the log names it.
func (i *installation) servers(l listeners) (open []served, names []any) {
	site := l.site
	if i.certificates != nil {
		site = tls.NewListener(site, i.certificates.TLS())
	}
	open = []served{{i.server(i.site), site}}
	open[0].ConnState = i.flood.Connected
	names = []any{"address", site.Addr().String()}
	if l.private != nil {
		open = append(open, served{i.server(i.private()), l.private})
		names = append(names, "metrics", l.private.Addr().String())
	}
	if l.plain != nil {
		open = append(open, served{i.server(i.certificates.Redirect()), l.plain})
		names = append(names, "redirect", l.plain.Addr().String())
	}
	return open, names
}
