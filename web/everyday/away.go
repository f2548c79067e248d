// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"net/http"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// awayPage shows who is away on one day.
type awayPage struct {
	Frame template.Page
	Form  *page.Form
	Day   calendar.Date
	Steps template.Steps
	Lines []awayLine
}

// awayLine is somebody who is away, as far as the visitor may know it.
type awayLine struct {
	Person people.Person
	Dates  string // and whether it is still to be decided
	Type   string // empty where the visitor may not know it
	Colour int    // 0 likewise
	Href   string // of the request or the report; empty where the visitor may not open it
}

// showAway handles GET /away.
func showAway(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	day := f.DateOr("date", today)
	absences, err := t.Leave.AwayOn(r.Context(), v.Person, day)
	if err != nil {
		return err
	}
	p := awayPage{
		Frame: page.Frame(w, r, v.Lang.T("web.away.title")), Form: f, Day: day,
		Steps: daySteps(v.Lang, day), Lines: awayLines(v.Lang, absences),
	}
	if day != today {
		p.Steps.Now = "/away"
	}
	return page.Render(w, r, f.Status(), awayView(p))
}

func daySteps(l *lang.Locale, day calendar.Date) template.Steps {
	return template.Steps{
		Label: l.T("web.away.days"), Earlier: l.T("web.away.before"), Today: l.T("ui.month.today"), Later: l.T("web.away.after"),
		Before: "/away?date=" + day.AddDays(-1).String(), After: "/away?date=" + day.AddDays(1).String(),
	}
}

// awayTabs lead between the pages that say who is away: around a day, of a team.
func awayTabs(l *lang.Locale, here string, at calendar.Date, team string) []template.Link {
	return []template.Link{
		{Text: l.T("web.tab.month"), Href: byMonth.path(at, team), Current: here == byMonth.tab()},
		{Text: l.T("web.tab.quarter"), Href: byQuarter.path(at, team), Current: here == byQuarter.tab()},
		{Text: l.T("web.tab.day"), Href: "/away", Current: here == "day"},
	}
}

// partlyText says that somebody is away for a part of each day, and how much they work where
// the visitor may know.
func partlyText(l *lang.Locale, a *leave.Absence) string {
	if a.Works == 0 {
		return l.T("web.away.partly")
	}
	return l.T("web.away.works", "percent", a.Works)
}

// besideShown is how many of those who are away at the same time are named at
// once.
const besideShown = 4

func awayLines(l *lang.Locale, absences []leave.Absence) []awayLine {
	out := make([]awayLine, 0, len(absences))
	for _, a := range absences {
		line := awayLine{
			Person: a.Person, Dates: view.SpanText(l, a.Span), Type: a.Type.Name, Colour: a.Type.Colour,
		}
		switch {
		case a.Request != "":
			line.Href = "/requests/" + a.Request
		case a.Report != "":
			line.Href = "/absences/" + a.Report
		}
		if a.Sick {
			line.Type = l.T("web.sick.is")
		}
		if a.Partly {
			line.Dates += ", " + partlyText(l, &a)
		}
		if a.Pending {
			line.Dates += ", " + l.T("web.away.pending")
		}
		if a.Substitute.ID != "" {
			line.Dates += " · " + l.T("substitute.by", "name", a.Substitute.Name())
		}
		out = append(out, line)
	}
	return out
}
