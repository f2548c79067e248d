// SPDX-License-Identifier: Apache-2.0

package template

import (
	"strings"

	"github.com/a-h/templ"

	"verlof/internal/lang"
)

// Head is what Heading shows. L is needed with Crumbs only.
type Head struct {
	L      *lang.Locale
	Crumbs []Link
	Title  string
	Lead   string
}

// Look is the weight of a button. A page has one Primary at most.
type Look string

// The looks. DangerSure is for the last step, which cannot be undone.
const (
	Primary    Look = "primary"
	Secondary  Look = ""
	Danger     Look = "danger"
	DangerSure Look = "danger sure"
	Quiet      Look = "quiet"
)

// Btn is what Button shows.
type Btn struct {
	Look        Look
	Text        string
	Icon        string
	IconOnly    bool   // Text is then for screen readers
	Href        string // a link instead of a submit button
	Name, Value string // what the button adds to its form
	Action      string // where it posts, if not where its form does
	Small       bool
	Large       bool
	Disabled    bool
	Attrs       templ.Attributes
}

func (b Btn) class() string {
	c := []string{"btn"}
	if b.Look != "" {
		c = append(c, string(b.Look))
	}
	if b.Small {
		c = append(c, "small")
	}
	if b.Large {
		c = append(c, "large")
	}
	if b.IconOnly {
		c = append(c, "icon")
	}
	return strings.Join(c, " ")
}

// Status is where a request stands.
type Status string

// The states of a request.
const (
	Pending   Status = "pending"
	Approved  Status = "approved"
	Refused   Status = "refused"
	Withdrawn Status = "withdrawn"
	Cancelled Status = "cancelled"
)

func (s Status) tone() string {
	switch s {
	case Pending:
		return "wait"
	case Approved:
		return "ok"
	case Refused:
		return "no"
	default:
		return ""
	}
}

func (s Status) icon() string {
	switch s {
	case Pending:
		return "clock"
	case Approved:
		return "check"
	case Refused:
		return "cross"
	case Withdrawn:
		return "undo"
	default:
		return "ban"
	}
}

func (s Status) word(l *lang.Locale) string {
	switch s {
	case Pending:
		return l.T("ui.status.pending")
	case Approved:
		return l.T("ui.status.approved")
	case Refused:
		return l.T("ui.status.refused")
	case Withdrawn:
		return l.T("ui.status.withdrawn")
	default:
		return l.T("ui.status.cancelled")
	}
}

// Pages is what Pagination shows: entries From to To of Total, counted from 1.
type Pages struct {
	From, To, Total int
	Before, After   string // addresses; "" at the ends
}

// Fact is a line of Facts: Text, or Value where it is more than text.
type Fact struct {
	Name, Text string
	Value      templ.Component
}
