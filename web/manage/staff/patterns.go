// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
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
	v, ctx := page.VisitOf(r), r.Context()
	patterns, err := t.People.Patterns(ctx, v.Person)
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(ctx)
	if err != nil {
		return err
	}
	p := patternsPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.patterns"), "/manage/patterns")}
	for _, x := range patterns {
		p.Lines = append(p.Lines, patternLine{Pattern: x, Week: view.WeekOf(v.Lang, x.Pattern), Weeks: weeksOf(v.Lang, x.Pattern), Used: org.Works(x.ID)})
	}
	return page.Render(w, r, http.StatusOK, patternsView(p))
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
				x.Days[d].Hours, x.Days[d].Times = l.Hours(n), view.TimesOf(work)
				total += n
			}
		}
		x.Total = l.Hours(total)
		out = append(out, x)
	}
	return out
}

// patternPage is where a working pattern is added or changed.
type patternPage struct {
	Frame   template.Page
	Form    *page.Form
	ID      string       // empty for a new one
	Used    int          // by how many people
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
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id, filled := r.PathValue("id"), r.Form.Has("pattern") || r.Form.Has("weeks")
	line := r.Form.Get("as") == "line"
	if id == "" && !filled {
		f = page.BlankForm(r)
		fillPattern(f, calendar.MustParsePattern("mon-fri"), line)
	}
	if id != "" && !filled {
		patterns, err := t.People.Patterns(r.Context(), page.VisitOf(r).Person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(patterns, func(x people.Pattern) bool { return x.ID == id })
		if i < 0 {
			return page.ErrNothing
		}
		f = page.BlankForm(r, "name", patterns[i].Name)
		fillPattern(f, patterns[i].Pattern, line)
	}
	return renderPattern(w, r, t, f)
}

// fillPattern writes a pattern into the form: day by day, or as one line where that is
// asked for or has to be.
func fillPattern(f *page.Form, p calendar.Pattern, line bool) {
	if line || !fillGrid(f, p) {
		f.Values.Set("pattern", p.String())
	}
}

// previewPattern handles GET /manage/patterns/preview.
func previewPattern(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, patternPreviewView(f.Lang, previewOfPattern(f)))
}

// previewOfPattern shows what a text means; an empty one means nothing yet.
func previewOfPattern(f *page.Form) patternPreview {
	text := patternText(f)
	if text == "" {
		return patternPreview{}
	}
	p, err := people.ParsePattern(text)
	if err != nil {
		return patternPreview{Problem: page.Sentence(f.Lang, err, "")}
	}
	return patternPreview{Week: view.WeekOf(f.Lang, p), Weeks: weeksOf(f.Lang, p)}
}

// savePattern handles POST to the addresses of showPattern.
func savePattern(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	checkGrid(f)
	return view.Change(w, r, t, f, leave.SavingPattern(r.PathValue("id"), f.Text("name"), patternText(f)), view.Asker{
		Done:  func(string) error { return page.Done(w, r, "/manage/patterns", "pattern-saved") },
		Again: func() error { return renderPattern(w, r, t, f) },
	})
}

func renderPattern(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	p := patternPage{Form: f, ID: r.PathValue("id"), Preview: previewOfPattern(f)}
	title := v.Lang.T("admin.pattern.add")
	if p.ID != "" {
		p.Used, title = org.Works(p.ID), v.Lang.T("admin.pattern.edit")
	}
	p.Grid = gridOf(f)
	p.Frame = page.ManageFrame(w, r, title, p.path())
	p.Frame.Scripts = []string{"preview.js"}
	return page.Render(w, r, f.Status(), patternView(p))
}
