// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"verlof/errs"
	"verlof/leave/law"
	"verlof/leave/scenario"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// ScenarioPath is where a visitor of a demo types a case of leave.
const ScenarioPath = "/demo/scenario"

// Bounds of a case that is typed into a page.
const (
	maxCase  = 20_000 // bytes
	caseTime = 2 * time.Second
)

// scenarioPage is a case of leave with what came out.
type scenarioPage struct {
	Frame    template.Page
	Form     *page.Form
	Ran      bool
	Results  []scenario.Result
	Differ   int // results that are not what is wanted
	Examples []template.Link
}

// showScenario handles GET /demo/scenario.
func showScenario(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	name := r.URL.Query().Get("example")
	text, known := caseExamples[name]
	if !known {
		text = caseExamples[caseOrder[0]]
	}
	return renderScenario(w, r, &scenarioPage{Form: page.BlankForm(r, "text", text)})
}

// runScenario handles POST /demo/scenario.
func runScenario(w http.ResponseWriter, r *http.Request, _ *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	p := &scenarioPage{Form: f}
	switch text := f.Values.Get("text"); {
	case strings.TrimSpace(text) == "":
		f.Refuse(errs.New(errs.Invalid, "web.error.case_missing").At("text"))
	case len(text) > maxCase:
		f.Refuse(errs.New(errs.Invalid, "web.error.case_long", "count", maxCase).At("text"))
	case f.Fine():
		if err := p.run(r.Context(), text); err != nil {
			return err
		}
	}
	return renderScenario(w, r, p)
}

// run works a case out. A mistake in its text is for the form.
func (p *scenarioPage) run(ctx context.Context, text string) error {
	ctx, done := context.WithTimeout(ctx, caseTime)
	defer done()
	results, err := law.RunUntil(strings.NewReader(text), ctx.Err)
	var mistake *scenario.Error
	switch {
	case errors.Is(err, scenario.ErrNothingAsked): // the page says so where answers stand
	case errors.As(err, &mistake):
		p.Form.Wrong = append(p.Form.Wrong, template.FieldError{Field: "text", Text: mistake.Error()})
		p.Form.Code = http.StatusUnprocessableEntity
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		p.Form.Refuse(errs.New(errs.Invalid, "web.error.case_slow").At("text"))
		return nil
	case err != nil:
		return err
	}
	p.Ran, p.Results = true, results
	for _, x := range results {
		if !x.OK {
			p.Differ++
		}
	}
	return nil
}

func renderScenario(w http.ResponseWriter, r *http.Request, p *scenarioPage) error {
	l := page.VisitOf(r).Lang
	p.Frame = page.Frame(w, r, l.T("web.case.title"))
	p.Frame.Path = ScenarioPath
	for _, name := range caseOrder {
		p.Examples = append(p.Examples, template.Link{Text: l.T("web.case.example." + name), Href: ScenarioPath + "?example=" + name})
	}
	return page.Render(w, r, p.Form.Status(), scenarioView(p))
}

// text is where the case is typed.
func (p *scenarioPage) text() template.Input {
	i := template.Input{Name: "text", Label: p.Frame.L.T("web.case.text"), Value: p.Form.Values.Get("text"), Error: p.Form.At("text"),
		Hint: p.Frame.L.T("web.case.hint"), Required: true, Rows: 18}
	i.Attrs = templ.Attributes{"spellcheck": "false", "autocapitalize": "off"}
	return i
}

// caseOrder is the order of the examples.
var caseOrder = []string{"part_timer", "carry_over", "law", "overlap"}

// caseExamples are cases to begin with.
var caseExamples = map[string]string{
	"part_timer": `# A part-timer who joins in July earns half a year.
policy  25 days a year, accrued monthly
person  ana  joins 2026-07-01  works mon tue wed
balance ana  2026-12-31
-- want --
7.5 days
`,
	"carry_over": `# Five days go over and may be taken until the end of March.
policy 30 days a year, carries 5 until 31 March
person ana joins 2025-01-01 works mon-fri
leave ana 2025-07-07..2025-07-25
leave ana 2026-03-02..2026-03-03
balance ana 2026-01-01
left ana 2026-03-31
left ana 2026-04-01
`,
	"law": `# What the law of the Netherlands gives, with five days on top, and its public holidays.
region NL
law NL extra 5
person ana joins 2026-03-01 works mon-fri 7:36
count ana 2026-04-20..2026-05-08
balance ana 2026-12-31
`,
	"overlap": `# A morning is free where only the afternoon is taken; more than there is, is refused.
policy 3 days a year
person ana joins 2026-01-01 works mon-fri
ask ana 2026-04-08 afternoon
ask ana 2026-04-08 morning
ask ana 2026-04-08..2026-04-10
ask ana 2026-05-04..2026-05-06
available ana 2026-06-01
-- want --
accepted  0.5 days
accepted  0.5 days
refused  overlap
refused  balance
2 days
`,
}
