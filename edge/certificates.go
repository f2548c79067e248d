// SPDX-License-Identifier: Apache-2.0

package edge

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"verlof/errs"
	"verlof/internal/gate"
	"verlof/internal/hostname"
)

// LetsEncrypt is the authority that certificates are asked of where no other is named.
const LetsEncrypt = acme.LetsEncryptURL

// ExpirySoon is how long before its end a certificate should have been replaced. Those that are made are
// replaced thirty days before it.
const ExpirySoon = 14 * 24 * time.Hour

// CertificatesConfig says where certificates come from: a file, or an authority that speaks ACME (RFC 8555).
type CertificatesConfig struct {
	File string // a certificate, those above it, and its key, as PEM; empty: they are made

	Clients string // PEM file of what certifies those who are let in, and no others (mutual TLS); empty: everybody is

	Folder    string       // where those that are made are kept
	Shelf     func() Shelf // where they are instead, if several machines share them; nil: in the folder
	Authority string       // address of its directory
	Roots     string       // PEM file of what certifies the authority's own TLS; empty: what the system trusts
	Email     string       // whom it writes to; empty: nobody

	Own   string                                               // host name of nobody, at which the machine looks at itself
	Known func(ctx context.Context, host string) (bool, error) // whether there is a site at a host name
	Site  func(host string) string                             // address of a site, without a slash at its end
	Log   *slog.Logger
}

// Shelf keeps texts by name, for all machines of an installation.
type Shelf interface {
	Get(ctx context.Context, name string) ([]byte, error) // reports NotFound
	Put(ctx context.Context, name string, content []byte) error
	Delete(ctx context.Context, name string) error // also where there is none
}

// onShelf is a Shelf as autocert wants it.
type onShelf func() Shelf

// Get is part of autocert.Cache.
func (s onShelf) Get(ctx context.Context, name string) ([]byte, error) {
	content, err := s().Get(ctx, name)
	if errs.Is(err, errs.NotFound) {
		return nil, autocert.ErrCacheMiss
	}
	return content, err
}

// Put is part of autocert.Cache.
func (s onShelf) Put(ctx context.Context, name string, content []byte) error {
	return s().Put(ctx, name, content)
}

// Delete is part of autocert.Cache.
func (s onShelf) Delete(ctx context.Context, name string) error { return s().Delete(ctx, name) }

// cache is where certificates that are made are kept.
func (c CertificatesConfig) cache() autocert.Cache {
	if c.Shelf != nil {
		return onShelf(c.Shelf)
	}
	return autocert.DirCache(c.Folder)
}

// Certificates end TLS (1.2 and later) for the sites.
type Certificates struct {
	CertificatesConfig
	maker   *autocert.Manager // nil: they come from a file
	own     *tls.Certificate
	clients *x509.CertPool // who is let in; nil: everybody
	told    gate.Gates

	mu   sync.Mutex
	file *tls.Certificate
	read time.Time            // when the file was looked at last
	made time.Time            // when it was written
	ends map[string]time.Time // by host name: when the certificate ends that it was shown last
}

// errStranger is how a handshake for a host name of nobody ends.
var errStranger = errors.New("no site is there")

// NewCertificates reports, with a hint for the operator, what is wrong with a file.
func NewCertificates(c CertificatesConfig) (*Certificates, error) {
	all := &Certificates{CertificatesConfig: c, ends: map[string]time.Time{}}
	var err error
	if all.own, err = ownCertificate(c.Own); err != nil {
		return nil, err
	}
	if c.Clients != "" {
		if all.clients, err = certifiers("--client-roots", c.Clients); err != nil {
			return nil, err
		}
		all.clients.AddCert(all.own.Leaf)
	}
	if c.File != "" {
		_, err := all.fromFile(time.Now())
		return all, err
	}
	client, err := clientOf(c)
	if err != nil {
		return nil, err
	}
	all.maker = &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: c.cache(), Email: c.Email, Client: client,
		HostPolicy: func(ctx context.Context, host string) error {
			known, err := c.Known(ctx, host)
			if err == nil && !known {
				err = errStranger
			}
			return err
		}}
	return all, nil
}

