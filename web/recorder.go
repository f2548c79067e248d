// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"

	"verlof/errs"
	"verlof/tenant"
)

// recorder remembers what was answered, for the log.
type recorder struct {
	http.ResponseWriter
	status, bytes int
}

func (w *recorder) WriteHeader(code int) {
	if w.status == 0 {
		w.status = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController through.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// nothingHere answers for a host name that belongs to nobody.
func nothingHere(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("404 not found\n"))
}

// notFound handles every address that no route has.
func notFound(http.ResponseWriter, *http.Request, *tenant.Tenant) error {
	return errs.New(errs.NotFound, "")
}
