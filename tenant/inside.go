// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"verlof/errs"
	"verlof/internal/hostname"
)

// ServedBy has requests of one customer to the provider of another, both of this
// installation, answered by a site in this process: what they say to each other takes no way
// out of the machine and back, and needs neither name server nor certificate. A site that is
// not set answers nothing, and such requests go out as all others.
func (d *Directory) ServedBy(site http.Handler) { d.site.Store(&site) }

// inside sends requests to customers of the installation to its own site.
type inside struct {
	d       *Directory
	outside http.RoundTripper
}

// RoundTrip is part of http.RoundTripper.
func (i *inside) RoundTrip(r *http.Request) (*http.Response, error) {
	site := i.d.site.Load()
	if site == nil {
		return i.outside.RoundTrip(r)
	}
	_, err := i.d.registry.TenantByHost(r.Context(), hostname.Of(r.URL.Host))
	if errs.Is(err, errs.NotFound) {
		return i.outside.RoundTrip(r)
	}
	if err != nil {
		return nil, err
	}
	return answerOf(*site, r)
}

// answerOf returns what a site answers, at most as much of it as any provider may say.
func answerOf(site http.Handler, r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.Host, in.RequestURI, in.RemoteAddr = r.URL.Host, r.URL.RequestURI(), "127.0.0.1:0"
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer in.Body.Close()
	w := &answer{header: http.Header{}}
	site.ServeHTTP(w, in)
	w.WriteHeader(http.StatusOK)
	return &http.Response{Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1,
		ProtoMinor: 1, Header: w.header, Body: io.NopCloser(io.LimitReader(&w.body, maxAnswer)), ContentLength: int64(min(w.body.Len(), maxAnswer)), Request: r}, nil
}

// answer is an answer that is being written, in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is part of http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader is part of http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write is part of http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}
