// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/leave/law"
)

// Law is a template for the law on leave of a country, or of a part of one.
type Law struct {
	Code     string    `json:"code" doc:"ISO 3166-1 or 3166-2." example:"NL"`
	Name     string    `json:"name" doc:"In the caller's language."`
	Law      string    `json:"law" doc:"The acts that it follows."`
	Dated    Date      `json:"dated" doc:"When the last change that it follows came into force."`
	Reviewed Date      `json:"reviewed" doc:"When it was last held against its sources."`
	Notes    []string  `json:"notes" doc:"What holds for all of its leave, in the caller's language."`
	Rules    []LawRule `json:"rules"`
}

// LawRule is what a law says on one type of leave.
type LawRule struct {
	Rule      string   `json:"rule" doc:"Names it for programs." example:"holiday"`
	Name      string   `json:"name" doc:"In the caller's language."`
	Policy    string   `json:"policy,omitempty" doc:"What is due, in the words of a scenario; missing where nothing is counted."`
	Extra     bool     `json:"extra" doc:"An employer may add to it."`
	Source    string   `json:"source" doc:"Articles."`
	Confirmed bool     `json:"confirmed" doc:"The figures were held against a text of the law."`
	Notes     []string `json:"notes" doc:"What the law says and the template cannot, in the caller's language."`
	Instead   string   `json:"instead,omitempty" doc:"The rule that it may stand in for."`
	Optional  bool     `json:"optional" doc:"For some people only: not in everybody's package."`
}

// AdoptionInput is what a customer takes over from a law.
type AdoptionInput struct {
	Package string         `json:"package,omitempty" maxLength:"64" doc:"Id of the package to whose policies it is added; missing: a new one."`
	Name    string         `json:"name,omitempty" maxLength:"100" doc:"Of a new package."`
	From    *Date          `json:"from,omitempty" doc:"First day of the policies; missing: since ever."`
	Extra   *Exact         `json:"extra,omitempty" doc:"Days a year on top, of the rules that an employer may add to."`
	Rules   []AdoptedInput `json:"rules" minItems:"1" maxItems:"100"`
}

// AdoptedInput is one rule that is taken over.
type AdoptedInput struct {
	Rule string `json:"rule" maxLength:"64" doc:"Of the law."`
	Type string `json:"type,omitempty" maxLength:"64" doc:"Id of the leave type that it becomes a policy of; missing: a new one."`
}

type (
	// ByLaw names a law in the address.
	ByLaw struct {
		Code string `path:"code" maxLength:"10" doc:"Of the law." example:"NL"`
	}
	adoptBody struct {
		ByLaw
		Consent
		Body AdoptionInput
	}
)

func addLaws(s *surface) {
	const area = "Laws"
	add(s, operation{ID: "listLaws", Method: http.MethodGet, Path: "/laws", Scope: access.PoliciesRead, Area: area, Summary: "List templates for the law of countries", Doc: "For those who see how all is set up."},
		func(ctx context.Context, c *call, in *Cut) (Page[Law], error) {
			if _, err := c.ruled(ctx); err != nil {
				return Page[Law]{}, err
			}
			return part(each(law.Templates(), c.law), *in, false, func(x Law) string { return x.Code })
		})
	add(s, operation{ID: "getLaw", Method: http.MethodGet, Path: "/laws/{code}", Scope: access.PoliciesRead, Area: area, Summary: "Read a template for a law", Doc: "For those who see how all is set up."},
		func(ctx context.Context, c *call, in *ByLaw) (Law, error) {
			x, err := c.template(ctx, in.Code)
			if err != nil {
				return Law{}, err
			}
			return c.law(x), nil
		})
	add(s, operation{ID: "adoptLaw", Method: http.MethodPost, Path: "/laws/{code}/adopt", Scope: access.PoliciesWrite, Area: area, Status: http.StatusCreated, Summary: "Take leave types and policies over from a law",
		Doc: "The answer is the package. For administrators."}, adoptLaw)
}

// template returns the template of a law to those who see how all is set up.
func (c *call) template(ctx context.Context, code string) (law.Template, error) {
	if _, err := c.ruled(ctx); err != nil {
		return law.Template{}, err
	}
	i := slices.IndexFunc(law.Templates(), func(t law.Template) bool { return t.Code == code })
	if i < 0 {
		return law.Template{}, errs.New(errs.NotFound, "")
	}
	return law.Templates()[i], nil
}

func (c *call) law(t law.Template) Law {
	read := func(x law.Text) string { return x.In(c.lang.Tag()) }
	return Law{Code: t.Code, Name: read(t.Name), Law: read(t.Law), Dated: dated(t.Dated), Reviewed: dated(t.Reviewed), Notes: each(t.Notes, read),
		Rules: each(t.Rules, func(r law.Rule) LawRule {
			return LawRule{Rule: r.Type.ID, Name: read(r.Name), Policy: r.Policy, Extra: r.Extra != "", Source: read(r.Source), Confirmed: r.Confirmed,
				Notes: each(r.Notes, read), Instead: r.Instead, Optional: r.Optional}
		})}
}

// adoption returns what is taken over of t, or Invalid for a rule that it does not have.
func (in *AdoptionInput) adoption(t law.Template, tag string) (leave.Adoption, error) {
	a := leave.Adoption{Package: leave.Package{ID: in.Package, Name: in.Name}, From: dateOr(in.From, 0)}
	for _, x := range in.Rules {
		rule, ok := t.Rule(x.Rule)
		if !ok {
			return a, errs.New(errs.Invalid, "api.invalid.value").At("rules")
		}
		one := leave.Adopted{Type: rule.Type, Pin: leave.Pin{Law: t.Code, Rule: rule.Type.ID, Dated: t.Dated}}
		one.Type.ID, one.Type.Name = x.Type, rule.Name.In(tag)
		if rule.Extra != "" && in.Extra != nil {
			one.Pin.Extra = in.Extra.Rat
		}
		one.Terms, _ = t.Terms(rule.Type.ID, one.Pin.Extra)
		a.Rules = append(a.Rules, one)
	}
	return a, nil
}

func adoptLaw(ctx context.Context, c *call, in *adoptBody) (Package, error) {
	t, err := c.template(ctx, in.Code)
	if err != nil {
		return Package{}, err
	}
	a, err := in.Body.adoption(t, c.lang.Tag())
	if err != nil {
		return Package{}, err
	}
	id, err := c.apply(ctx, leave.Adopting(a), in.Consent)
	if err != nil {
		return Package{}, atFields(err, func(field string) string {
			if strings.HasPrefix(field, "type-") {
				return "rules"
			}
			return field
		})
	}
	c.made("/packages/" + id)
	book, err := c.ruled(ctx)
	if err != nil {
		return Package{}, err
	}
	for _, p := range book.Packages {
		if p.ID == id {
			return Package{p.ID, PackageInput{p.Name}}, nil
		}
	}
	return Package{}, errors.New("the package that was made is not there")
}
