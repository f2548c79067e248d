// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"verlof/errs"
)

// letterhead is what each mail of a customer has in common.
func letterhead(site Site, row Row, to Person) Message {
	return Message{
		Customer: site.ID,
		From:     mail.Address{Name: line(site.Name), Address: site.From.Address},
		To:       mail.Address{Name: line(to.Name), Address: to.Mail},
		ListID:   hostOf(site.URL),
		Date:     time.UnixMicro(row.At).UTC(),
	}
}

// fill puts a letter into m. The Message-ID follows from key and tells nothing
// about it.
func (m *Message) fill(ctx context.Context, w letter, key string) (err error) {
	sum := sha256.Sum256([]byte(key))
	m.ID = hex.EncodeToString(sum[:16]) + "@" + m.ListID
	m.Locale, m.Stop, m.Subject, m.Text = w.Lang, w.Stop, w.Subject, w.text()
	m.HTML, err = w.html(ctx)
	return err
}

// partKey is the key of the mail that a row makes for one person, the same
// before and after the row is split.
func partKey(row Row, e Event, to string) string {
	if e.To != "" {
		return row.Key
	}
	return row.Key + "/" + to
}

func hostOf(site string) string {
	u, err := url.Parse(site)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// build gives a message its form. A message that cannot be a mail, for the sake
// of an address or of a line break in a header field, is errs.Invalid.
func build(m Message) (*gomail.Msg, error) {
	for name, v := range map[string]string{
		"subject": m.Subject, "id": m.ID, "list": m.ListID, "locale": m.Locale, "stop": m.Stop,
		"sender": m.From.Name + m.From.Address, "recipient": m.To.Name + m.To.Address,
	} {
		if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return nil, unsendable("message %s: control character in the %s", idOf(m), name)
		}
	}
	for name, a := range map[string]mail.Address{"sender": m.From, "recipient": m.To} {
		if p, err := mail.ParseAddress(a.Address); err != nil || p.Address != a.Address {
			return nil, unsendable("message %s: no usable address of the %s", idOf(m), name)
		}
	}
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	g.FromMailAddress(&m.From)
	g.ToMailAddress(&m.To)
	g.Subject(m.Subject)
	g.SetMessageIDWithValue(m.ID)
	g.SetDateWithValue(m.Date)
	g.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, section 5
	g.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "All")
	g.SetGenHeader("List-Id", "<"+m.ListID+">")
	if m.Stop != "" {
		g.SetGenHeader("List-Unsubscribe", "<"+m.Stop+">") // RFC 2369, section 3.2: a page, since who stops a mail signs in
	}
	g.SetGenHeader(gomail.HeaderContentLang, m.Locale)
	g.SetBodyString(gomail.TypeTextPlain, m.Text)
	g.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	return g, nil
}

// idOf returns the part of a Message-ID that is surely printable.
func idOf(m Message) string { return fmt.Sprintf("%.32q", m.ID) }

// unsendable is an error that no repetition mends.
func unsendable(format string, args ...any) error {
	return errs.New(errs.Invalid, "").Because(fmt.Errorf(format, args...))
}
