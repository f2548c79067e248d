// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// patternsPage lists the working patterns.
type patternsPage struct {
	Frame template.Page
	Lines []patternLine
}

// patternLine is one pattern of the list.
type patternLine struct {
	people.Pattern
	Week  string
	Weeks []weekLine
	Used  int // by how many people
}

// weekLine is one week of a pattern, Monday first.
type weekLine struct {
	Name  string // empty where there is only one
	Days  [7]dayLine
	Total string
}

// dayLine is the work of one day of the week; without text it is free.
type dayLine struct {
	Name, Hours, Times string
	Half               bool
}

// showPatterns handles GET /manage/patterns.
func showPatterns(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := visitOf(r), r.Context()
	patterns, err := t.People.Patterns(ctx, v.person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	p := patternsPage{Frame: adminFrame(w, r, v.lang.T("admin.patterns"), "/manage/patterns")}
	for _, x := range patterns {
		p.Lines = append(p.Lines, patternLine{Pattern: x, Week: weekOf(v.lang, x.Pattern), Weeks: weeksOf(v.lang, x.Pattern), Used: org.Works(x.ID)})
	}
	return render(w, r, http.StatusOK, patternsView(p))
}

// weeksOf writes out the weeks of a pattern, day by day.
func weeksOf(l *lang.Locale, p calendar.Pattern) []weekLine {
	var out []weekLine
	for i, week := range p.Weeks {
		x := weekLine{}
		if len(p.Weeks) > 1 {
			x.Name = l.T("admin.pattern.week", "number", i+1)
		}
		total := 0
		for d, work := range week {
			day := calendar.MustParse("2026-01-05").AddDays(d) // a Monday, for the name of the day
			x.Days[d] = dayLine{Name: l.WeekdayShort(day.Weekday()), Half: work.Halves() == 1}
			if n := work.Minutes(); n > 0 {
				x.Days[d].Hours, x.Days[d].Times = l.Hours(n), timesOf(work)
				total += n
			}
		}
		x.Total = l.Hours(total)
		out = append(out, x)
	}
	return out
}

// timesOf writes when a day's work is done.
func timesOf(w calendar.Workday) string {
	switch {
	case w.Afternoon.IsZero():
		return w.Morning.String()
	case w.Morning.IsZero():
		return w.Afternoon.String()
	case w.Morning.To == w.Afternoon.From:
		return calendar.Interval{From: w.Morning.From, To: w.Afternoon.To}.String()
	}
	return w.Morning.String() + " " + w.Afternoon.String()
}

// patternPage is where a working pattern is added or changed.
type patternPage struct {
	Frame   template.Page
	Form    *form
	ID      string       // empty for a new one
	Used    int          // by how many people: then its hours stay
	Grid    *patternGrid // nil: its days and hours are one line
	Preview patternPreview
}

// patternPreview is what a text form means.
type patternPreview struct {
	Week    string
	Weeks   []weekLine
	Problem string
}

func (p *patternPage) path() string {
	if p.ID == "" {
		return "/manage/patterns/new"
	}
	return "/manage/patterns/" + p.ID
}

// showPattern handles GET /manage/patterns/new and GET /manage/patterns/{id}. A
// text in the query is shown without being saved.
func showPattern(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	id, filled := r.PathValue("id"), r.Form.Has("pattern") || r.Form.Has("weeks")
	line := r.Form.Get("as") == "line"
	if id == "" && !filled {
		f = blankForm(r)
		fillPattern(f, calendar.MustParsePattern("mon-fri"), line)
	}
	if id != "" && !filled {
		patterns, err := t.People.Patterns(r.Context(), visitOf(r).person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(patterns, func(x people.Pattern) bool { return x.ID == id })
		if i < 0 {
			return errNothing
		}
		f = blankForm(r, "name", patterns[i].Name)
		fillPattern(f, patterns[i].Pattern, line)
	}
	return renderPattern(w, r, t, f)
}

// fillPattern writes a pattern into the form: day by day, or as one line where that is
// asked for or has to be.
func fillPattern(f *form, p calendar.Pattern, line bool) {
	if line || !fillGrid(f, p) {
		f.values.Set("pattern", p.String())
	}
}

// previewPattern handles GET /manage/patterns/preview.
func previewPattern(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, patternPreviewView(f.lang, previewOfPattern(f)))
}

// previewOfPattern shows what a text means; an empty one means nothing yet.
func previewOfPattern(f *form) patternPreview {
	text := patternText(f)
	if text == "" {
		return patternPreview{}
	}
	p, err := people.ParsePattern(text)
	if err != nil {
		return patternPreview{Problem: sentence(f.lang, err, "")}
	}
	return patternPreview{Week: weekOf(f.lang, p), Weeks: weeksOf(f.lang, p)}
}

// savePattern handles POST to the addresses of showPattern.
func savePattern(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	checkGrid(f)
	saved, err := f.attempt(func() error {
		_, err := t.People.SavePattern(r.Context(), visitOf(r).person, r.PathValue("id"), f.text("name"), patternText(f))
		return err
	})
	if saved {
		return done(w, r, "/manage/patterns", "pattern-saved")
	}
	if err != nil {
		return err
	}
	return renderPattern(w, r, t, f)
}

func renderPattern(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *form) error {
	v := visitOf(r)
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := patternPage{Form: f, ID: r.PathValue("id"), Preview: previewOfPattern(f)}
	title := v.lang.T("admin.pattern.add")
	if p.ID != "" {
		p.Used, title = org.Works(p.ID), v.lang.T("admin.pattern.edit")
	}
	p.Grid = gridOf(f, p.Used > 0)
	p.Frame = adminFrame(w, r, title, p.path())
	p.Frame.Scripts = []string{"preview.js"}
	return render(w, r, f.status(), patternView(p))
}
