// SPDX-License-Identifier: Apache-2.0

// Package httperr owns what an error means to somebody who asked over HTTP, page or
// program: the status, and what the log is told. It refuses sentences: what a person reads
// of an error is for the room that answers.
package httperr

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"verlof/errs"
)

// statuses are the answers to the kinds of error (RFC 9110, section 15).
var statuses = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.Forbidden:       http.StatusForbidden,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.TooMany:         http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

// Status returns the answer to a kind of error.
func Status(k errs.Kind) int { return statuses[k] }

// Panicked is a panic on its way to the log.
type Panicked struct {
	Value any
	Stack []byte
}

// Error says what went wrong, without the stack.
func (p *Panicked) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Ours reports whether a request failed by our own fault, or for something that the operator can put right and is told how,
// such as a full disk: both belong in the log.
func Ours(err error) bool {
	e := errs.As(err)
	return e.Kind == errs.Internal || e.Kind == errs.Unavailable && e.Hint != ""
}

// Log writes down a request that failed so, under the number that whoever asked is shown.
func Log(ctx context.Context, l *slog.Logger, number string, err error) {
	attrs := []slog.Attr{slog.String("number", number), slog.String("error", err.Error())}
	if hint := errs.As(err).Hint; hint != "" {
		attrs = append(attrs, slog.String("hint", hint))
	}
	var p *Panicked
	if errors.As(err, &p) {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	l.LogAttrs(ctx, slog.LevelError, "request failed", attrs...)
}
