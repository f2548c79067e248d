// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"slices"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
)

// PersonInput is a person as an administrator keeps them.
type PersonInput struct {
	Given    string   `json:"given,omitempty" maxLength:"100" doc:"Given name; one of given and family must be there." example:"Anna"`
	Family   string   `json:"family,omitempty" maxLength:"100" doc:"Family name." example:"Bakker"`
	Number   string   `json:"number,omitempty" maxLength:"40" doc:"The customer's own employee number." example:"1042"`
	Email    string   `json:"email,omitempty" maxLength:"254" doc:"For signing in and for mails." example:"anna@acme.example"`
	Language string   `json:"language,omitempty" enum:"en,nl,de" doc:"Of mails and pages; missing: the customer's."`
	Location string   `json:"location,omitempty" maxLength:"64" doc:"Id of the location. Of somebody who has a contract line it is the one of today, and may be missing: to move them, add a line with another location." example:"utrecht"`
	Roles    []string `json:"roles,omitempty" maxItems:"50" maxLength:"64" doc:"Names of roles that every customer has (administrator, system-manager, sickness-officer, auditor, payroll) and ids of the customer's own."`
	Active   *bool    `json:"active,omitempty" doc:"May sign in and be booked; missing: yes."`
	Born     *Date    `json:"born,omitempty"`
}

// person returns the input as the domain knows it.
func (p *PersonInput) person(id people.ID) people.Person {
	out := people.Person{ID: id, GivenName: p.Given, FamilyName: p.Family, Number: p.Number, Email: p.Email, Language: p.Language,
		Location: p.Location, Active: p.Active == nil || *p.Active, Born: dateOr(p.Born, 0)}
	for _, name := range p.Roles {
		if role, ok := people.ParseRole(name); ok {
			out.Roles |= role
		} else {
			out.Custom = append(out.Custom, name)
		}
	}
	return out
}

// NewPerson is somebody who begins to work for the customer.
type NewPerson struct {
	PersonInput
	From    Date     `json:"from" doc:"First day of the employment."`
	To      *Date    `json:"to,omitempty" doc:"Last day, where it is known."`
	Pattern string   `json:"pattern" maxLength:"64" doc:"Id of the working pattern." example:"full"`
	Package string   `json:"package" maxLength:"64" doc:"Id of the package of policies." example:"all"`
	Team    []string `json:"team,omitempty" maxItems:"50" doc:"Ids of the teams that they join."`
}

// ByPerson names a person in the address.
type ByPerson struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the person." example:"01jq3v7w5n8k2m4p6r9t1x3z5b"`
}

func (p *ByPerson) who() people.ID { return people.ID(p.ID) }

type peopleQuery struct {
	Cut
	Team     string `query:"team" maxLength:"64" doc:"Only those who belong to this team."`
	Location string `query:"location" maxLength:"64" doc:"Only those who work at this location."`
	Active   string `query:"active" enum:"true,false" doc:"Only those who may sign in and be booked, or only the others."`
}

const peopleArea = "People"

func addPeople(s *surface) {
	add(s, operation{ID: "listPeople", Method: http.MethodGet, Path: "/people", Scope: access.PeopleRead, Area: peopleArea,
		Summary: "List people", Doc: "Those whom the caller may see: themselves, those who share a team with them or are led by them; an administrator sees everybody. Of those who only share a team, the name and where they work."}, listPeople)
	add(s, operation{ID: "addPerson", Method: http.MethodPost, Path: "/people", Scope: access.PeopleWrite, Area: peopleArea, Status: http.StatusCreated,
		Summary: "Add a person", Doc: "With the first employment and contract line. For administrators. Roles need a fresh proof, as in addRole."}, addPerson)
	add(s, operation{ID: "getPerson", Method: http.MethodGet, Path: "/people/{id}", Scope: access.PeopleRead, Area: peopleArea,
		Summary: "Read a person"}, getPerson)
	add(s, operation{ID: "savePerson", Method: http.MethodPut, Path: "/people/{id}", Scope: access.PeopleWrite, Area: peopleArea, Match: true,
		Summary: "Change a person", Doc: "All fields at once: one that is missing is emptied. For administrators. Other roles than before need a fresh proof, as in addRole, and so does another mail address of somebody who has any."}, savePerson)
	addWork(s)
}

func listPeople(ctx context.Context, c *call, in *peopleQuery) (Page[Person], error) {
	list, err := c.People.People(ctx, c.Caller.Person)
	if err != nil {
		return Page[Person]{}, err
	}
	org, err := c.organisation(ctx)
	if err != nil {
		return Page[Person]{}, err
	}
	list = slices.DeleteFunc(list, func(p people.Person) bool {
		return in.Team != "" && !org.InTeam(p.ID, in.Team) || in.Location != "" && p.Location != in.Location || in.Active != "" && p.Active != (in.Active == "true")
	})
	return part(each(list, personSeen), in.Cut, false, func(p Person) string { return p.ID })
}

