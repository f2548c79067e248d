// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"
	"net/http"
	"strings"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// dutyLine is work of somebody else that the visitor was named to do.
type dutyLine struct {
	leave.Duty
	Dates  string
	Reason string // typed to decline, and not taken
	Open   bool   // the way to decline stands open
}

// fillDuties puts the visitor's duties into words; f is a refusal that could not be.
func (p *inboxPage) fillDuties(r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v := page.VisitOf(r)
	duties, err := t.Leave.Duties(r.Context(), v.Person)
	for _, d := range duties {
		line := dutyLine{Duty: d, Dates: view.SpanText(v.Lang, d.Span)}
		if d.Request == r.PathValue("id") {
			line.Reason, line.Open = f.Text("reason"), true
		}
		if d.Answer == leave.Agreed {
			p.Agreed = append(p.Agreed, line)
		} else {
			p.Duties = append(p.Duties, line)
		}
	}
	return err
}

// agreeDuty handles POST /duties/{id}/agree.
func agreeDuty(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return answerDuty(w, r, t, true, "duty-agreed")
}

// declineDuty handles POST /duties/{id}/decline.
func declineDuty(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return answerDuty(w, r, t, false, "duty-declined")
}

// answerDuty says whether the visitor does somebody's work, or shows the inbox again with what
// is wrong.
func answerDuty(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, agree bool, flash string) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	said, err := f.Attempt(func() error {
		return t.Leave.AnswerSubstitute(r.Context(), page.VisitOf(r).Person, r.PathValue("id"), agree, f.Text("reason"))
	})
	switch {
	case said:
		return page.Done(w, r, "/inbox", flash)
	case err != nil:
		return err
	}
	return renderInbox(w, r, t, f, nil)
}

// nameSubstitute handles POST /requests/{id}/substitute.
func nameSubstitute(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	named, err := f.Attempt(func() error {
		return t.Leave.NameSubstitute(r.Context(), page.VisitOf(r).Person, id, people.ID(f.Text("substitute")))
	})
	switch {
	case named:
		return page.Done(w, r, "/requests/"+id, "substitute-named")
	case err != nil:
		return err
	}
	return renderRequest(w, r, t, f)
}

// substituteOptions are those who can do somebody's work, after nobody.
func substituteOptions(ctx context.Context, v *page.Visit, t *tenant.Tenant, person people.ID) ([]template.Option, error) {
	choice, err := t.Leave.SubstituteChoice(ctx, v.Person, person)
	out := []template.Option{{Text: v.Lang.T("substitute.nobody")}}
	for _, p := range choice {
		out = append(out, template.Option{Value: string(p.ID), Text: p.Name()})
	}
	return out, err
}

// fillSubstitutes offers those who can do the work, where any type that is offered knows
// substitutes, and says what for.
func (p *askPage) fillSubstitutes(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	var may, must []string
	for _, o := range p.Types {
		x, _ := book.Type(o.Value)
		switch x.Substitute {
		case leave.MustSubstitute:
			must = append(must, x.Name)
		case leave.MaySubstitute:
			may = append(may, x.Name)
		}
	}
	if len(may)+len(must) == 0 {
		return nil
	}
	var hint []string
	if len(must) > 0 {
		hint = append(hint, v.Lang.T("substitute.hint.must", "types", v.Lang.List(must...)))
	}
	if len(may) > 0 {
		hint = append(hint, v.Lang.T("substitute.hint.may", "types", v.Lang.List(may...)))
	}
	p.Substitute = template.Choice{Name: "substitute", Label: v.Lang.T("substitute.who"), Value: p.Form.Text("substitute"),
		Hint: strings.Join(hint, " "), Error: p.Form.At("substitute")}
	p.Substitute.Options, err = substituteOptions(ctx, v, t, p.Whose.Person.ID)
	return err
}

// substituteCard is who does the work of somebody on leave, as their request shows it.
type substituteCard struct {
	Now     substituteLine   // Name is empty where nobody does
	Earlier []substituteLine // who declined
	Choose  template.Choice  // of another one; without options the visitor may not
}

// substituteLine is one who was named.
type substituteLine struct {
	Name, Key, Note string
	Answer          view.Badge
}

// shown reports whether there is anything to show.
func (c *substituteCard) shown() bool {
	return c.Now.Name != "" || len(c.Earlier)+len(c.Choose.Options) > 0
}

func (p *requestPage) fillSubstitute(ctx context.Context, v *page.Visit, t *tenant.Tenant) error {
	for i, s := range p.D.Substitutes {
		line := substituteLineOf(v.Lang, s)
		switch last := i == len(p.D.Substitutes)-1; {
		case last:
			p.Substitute.Now = line
		case line.Name != "" && s.Answer == leave.Declined: // who was replaced without a word is of no use
			p.Substitute.Earlier = append(p.Substitute.Earlier, line)
		}
	}
	if !p.D.MayName {
		return nil
	}
	var err error
	p.Substitute.Choose = template.Choice{Name: "substitute", Label: v.Lang.T("substitute.choose"), Value: p.Form.Text("substitute"), Error: p.Form.At("substitute")}
	p.Substitute.Choose.Options, err = substituteOptions(ctx, v, t, p.D.Person.ID)
	return err
}

func substituteLineOf(l *lang.Locale, s leave.NamedSubstitute) substituteLine {
	if s.Who.ID == "" {
		return substituteLine{}
	}
	return substituteLine{Name: s.Who.Name(), Key: string(s.Who.ID), Note: s.Note, Answer: view.AnswerBadge(l, s.Answer)}
}
