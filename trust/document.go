// SPDX-License-Identifier: Apache-2.0

package trust

import (
	"net/url"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
)

// Document is what an operator has on record for promises that no program can see: a certificate,
// a report of an auditor, a contract.
type Document struct {
	Promises []string      // their IDs
	Title    string        // what it is
	Owner    string        // who in the operator's house answers for it
	Until    calendar.Date // the last day on which it counts
	Link     string        // where it may be read; empty: nowhere public
}

// Check reports, with a hint for the operator, what is missing or wrong.
func (d Document) Check() error {
	switch {
	case len(d.Promises) == 0:
		return errs.Operator(`name them, as in promises = ["P05", "P07"]`, "a document is for no promise")
	case strings.TrimSpace(d.Title) == "" || strings.TrimSpace(d.Owner) == "":
		return errs.Operator("say what it is (title) and who answers for it (owner)", "the document for %s has no title or no owner", strings.Join(d.Promises, ", "))
	case d.Until.IsZero():
		return errs.Operator("say until when it counts, as in until = 2027-03-31", "the document %q has no last day", d.Title)
	}
	for _, id := range d.Promises {
		if !slices.ContainsFunc(Promises(), func(p Promise) bool { return p.ID == id }) {
			return errs.Operator("promises are P01 to P36", "the document %q is for %q, which is no promise", d.Title, id)
		}
	}
	if u, err := url.Parse(d.Link); d.Link != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		return errs.Operator("a link looks like https://example.org/report.pdf", "the document %q: %q is no link", d.Title, d.Link)
	}
	return nil
}