// find returns the person of a name whom the caller may see, or NotFound.
func (c *call) find(ctx context.Context, id people.ID) (people.Person, error) {
	list, err := c.People.People(ctx, c.Caller.Person)
	if err != nil {
		return people.Person{}, err
	}
	i := slices.IndexFunc(list, func(p people.Person) bool { return p.ID == id })
	if i < 0 {
		return people.Person{}, errs.New(errs.NotFound, "people.error.no_person")
	}
	return list[i], nil
}

func getPerson(ctx context.Context, c *call, in *ByPerson) (Person, error) {
	p, err := c.find(ctx, in.who())
	return personSeen(p), err
}

type newPersonBody struct{ Body NewPerson }

func addPerson(ctx context.Context, c *call, in *newPersonBody) (Person, error) {
	b := &in.Body
	p := b.person("")
	if err := c.needFreshFor(ctx, p, people.Person{}); err != nil {
		return Person{}, err
	}
	id, err := c.People.AddPerson(ctx, c.Caller.Person, people.Newcomer{Person: p,
		Employment: people.Employment{From: b.From.Date, To: dateOr(b.To, 0)},
		Contract:   people.Contract{Pattern: b.Pattern, Package: b.Package}, Teams: b.Team})
	if err != nil {
		return Person{}, err
	}
	c.made("/people/" + string(id))
	return getPerson(ctx, c, &ByPerson{string(id)})
}

type personBody struct {
	ByPerson
	Consent
	Body PersonInput
}

func savePerson(ctx context.Context, c *call, in *personBody) (Person, error) {
	p := in.Body.person(in.who())
	before, err := c.find(ctx, p.ID)
	if err == nil {
		err = c.needFreshFor(ctx, p, before)
	}
	if err != nil {
		return Person{}, err
	}
	if _, err := c.apply(ctx, leave.SavingPerson(p), in.Consent); err != nil {
		return Person{}, err
	}
	return getPerson(ctx, c, &in.ByPerson)
}

// Work is when somebody works for the customer, and how.
type Work struct {
	Employments []Employment `json:"employments"`
	Contracts   []Contract   `json:"contracts"`
}

// Employment is a period in which a person works for the customer.
type Employment struct {
	ID   string `json:"id"`
	From Date   `json:"from" doc:"First day."`
	To   *Date  `json:"to,omitempty" doc:"Last day; missing while no end is known."`
}

// Contract is a line that holds from a day on, until the next line.
type Contract struct {
	ID       string `json:"id"`
	From     Date   `json:"from"`
	Pattern  string `json:"pattern" doc:"Id of the working pattern."`
	Package  string `json:"package" doc:"Id of the package of policies."`
	Location string `json:"location,omitempty" doc:"Id of the location, whose holidays count."`
}

func employmentSeen(e people.Employment) Employment {
	return Employment{ID: e.ID, From: dated(e.From), To: maybeDated(e.To)}
}

func contractSeen(k people.Contract) Contract {
	return Contract{ID: k.ID, From: dated(k.From), Pattern: k.Pattern, Package: k.Package, Location: k.Location}
}

// EmploymentInput is an employment as it is kept.
type EmploymentInput struct {
	From Date  `json:"from"`
	To   *Date `json:"to,omitempty"`
}

// ContractInput is a contract line as it is kept.
type ContractInput struct {
	From     Date   `json:"from"`
	Pattern  string `json:"pattern" maxLength:"64" example:"full"`
	Package  string `json:"package" maxLength:"64" example:"all"`
	Location string `json:"location,omitempty" maxLength:"64" doc:"Id of the location; missing: as it is on that day." example:"utrecht"`
}

// ByLine names one line of a person's work in the address.
type ByLine struct {
	ByPerson
	Line string `path:"line" maxLength:"64" doc:"Id of the line."`
}

type (
	newEmployment struct {
		ByPerson
		Consent
		Body EmploymentInput
	}
	employmentBody struct {
		ByLine
		Consent
		Body EmploymentInput
	}
	newContract struct {
		ByPerson
		Consent
		Body ContractInput
	}
	contractBody struct {
		ByLine
		Consent
		Body ContractInput
	}
	dropLine struct {
		ByLine
		Consent
	}
)

