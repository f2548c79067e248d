// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// LeaveType is a kind of leave that the customer offers.
type LeaveType struct {
	ID string
	Mirror[leave.Type]
}

// Schema is part of huma.SchemaProvider.
func (LeaveType) Schema(r huma.Registry) *huma.Schema {
	mirrorSchema(r, leaveTypeType)
	input := r.Map()[mirrorName(leaveTypeType)]
	s := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: false, Properties: map[string]*huma.Schema{"id": {Type: huma.TypeString}}, Required: []string{"id"}}
	for name, p := range input.Properties {
		s.Properties[name] = p
	}
	return s
}

// MarshalJSON shows the type with its id.
func (t LeaveType) MarshalJSON() ([]byte, error) {
	out := shown(valueOf(t.Of)).(map[string]any)
	out["id"] = t.ID
	return json.Marshal(out)
}

// Package is a reusable set of policies.
type Package struct {
	ID string `json:"id"`
	PackageInput
}

// PackageInput is a package as it is kept.
type PackageInput struct {
	Name string `json:"name" minLength:"1" maxLength:"100" example:"Office"`
}

// Policy is the terms of one leave type in one package, from a day on.
type Policy struct {
	ID string `json:"id"`
	PolicyInput
	Law *LawPin `json:"law,omitempty" doc:"The template of a law that it was made from."`
}

// LawPin names the state of a template that a policy follows.
type LawPin struct {
	Mirror[leave.Pin]
}

// PolicyInput is a policy as it is kept.
type PolicyInput struct {
	Package string              `json:"package" maxLength:"64" doc:"Id of the package." example:"all"`
	Type    string              `json:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
	From    *Date               `json:"from,omitempty" doc:"First day; missing: since ever."`
	Terms   Mirror[leave.Terms] `json:"terms" doc:"Amounts are in the unit of the leave type; hours in minutes."`
}

const policiesArea = "Policies"

func addPolicies(s *surface) {
	addKept(s, leaveTypes())
	addKept(s, packages())
	addKept(s, policies())
}

// rules returns the rules of the customer.
func (c *call) rules(ctx context.Context) (*leave.Rulebook, error) { return c.Leave.Rules(ctx) }

// ruled returns the rules of the customer to an administrator.
func (c *call) ruled(ctx context.Context) (*leave.Rulebook, error) {
	v, err := c.People.Viewer(ctx, c.Caller.Person)
	if err == nil {
		err = v.Need(people.SeeSetup)
	}
	if err != nil {
		return nil, err
	}
	return c.rules(ctx)
}

func leaveTypes() kept[Mirror[leave.Type], LeaveType] {
	return kept[Mirror[leave.Type], LeaveType]{path: "/leave-types", name: "LeaveType", names: "LeaveTypes", what: "a leave type", whats: "leave types",
		area: policiesArea, read: access.PoliciesRead, write: access.PoliciesWrite, missing: errs.New(errs.NotFound, "leave.error.no_type"),
		id: func(t LeaveType) string { return t.ID },
		list: func(ctx context.Context, c *call) ([]LeaveType, error) {
			book, err := c.rules(ctx)
			if err != nil {
				return nil, err
			}
			return each(book.Types, func(t leave.Type) LeaveType { return LeaveType{t.ID, Mirror[leave.Type]{t}} }), nil
		},
		save: func(ctx context.Context, c *call, id string, in Mirror[leave.Type], ok Consent) (string, error) {
			in.Of.ID = id
			return c.apply(ctx, leave.SavingType(in.Of), ok)
		}}
}

func packages() kept[PackageInput, Package] {
	return kept[PackageInput, Package]{path: "/packages", name: "Package", names: "Packages", what: "a package of policies", whats: "packages of policies",
		area: policiesArea, read: access.PoliciesRead, write: access.PoliciesWrite, missing: errs.New(errs.NotFound, "leave.error.no_package"),
		id: func(p Package) string { return p.ID },
		list: func(ctx context.Context, c *call) ([]Package, error) {
			book, err := c.ruled(ctx)
			if err != nil {
				return nil, err
			}
			return each(book.Packages, func(p leave.Package) Package { return Package{p.ID, PackageInput{p.Name}} }), nil
		},
		save: func(ctx context.Context, c *call, id string, in PackageInput, _ Consent) (string, error) {
			return c.Leave.SavePackage(ctx, c.Caller.Person, leave.Package{ID: id, Name: in.Name})
		}}
}

func policies() kept[PolicyInput, Policy] {
	return kept[PolicyInput, Policy]{path: "/policies", name: "Policy", names: "Policies", what: "a policy", whats: "policies",
		area: policiesArea, read: access.PoliciesRead, write: access.PoliciesWrite, missing: errs.New(errs.NotFound, "leave.error.no_policy"),
		id: func(p Policy) string { return p.ID },
		list: func(ctx context.Context, c *call) ([]Policy, error) {
			book, err := c.ruled(ctx)
			if err != nil {
				return nil, err
			}
			return each(book.Policies, policySeen), nil
		},
		save: savePolicy,
		drop: func(ctx context.Context, c *call, id string, ok Consent) error {
			_, err := c.apply(ctx, leave.DeletingPolicy(id), ok)
			return err
		}}
}

func policySeen(p leave.Policy) Policy {
	out := Policy{ID: p.ID, PolicyInput: PolicyInput{Package: p.Package, Type: p.Type, From: maybeDated(p.From), Terms: Mirror[leave.Terms]{p.Terms}}}
	if p.Law != (leave.Pin{}) {
		out.Law = &LawPin{Mirror[leave.Pin]{p.Law}}
	}
	return out
}

// savePolicy keeps which law a policy was made from.
func savePolicy(ctx context.Context, c *call, id string, in PolicyInput, ok Consent) (string, error) {
	book, err := c.ruled(ctx)
	if err != nil {
		return "", err
	}
	p := leave.Policy{ID: id, Package: in.Package, Type: in.Type, From: dateOr(in.From, 0), Terms: in.Terms.Of}
	if i := slices.IndexFunc(book.Policies, func(o leave.Policy) bool { return o.ID == id }); i >= 0 {
		p.Law = book.Policies[i].Law
	}
	id, err = c.apply(ctx, leave.SavingPolicy(p), ok)
	return id, atTerms(err)
}

// notTerms are the fields of a policy that are not of its terms.
var notTerms = []string{"package", "type", "from", "Change-Reason", "Change-Mark"}

// atTerms returns err with the fields of terms as JSON names them.
func atTerms(err error) error {
	return atFields(err, func(field string) string {
		if slices.Contains(notTerms, field) {
			return field
		}
		return "terms." + strings.Replace(field, "carry_", "carry_over.", 1)
	})
}
