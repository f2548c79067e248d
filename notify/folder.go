// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/natefinch/atomic"
	gomail "github.com/wneessen/go-mail"
)

// Folder is a transport that writes each mail to a file of its own, in a folder
// for each customer. A file is whole or not there; a mail that is sent again
// replaces its first copy.
type Folder string

// Send writes m to <folder>/<customer>/<time>-<id>.eml.
func (f Folder) Send(_ context.Context, m Message) error {
	g, err := build(m)
	if err != nil {
		return err
	}
	dir, err := f.of(m.Customer)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("mail folder: %w", err)
	}
	id, _, _ := strings.Cut(m.ID, "@")
	name := fmt.Sprintf("%016d-%s.eml", m.Date.UnixMicro(), filepath.Base(id))
	if err := atomic.WriteFile(filepath.Join(dir, name), &b); err != nil {
		return fmt.Errorf("mail file: %w", err)
	}
	return nil
}

// of returns the folder of one customer and refuses a name that leads elsewhere.
func (f Folder) of(customer string) (string, error) {
	if customer == "" || customer == "." || customer != filepath.Base(customer) || !filepath.IsLocal(customer) {
		return "", unsendable("%.64q cannot name a customer's mail folder", customer)
	}
	return filepath.Join(string(f), customer), nil
}

// Mail is a mail that was read from a file.
type Mail struct {
	ID      string // Message-ID with its angle brackets
	To      []mail.Address
	Subject string
	Date    time.Time
	Text    string
	HTML    string
}

// mailboxSize bounds what ReadDir reads: a mailbox is looked at, not archived.
const mailboxSize = 200

// ReadDir returns the newest 200 mails in the folder that a directory transport
// writes for one customer, dir/<Site.ID>, the newest first. A folder that is not
// there is empty; a file that is no mail is passed over.
func ReadDir(dir string) ([]Mail, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	var mails []Mail
	for _, e := range slices.Backward(entries) {
		if filepath.Ext(e.Name()) != ".eml" || len(mails) == mailboxSize {
			continue
		}
		if m, err := readMail(filepath.Join(dir, e.Name())); err == nil {
			mails = append(mails, m)
		}
	}
	return mails, nil
}

func readMail(path string) (Mail, error) {
	g, err := gomail.EMLToMsgFromFile(path)
	if err != nil {
		return Mail{}, err
	}
	m := Mail{ID: g.GetMessageID()}
	for _, a := range g.GetTo() {
		m.To = append(m.To, *a)
	}
	if s := g.GetGenHeader(gomail.HeaderSubject); len(s) > 0 {
		if m.Subject, err = new(mime.WordDecoder).DecodeHeader(s[0]); err != nil {
			return Mail{}, err
		}
	}
	if s := g.GetGenHeader(gomail.HeaderDate); len(s) > 0 {
		m.Date, _ = mail.ParseDate(s[0])
	}
	for _, p := range g.GetParts() {
		content, err := p.GetContent()
		if err != nil {
			return Mail{}, err
		}
		switch p.GetContentType() {
		case gomail.TypeTextPlain:
			m.Text = string(content)
		case gomail.TypeTextHTML:
			m.HTML = string(content)
		}
	}
	return m, nil
}