func addWork(s *surface) {
	add(s, operation{ID: "getWork", Method: http.MethodGet, Path: "/people/{id}/work", Scope: access.PeopleRead, Area: peopleArea,
		Summary: "Read a person's employments and contract lines", Doc: "For the person, those who lead them, and administrators."}, getWork)
	const employments, contracts = "/people/{id}/employments", "/people/{id}/contracts"
	for _, x := range []struct{ path, name, what string }{{employments, "Employment", "an employment"}, {contracts, "Contract", "a contract line"}} {
		made := operation{ID: "add" + x.name, Method: http.MethodPost, Path: x.path, Scope: access.PeopleWrite, Area: peopleArea, Status: http.StatusCreated,
			Summary: "Add " + x.what, Doc: "For administrators."}
		read := operation{ID: "get" + x.name, Method: http.MethodGet, Path: x.path + "/{line}", Scope: access.PeopleRead, Area: peopleArea,
			Summary: "Read " + x.what}
		save := operation{ID: "save" + x.name, Method: http.MethodPut, Path: x.path + "/{line}", Scope: access.PeopleWrite, Area: peopleArea, Match: true,
			Summary: "Change " + x.what, Doc: "For administrators."}
		drop := operation{ID: "delete" + x.name, Method: http.MethodDelete, Path: x.path + "/{line}", Scope: access.PeopleWrite, Area: peopleArea, Match: true,
			Summary: "Remove " + x.what, Doc: "For administrators."}
		if x.path == employments {
			add(s, made, addEmployment)
			add(s, read, getEmployment)
			add(s, save, saveEmployment)
			add(s, drop, deleteEmployment)
			continue
		}
		add(s, made, addContract)
		add(s, read, getContract)
		add(s, save, saveContract)
		add(s, drop, deleteContract)
	}
}

func getWork(ctx context.Context, c *call, in *ByPerson) (Work, error) {
	r, err := c.People.Record(ctx, c.Caller.Person, in.who())
	return Work{Employments: each(r.Employments, employmentSeen), Contracts: each(r.Contracts, contractSeen)}, err
}

func getEmployment(ctx context.Context, c *call, in *ByLine) (Employment, error) {
	r, err := c.People.Record(ctx, c.Caller.Person, in.who())
	if err != nil {
		return Employment{}, err
	}
	for _, e := range r.Employments {
		if e.ID == in.Line {
			return employmentSeen(e), nil
		}
	}
	return Employment{}, errs.New(errs.NotFound, "people.error.no_employment")
}

func (c *call) keepEmployment(ctx context.Context, who people.ID, line string, b EmploymentInput, ok Consent) (Employment, error) {
	id, err := c.apply(ctx, leave.SavingEmployment(people.Employment{ID: line, Person: who, From: b.From.Date, To: dateOr(b.To, 0)}), ok)
	if err != nil {
		return Employment{}, err
	}
	return getEmployment(ctx, c, &ByLine{ByPerson{string(who)}, id})
}

func addEmployment(ctx context.Context, c *call, in *newEmployment) (Employment, error) {
	e, err := c.keepEmployment(ctx, in.who(), "", in.Body, in.Consent)
	if err == nil {
		c.made("/people/" + in.ID + "/employments/" + e.ID)
	}
	return e, err
}

func saveEmployment(ctx context.Context, c *call, in *employmentBody) (Employment, error) {
	return c.keepEmployment(ctx, in.who(), in.Line, in.Body, in.Consent)
}

func deleteEmployment(ctx context.Context, c *call, in *dropLine) (none, error) {
	_, err := c.apply(ctx, leave.DeletingEmployment(in.who(), in.Line), in.Consent)
	return none{}, err
}

func getContract(ctx context.Context, c *call, in *ByLine) (Contract, error) {
	r, err := c.People.Record(ctx, c.Caller.Person, in.who())
	if err != nil {
		return Contract{}, err
	}
	for _, k := range r.Contracts {
		if k.ID == in.Line {
			return contractSeen(k), nil
		}
	}
	return Contract{}, errs.New(errs.NotFound, "people.error.no_contract")
}

func (c *call) keepContract(ctx context.Context, who people.ID, line string, b ContractInput, ok Consent) (Contract, error) {
	id, err := c.apply(ctx, leave.SavingContract(people.Contract{ID: line, Person: who, From: b.From.Date, Pattern: b.Pattern, Package: b.Package, Location: b.Location}), ok)
	if err != nil {
		return Contract{}, err
	}
	return getContract(ctx, c, &ByLine{ByPerson{string(who)}, id})
}

func addContract(ctx context.Context, c *call, in *newContract) (Contract, error) {
	k, err := c.keepContract(ctx, in.who(), "", in.Body, in.Consent)
	if err == nil {
		c.made("/people/" + in.ID + "/contracts/" + k.ID)
	}
	return k, err
}

func saveContract(ctx context.Context, c *call, in *contractBody) (Contract, error) {
	return c.keepContract(ctx, in.who(), in.Line, in.Body, in.Consent)
}

func deleteContract(ctx context.Context, c *call, in *dropLine) (none, error) {
	_, err := c.apply(ctx, leave.DeletingContract(in.who(), in.Line), in.Consent)
	return none{}, err
}
