// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"

	"verlof/errs"
)

// trusting returns a client for a store whose certificate is certified by those in a PEM file, and by
// no others.
func trusting(file string) (*http.Client, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &errs.Error{Kind: errs.Invalid, Err: err, Hint: "ca names a PEM file that Verlof may read"}
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, errs.Operator("ca names a PEM file", "%s holds no certificate", file)
	}
	return &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}, nil
}
