// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"cmp"
	"net/http"

	"verlof/leave"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// digestPage is where somebody chooses whether they get a mail that says who is away.
type digestPage struct {
	Frame   template.Page
	Form    *page.Form
	Circles []leave.Circle
}

// showDigest handles GET /account/digest.
func showDigest(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	d, err := t.Leave.Digest(r.Context(), page.VisitOf(r).Person)
	if err != nil {
		return err
	}
	of := d.Of
	if len(d.Circles) > 0 {
		of = cmp.Or(of, d.Circles[0])
	}
	return renderDigest(w, r, d.Circles, page.BlankForm(r, "every", string(d.Every), "of", string(of)))
}

// chooseDigest handles POST /account/digest.
func chooseDigest(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	ctx, me := r.Context(), page.VisitOf(r).Person
	saved, err := f.Attempt(func() error {
		return t.Leave.ChooseDigest(ctx, me, leave.Cadence(f.Text("every")), leave.Circle(f.Text("of")))
	})
	if err != nil {
		return err
	}
	if saved {
		return page.Done(w, r, page.DigestPath, "digest-saved")
	}
	d, err := t.Leave.Digest(ctx, me)
	if err != nil {
		return err
	}
	return renderDigest(w, r, d.Circles, f)
}

func renderDigest(w http.ResponseWriter, r *http.Request, circles []leave.Circle, f *page.Form) error {
	p := digestPage{Frame: page.Frame(w, r, page.VisitOf(r).Lang.T("web.digest.title")), Form: f, Circles: circles}
	p.Frame.Path = page.DigestPath
	return page.Render(w, r, f.Status(), digestView(p))
}

// every is the choice of when it comes.
func (p *digestPage) every() template.Choice {
	l := p.Frame.L
	return template.Choice{Name: "every", Label: l.T("web.digest.every"), Value: p.Form.Text("every"), Error: p.Form.At("every"), Required: true,
		Options: []template.Option{
			{Value: string(leave.NoDigest), Text: l.T("web.digest.never")},
			{Value: string(leave.DailyDigest), Text: l.T("web.digest.daily"), Note: l.T("web.digest.daily.note")},
			{Value: string(leave.WeeklyDigest), Text: l.T("web.digest.weekly"), Note: l.T("web.digest.weekly.note")},
		}}
}

// of is the choice of whom it is about.
func (p *digestPage) of() template.Choice {
	c := template.Choice{Name: "of", Label: p.Frame.L.T("web.digest.of"), Value: p.Form.Text("of"), Error: p.Form.At("of"), Required: true}
	for _, x := range p.Circles {
		c.Options = append(c.Options, template.Option{Value: string(x), Text: p.Frame.L.T("web.digest." + string(x))})
	}
	return c
}
