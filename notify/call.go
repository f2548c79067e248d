// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"verlof/errs"
	"verlof/internal/outside"
)

// Call is a form for a program of somebody else.
type Call struct {
	URL  string
	Form url.Values
}

// Caller sends forms to programs of others. It reports Invalid for an answer that no
// repetition mends.
type Caller interface {
	Post(ctx context.Context, c Call) error
}

// calls are the kinds of row that tell a program of somebody else; identity/openid writes
// them.
var calls = map[string]bool{"openid.logout": true}

// tells are the kinds of row that tell another customer of the installation something;
// identity/bureau writes them.
var tells = map[string]bool{"bureau.terms": true, "bureau.answer": true}

// call sends what a row says to a program, if it still wants to know.
func (m *Mailer) call(ctx context.Context, dir Directory, row Row) (int, error) {
	if m.Caller == nil {
		return 0, unsendable("nothing is called from here")
	}
	c, err := dir.Call(ctx, row.Kind, row.Payload)
	if errs.Is(err, errs.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("call: %w", err)
	}
	return 1, m.Caller.Post(ctx, c)
}

// NewCaller returns a Caller that follows nobody elsewhere and connects to public
// addresses only: whoever registers an address must not reach what only this machine and
// its neighbours may. private lets it call addresses of private networks (RFC 1918, RFC
// 4193), local this machine too.
func NewCaller(private, local bool) Caller {
	return &httpCaller{outside.Reach{Private: private, Local: local}.Client(sendTimeout, 1<<10)}
}

type httpCaller struct{ client *http.Client }

// Post is part of Caller. What the program answers is not read: it could be anything.
func (h *httpCaller) Post(ctx context.Context, c Call) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, strings.NewReader(c.Form.Encode()))
	if err != nil {
		return unsendable("an address that cannot be called")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Verlof")
	a, err := h.client.Do(r)
	if outside.Refused(err) {
		return unsendable("%v", err)
	}
	if err != nil {
		return fmt.Errorf("the program does not answer: %s", fault(err)) // the error names its address, which logs are not to
	}
	defer func() { _ = a.Body.Close() }() // nothing was written
	_, _ = io.Copy(io.Discard, a.Body)
	switch {
	case a.StatusCode < 300:
		return nil
	case a.StatusCode < 500 && a.StatusCode != http.StatusTooManyRequests && a.StatusCode != http.StatusRequestTimeout:
		return unsendable("the program answered %d", a.StatusCode)
	}
	return fmt.Errorf("the program answered %d", a.StatusCode)
}
