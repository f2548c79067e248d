// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/people"
	"verlof/tenant"
)

// call is what the chain has found out about one request. Each step fills in its
// part; an operation reads it.
type call struct {
	*tenant.Tenant
	Caller
	number  string // names the request in the log and in a problem
	op      *operation
	lang    *lang.Locale
	header  http.Header // of the answer
	moved   bool        // what If-Match was compared with has changed before it could be written
	lost    bool        // the database was lost on the way, and another one is in force
	pattern string      // for the log
}

type callKey struct{}

// callOf returns the call that a context belongs to. Every request that came
// through the chain has one.
func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

func withCall(r *http.Request, c *call) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callKey{}, c))
}

// today returns the date at the caller's place of work.
func (c *call) today(ctx context.Context) (calendar.Date, error) { return c.Leave.Today(ctx, c.Person) }

// organisation returns everybody; what is told of them is for the services to say.
func (c *call) organisation(ctx context.Context) (*people.Organisation, error) {
	return c.People.Organisation(ctx)
}

// made notes where what was made can be found.
func (c *call) made(path string) { c.header.Set("Location", Root+path) }
