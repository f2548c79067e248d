// SPDX-License-Identifier: Apache-2.0

package template

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"
)

// Guard reports whether the reader of a page may go to an address of this site (GET), or
// send a form there (POST).
type Guard func(method, href string) bool

type (
	guardKey  struct{}
	lockedKey struct{}
)

// Guarded returns a context for rendering in which a guard is asked: buttons, links that look
// like buttons, and forms are shown to those alone who may use them.
func Guarded(ctx context.Context, g Guard) context.Context {
	return context.WithValue(ctx, guardKey{}, g)
}

// May reports whether the reader of a page may go to an address, or send a form there. Where
// no guard stands everybody may.
func May(ctx context.Context, method, href string) bool {
	g, ok := ctx.Value(guardKey{}).(Guard)
	return !ok || g(method, href)
}

// locked returns a context for the inside of a form that the reader may not send.
func locked(ctx context.Context) context.Context { return context.WithValue(ctx, lockedKey{}, true) }

func isLocked(ctx context.Context) bool { return ctx.Value(lockedKey{}) != nil }

// shows reports whether a button is for the reader.
func (b Btn) shows(ctx context.Context) bool {
	switch {
	case b.Href != "":
		return May(ctx, http.MethodGet, b.Href)
	case b.Action != "":
		return May(ctx, http.MethodPost, b.Action)
	}
	return !isLocked(ctx)
}

// Confirm asks once more before something that cannot be undone: a button that
// opens, in the page, what is about to happen and the form (children) that does it. It is not
// there for those who may not send the form.
func Confirm(look Look, button, question string) templ.Component {
	return ConfirmOf(look, button, "", question)
}

// ConfirmOf is Confirm for one line of several: it says to a screen reader which thing the button is about.
func ConfirmOf(look Look, button, thing, question string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var form bytes.Buffer
		children := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if err := children.Render(ctx, &form); err != nil {
			return err
		}
		if !bytes.Contains(form.Bytes(), []byte("<form")) {
			return nil
		}
		return confirm(look, button, thing, question, templ.Raw(form.String())).Render(ctx, w)
	})
}
