// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"errors"
	"strings"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

const approvalArea = "Approval"

// ApprovalRule says who decides, one after the other, on leave of some kind.
type ApprovalRule struct {
	ID string `json:"id"`
	ApprovalRuleInput
}

// ApprovalRuleInput is an approval rule as it is kept.
type ApprovalRuleInput struct {
	Name   string   `json:"name" minLength:"1" maxLength:"100" example:"Long leave"`
	Types  []string `json:"types,omitempty" maxItems:"100" doc:"Ids of leave types; missing: every type."`
	Team   string   `json:"team,omitempty" maxLength:"64" doc:"Id of a team of which the person is a member; missing: any."`
	Person string   `json:"person,omitempty" maxLength:"64" doc:"Id of whose leave it is; missing: anybody's."`
	Over   int      `json:"over,omitempty" minimum:"0" maximum:"366" doc:"For leave of more working days than this."`
	Steps  []Step   `json:"steps" minItems:"1" maxItems:"10" doc:"The decisions that it takes, in their order."`
}

// Step is one of the decisions that leave takes.
type Step struct {
	Who    string `json:"who" enum:"manager,managers,above,person,administrator" doc:"One of those who lead the person, each of them, one of those who lead a manager, the person named, or one of those who keep everybody's leave."`
	Person string `json:"person,omitempty" maxLength:"64" doc:"Id of the person named."`
	Within int    `json:"within,omitempty" minimum:"0" maximum:"60" doc:"Working days after which those of the next step may decide too; missing: never."`
}

// AbsenceLimit says when leave is too much for the work.
type AbsenceLimit struct {
	ID string `json:"id"`
	AbsenceLimitInput
}

// AbsenceLimitInput is a limit as it is kept.
type AbsenceLimitInput struct {
	Name     string   `json:"name" minLength:"1" maxLength:"100" example:"Stocktaking"`
	Kind     string   `json:"kind" enum:"blocked,away,presence" doc:"No leave in these days; at most so many away; at least so many there."`
	Types    []string `json:"types,omitempty" maxItems:"100" doc:"Ids of the leave types asked for; missing: every type."`
	Team     string   `json:"team,omitempty" maxLength:"64" doc:"Id of the team whose members it is about; missing: any."`
	Location string   `json:"location,omitempty" maxLength:"64" doc:"Id of the location of those it is about; missing: any."`
	From     *Date    `json:"from,omitempty" doc:"First day; missing: always. blocked needs one."`
	To       *Date    `json:"to,omitempty" doc:"Last day; missing: for good."`
	Number   int      `json:"number,omitempty" minimum:"0" maximum:"9999" doc:"How many, of away and presence."`
	Percent  bool     `json:"percent,omitempty" doc:"The number is a percentage of those who work that day."`
	Warn     bool     `json:"warn,omitempty" doc:"Leave may be asked for all the same."`
}

func addProcedure(s *surface) {
	addKept(s, approvalRules())
	addKept(s, limits())
	addStandIns(s)
	addSubstitutes(s)
}

func (in *ApprovalRuleInput) rule(id string) leave.ApprovalRule {
	return leave.ApprovalRule{ID: id, Name: in.Name, Types: in.Types, Team: in.Team, Person: people.ID(in.Person), Over: in.Over,
		Steps: each(in.Steps, func(x Step) leave.Step {
			return leave.Step{Who: leave.Who(x.Who), Person: people.ID(x.Person), Within: x.Within}
		})}
}

func approvalRuleSeen(r leave.ApprovalRule) ApprovalRule {
	return ApprovalRule{r.ID, ApprovalRuleInput{Name: r.Name, Types: r.Types, Team: r.Team, Person: string(r.Person), Over: r.Over,
		Steps: each(r.Steps, func(x leave.Step) Step { return Step{string(x.Who), string(x.Person), x.Within} })}}
}

