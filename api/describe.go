// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

const about = `Everything that a page of Verlof can do, a program can do here, with the same rules and the same rights: a
request is made in the name of the person whose token is shown.

Show a personal access token, which you make on the page of your account: ` + "`Authorization: Bearer vlf_pat_...`" + `.
Dates are days without a zone. Amounts of leave are text, so that nothing is lost. A list is told in parts: go on with
` + "`after`" + `. A problem is told as RFC 9457 says, in your language. The guide docs/api.md tells more.`

// headings are the areas of the document, in their order.
var headings = []*huma.Tag{
	{Name: "Me", Description: "Who calls, and what the token opens."},
	{Name: "People", Description: "Persons, their employments and contract lines."},
	{Name: "Roles", Description: "The customer's own roles, and who may what, over whom and why."},
	{Name: "Directory", Description: "Who joins, moves and leaves, and what the customer's directory says of people. The directory itself speaks SCIM: docs/scim.md."},
	{Name: "Organisation", Description: "Teams, locations and working patterns."},
	{Name: "Holidays", Description: "The holidays of locations, and the customer's own days."},
	{Name: "Policies", Description: "Leave types, packages and policies."},
	{Name: "Laws", Description: "Templates for the law of countries, to take policies over from."},
	{Name: "Approval", Description: "Who decides on leave, when it is too much for the work, and who stands in."},
	{Name: "Leave", Description: "Requests, decisions, balances with their reasons, and who is away."},
	{Name: "Collective leave", Description: "Leave that is booked for many at once."},
	{Name: "Leave years", Description: "Leave years are reviewed, closed, and opened again."},
	{Name: "Letters", Description: "Leave that ends, who must be told, and the proof that they were."},
	{Name: "Claims", Description: "Events, overtime, leave bought and sold."},
	{Name: "Reports", Description: "Everybody's balances at once, leavers, leave bought and sold."},
	{Name: "Record", Description: "What was changed by whom, why, and who gained or lost what."},
	{Name: "Imports", Description: "Files of people, balances and leave: planned line by line, then accepted."},
	{Name: "Sickness", Description: "Sick reports. An area of its own: no other scope tells of sickness."},
	{Name: "Events", Description: "What changed, for programs that ask now and then."},
	{Name: "Webhooks", Description: "Addresses to which events are sent as they happen, signed as Standard Webhooks says."},
	{Name: "Clients", Description: "Programs that sign people in here, or call this API."},
	{Name: "Sign-in providers", Description: "Providers of the customer's own that people sign in with: OpenID Connect and SAML 2.0."},
	{Name: "Settings", Description: "The customer's name, colours and language, and what may be known of sickness."},
	{Name: "Tokens", Description: "Personal access tokens."},
}

// describe completes the document with what holds for all of it.
func describe(d *huma.OpenAPI, ops map[string]*operation) {
	d.Info.Description = about
	d.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	d.Servers = []*huma.Server{{URL: Root, Description: "Below the host name of each customer."}}
	d.Tags = headings
	d.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "An access token. The names beside an operation are the scope that it needs."},
	}
	for path, item := range d.Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post,
			http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op != nil {
				describeAnswers(op, ops[method+" "+Root+path])
			}
		}
	}
}

// describeAnswers adds the header fields of answers, and says what each status means.
func describeAnswers(op *huma.Operation, known *operation) {
	text := func(doc string) *huma.Header {
		return &huma.Header{Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	for status, r := range op.Responses {
		code, _ := strconv.Atoi(status)
		r.Headers = map[string]*huma.Header{"RateLimit": text("How many more requests there may be, and in how many seconds all of them again.")}
		switch {
		case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
			r.Headers["Retry-After"] = text("How many seconds to wait.")
		case code == http.StatusUnauthorized:
			r.Headers = map[string]*huma.Header{"WWW-Authenticate": text("What is wrong with the token (RFC 6750).")}
		case code == http.StatusCreated:
			r.Headers["Location"] = text("Where what was made can be read.")
		case code == http.StatusOK && known.Method == http.MethodGet:
			r.Headers["ETag"] = text("Names this state: send it as If-None-Match, or as If-Match when you change it.")
		}
		if what, ok := meanings[code]; ok {
			r.Description = what
		}
		if strings.HasPrefix(status, "2") {
			r.Description = "Done."
		}
	}
	if known.Method == http.MethodGet {
		op.Responses["304"] = &huma.Response{Description: "Nothing has changed since the ETag that was sent."}
	}
}

// meanings are what the statuses of problems say.
var meanings = map[int]string{
	http.StatusBadRequest:            "The body is no JSON.",
	http.StatusUnauthorized:          "No token, or one that opens nothing here.",
	http.StatusForbidden:             "The token lacks the scope, or the person may not.",
	http.StatusNotFound:              "There is no such thing, or the person may not know of it.",
	http.StatusConflict:              "It is not possible as things stand.",
	http.StatusPreconditionFailed:    "It has changed since it was read.",
	http.StatusRequestEntityTooLarge: "The body is larger than 256 KiB, or than 11 MiB where a file is handed in.",
	http.StatusUnsupportedMediaType:  "The body is not application/json.",
	http.StatusUnprocessableEntity:   "Something in the input is not right; errors says what.",
	http.StatusPreconditionRequired:  "If-Match is missing.",
	http.StatusTooManyRequests:       "Too many requests: wait as long as Retry-After says.",
	http.StatusInternalServerError:   "Our fault; number names it in the log.",
	http.StatusServiceUnavailable:    "Not possible at the moment; nothing was changed.",
}
