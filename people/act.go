// SPDX-License-Identifier: Apache-2.0

package people

import (
	"context"
	"sync/atomic"
)

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

type changeKey struct{}

// Watched returns a context that notes whether anything was changed in it, or may have been, and what tells that.
func Watched(ctx context.Context) (watched context.Context, changed func() bool) {
	noted := new(atomic.Bool)
	return context.WithValue(ctx, changeKey{}, noted), noted.Load
}

// NoteChange notes that something was changed in ctx, or may have been: nobody can say that it was not.
func NoteChange(ctx context.Context) {
	if noted, ok := ctx.Value(changeKey{}).(*atomic.Bool); ok {
		noted.Store(true)
	}
}