func approvalRules() kept[ApprovalRuleInput, ApprovalRule] {
	return kept[ApprovalRuleInput, ApprovalRule]{path: "/approval-rules", name: "ApprovalRule", names: "ApprovalRules", what: "an approval rule", whats: "approval rules",
		area: approvalArea, read: access.PoliciesRead, write: access.PoliciesWrite, missing: errs.New(errs.NotFound, "leave.error.no_rule"),
		id: func(r ApprovalRule) string { return r.ID },
		list: func(ctx context.Context, c *call) ([]ApprovalRule, error) {
			how, err := c.Leave.Procedure(ctx, c.Caller.Person)
			if err != nil {
				return nil, err
			}
			return each(how.Rules, approvalRuleSeen), nil
		},
		save: func(ctx context.Context, c *call, id string, in ApprovalRuleInput, _ Consent) (string, error) {
			id, err := c.Leave.SaveApprovalRule(ctx, c.Caller.Person, in.rule(id))
			return id, atFields(err, stepField)
		},
		drop: func(ctx context.Context, c *call, id string, _ Consent) error {
			return c.Leave.DeleteApprovalRule(ctx, c.Caller.Person, id)
		}}
}

// stepField names the field of a step as JSON does: "steps.1.within" of "step1-within".
func stepField(field string) string {
	rest, ok := strings.CutPrefix(field, "step")
	if !ok {
		return field
	}
	return "steps." + strings.Replace(rest, "-", ".", 1)
}

// atFields returns err with its fields renamed, where it is one of the domain.
func atFields(err error, name func(string) string) error {
	var ready *Problem
	if err == nil || errors.As(err, &ready) {
		return err
	}
	list := errs.All(err)
	for i, one := range list {
		if e := errs.As(one); e.Field != "" {
			list[i] = e.At(name(e.Field))
		}
	}
	return errors.Join(list...)
}

func (in *AbsenceLimitInput) limit(id string) leave.Limit {
	return leave.Limit{ID: id, Name: in.Name, Kind: leave.LimitKind(in.Kind), Types: in.Types, Team: in.Team, Location: in.Location,
		From: dateOr(in.From, 0), To: dateOr(in.To, 0), Number: in.Number, Percent: in.Percent, Warn: in.Warn}
}

func limitSeen(l leave.Limit) AbsenceLimit {
	return AbsenceLimit{l.ID, AbsenceLimitInput{Name: l.Name, Kind: string(l.Kind), Types: l.Types, Team: l.Team, Location: l.Location,
		From: maybeDated(l.From), To: maybeDated(l.To), Number: l.Number, Percent: l.Percent, Warn: l.Warn}}
}

// limitFields are the fields of a limit that are called otherwise in JSON.
var limitFields = map[string]string{"limit": "kind", "staff": "number"}

func limits() kept[AbsenceLimitInput, AbsenceLimit] {
	return kept[AbsenceLimitInput, AbsenceLimit]{path: "/limits", name: "Limit", names: "Limits", what: "a limit", whats: "blocked periods and limits of absence",
		area: approvalArea, read: access.PoliciesRead, write: access.PoliciesWrite, missing: errs.New(errs.NotFound, "leave.error.no_limit"),
		id: func(l AbsenceLimit) string { return l.ID },
		list: func(ctx context.Context, c *call) ([]AbsenceLimit, error) {
			how, err := c.Leave.Procedure(ctx, c.Caller.Person)
			if err != nil {
				return nil, err
			}
			return each(how.Limits, limitSeen), nil
		},
		save: func(ctx context.Context, c *call, id string, in AbsenceLimitInput, _ Consent) (string, error) {
			id, err := c.Leave.SaveLimit(ctx, c.Caller.Person, in.limit(id))
			return id, atFields(err, func(field string) string {
				if name, ok := limitFields[field]; ok {
					return name
				}
				return field
			})
		},
		drop: func(ctx context.Context, c *call, id string, _ Consent) error {
			return c.Leave.DeleteLimit(ctx, c.Caller.Person, id)
		}}
}
