// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"verlof/errs"
)

// sendTimeout bounds one conversation with a mail server.
const sendTimeout = 30 * time.Second

// smtpTransport speaks with one mail server, one connection for each message.
type smtpTransport struct {
	host    string
	options []gomail.Option
}

func newSMTP(u *url.URL) (Transport, error) {
	const hint = "write smtp://user:password@host:port?tls=required (or opportunistic, or none)"
	t := &smtpTransport{host: u.Hostname(), options: []gomail.Option{gomail.WithTimeout(sendTimeout)}}
	if t.host == "" {
		return nil, errs.Operator(hint, "the mail transport names no host")
	}
	if u.Scheme == "smtps" {
		t.options = append(t.options, gomail.WithSSLPort(false))
	} else {
		policy, ok := map[string]gomail.TLSPolicy{
			"":              gomail.TLSMandatory,
			"required":      gomail.TLSMandatory,
			"opportunistic": gomail.TLSOpportunistic,
			"none":          gomail.NoTLS,
		}[u.Query().Get("tls")]
		if !ok {
			return nil, errs.Operator(hint, "tls=%s is not known", u.Query().Get("tls"))
		}
		t.options = append(t.options, gomail.WithTLSPortPolicy(policy))
	}
	if p := u.Port(); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > 65535 {
			return nil, errs.Operator(hint, "%s is not a port", p)
		}
		t.options = append(t.options, gomail.WithPort(n))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		t.options = append(t.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return t, nil
}

// Send hands m to the mail server. A recipient whom the server does not know is
// errs.Invalid; everything else, a refused sign-in among it, is
// errs.Unavailable: the operator can mend it. Errors hold the server's codes and
// none of its words, which tend to repeat addresses.
func (t *smtpTransport) Send(ctx context.Context, m Message) error {
	g, err := build(m)
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(t.host, t.options...)
	if err != nil {
		return errs.New(errs.Unavailable, "").Because(fmt.Errorf("smtp client: %w", err))
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, g); err != nil {
		return smtpError(err)
	}
	return nil
}

func smtpError(err error) error {
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return errs.New(errs.Unavailable, "").Because(fmt.Errorf("smtp: %w", err))
	}
	cause := fmt.Errorf("smtp: %s: %d %s", e.Reason, e.ErrorCode(), e.EnhancedStatusCode())
	policy := strings.HasPrefix(e.EnhancedStatusCode(), "5.7") // relaying refused and the like (RFC 3463, section 3.8)
	if e.Reason == gomail.ErrSMTPRcptTo && !e.IsTemp() && !policy {
		return errs.New(errs.Invalid, "").Because(cause)
	}
	return errs.New(errs.Unavailable, "").Because(cause)
}
