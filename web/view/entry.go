// SPDX-License-Identifier: Apache-2.0

package view

import (
	"verlof/calendar"
	"verlof/identity/access"
	"verlof/internal/ical"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/web/page"
)

// Entry returns leave as an entry in somebody's calendar: days, or the hours of one day. Half a
// day has no times, so it blocks none; that it is half a day stands behind the title. What the entry
// itself says, its day and its hours, does not stand there again.
func Entry(l *lang.Locale, s leave.Span, title string) ical.Entry {
	e := ical.Entry{Title: title, From: s.From, To: s.To}
	if s.From == s.To {
		e.Hours = s.First.Hours
		if e.Free = s.First.Kind != calendar.Hours && s.First != calendar.WholeDay; e.Free {
			e.Title += " (" + l.Portion(s.First) + ")"
		}
	} else if s.First != calendar.WholeDay || s.Last != calendar.WholeDay {
		e.Title += " (" + SpanText(l, s) + ")"
	}
	return e
}

// FeedName is what a calendar feed is called, in an app and on pages; of a team that is not among
// those given it says no name.
func FeedName(l *lang.Locale, w access.FeedWish, teams []people.Team) string {
	for _, t := range teams {
		if t.ID == w.Team {
			return l.T("web.feeds.team", "name", t.Name)
		}
	}
	switch {
	case w.Team != "":
		return l.T("web.feeds.gone")
	case w.Holidays:
		return l.T("web.feeds.own.holidays")
	}
	return l.T("web.feeds.own")
}

// FeedUse says when a calendar feed was last fetched.
func FeedUse(v *page.Visit, f *access.Feed) string {
	if f.Used.IsZero() {
		return v.Lang.T("web.feeds.never")
	}
	return v.Lang.T("web.feeds.fetched", "time", v.Lang.DateTime(f.Used.UnixMicro(), v.Zone))
}
