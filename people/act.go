// SPDX-License-Identifier: Apache-2.0

package people

import "context"

type actKey struct{}

// Acting returns a context in which what is done is done by a person: events of changes
// say so.
func Acting(ctx context.Context, by ID) context.Context {
	return context.WithValue(ctx, actKey{}, by)
}

// ActingIn returns who acts in ctx; empty where nobody of the customer does.
func ActingIn(ctx context.Context) ID {
	by, _ := ctx.Value(actKey{}).(ID)
	return by
}