// clientOf calls the authority.
func clientOf(c CertificatesConfig) (*acme.Client, error) {
	client := &acme.Client{DirectoryURL: c.Authority, UserAgent: "Verlof"}
	if c.Roots == "" {
		return client, nil
	}
	pool, err := certifiers("--acme-roots", c.Roots)
	if err != nil {
		return nil, err
	}
	client.HTTPClient = &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	return client, nil
}

// certifiers reads the certificates of a file that a setting names.
func certifiers(setting, file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, errs.Operator("name a file that may be read with "+setting, "%w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errs.Operator(setting+" takes certificates as PEM", "%s holds no certificate", file)
	}
	return pool, nil
}

// TLS is what a listener needs.
func (c *Certificates) TLS() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: c.certificate}
	if c.maker != nil {
		config.NextProtos = append(config.NextProtos, acme.ALPNProto)
	}
	if c.clients != nil {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, c.clients
	}
	return config
}

// certificate answers a handshake.
func (c *Certificates) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if name == c.Own {
		return c.own, nil
	}
	cert, err := c.find(hello)
	if err != nil {
		c.tell(name, err)
		return nil, err
	}
	if !isChallenge(hello) {
		if c.File != "" {
			name = "" // one for all
		}
		c.mu.Lock()
		c.ends[name] = cert.Leaf.NotAfter
		c.mu.Unlock()
	}
	return cert, nil
}

func (c *Certificates) find(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if c.maker == nil {
		return c.fromFile(time.Now())
	}
	return c.maker.GetCertificate(hello)
}

// isChallenge reports whether the authority looks whether the name is ours (RFC 8737).
func isChallenge(hello *tls.ClientHelloInfo) bool {
	return len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == acme.ALPNProto
}

// tell logs why a site has no certificate, once in ten minutes for each. Names of nobody are not worth a line.
func (c *Certificates) tell(name string, err error) {
	known := false
	if !errors.Is(err, errStranger) && name != "" {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		known, _ = c.Known(ctx, name) // where that cannot be said, it is not logged
	}
	if !known {
		return
	}
	if _, _, wait := c.told.Take(gate.Limit{Burst: 1, Every: 10 * time.Minute}, name, time.Now()); wait == 0 {
		c.Log.Error("no certificate for a site", "host", name, "problem", err.Error(),
			"hint", "the name must lead to this machine, port 443, from everywhere; docs/operate/tls.md")
	}
}

// fileEvery is how often it is asked whether the file is another one.
const fileEvery = time.Minute

// fromFile returns what the file holds, read anew when it was written. One that cannot be read is told of, and the one
// before it goes on.
func (c *Certificates) fromFile(now time.Time) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file != nil && now.Sub(c.read).Abs() < fileEvery {
		return c.file, nil
	}
	c.read = now
	state, err := os.Stat(c.File)
	if err == nil && c.file != nil && state.ModTime().Equal(c.made) {
		return c.file, nil
	}
	var next tls.Certificate
	if err == nil {
		next, err = tls.LoadX509KeyPair(c.File, c.File)
	}
	switch {
	case err == nil:
		c.file, c.made = &next, state.ModTime()
	case c.file != nil:
		c.Log.Error("the certificate cannot be read anew", "problem", err.Error(), "hint", "the one from before goes on until it ends; put it right")
	default:
		return nil, errs.Operator("name a PEM file with a certificate, those above it, and its key", "certificates: %w", err)
	}
	return c.file, nil
}

// Expiring returns how many of the certificates that were shown last to somebody end soon: they should have been replaced.
func (c *Certificates) Expiring(now time.Time) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range c.ends {
		if end.Before(now.Add(ExpirySoon)) {
			n++
		}
	}
	return n
}

// Redirect answers http://: it sends browsers of a site to https:// (RFC 9110, section 15.4.9), and an authority finds there what it asks for
// (RFC 8555, section 8.3).
func (c *Certificates) Redirect() http.Handler {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostname.Of(r.Host)
		known, err := c.Known(r.Context(), host)
		switch {
		case err != nil:
			http.Error(w, "not at the moment", http.StatusServiceUnavailable)
		case !known:
			http.NotFound(w, r)
		default:
			http.Redirect(w, r, c.Site(host)+r.URL.RequestURI(), http.StatusPermanentRedirect)
		}
	})
	if c.maker == nil {
		return h
	}
	return c.maker.HTTPHandler(h)
}
