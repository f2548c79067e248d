// SPDX-License-Identifier: Apache-2.0

// Package piece owns what every component of a page does around its own lines: it finds the buffer
// that it writes into, looks whether anybody still waits, and says where it failed. templ writes all
// of that into each of a thousand components; scripts/generate has them call it here, which makes
// them a third shorter and faster to compile. Its
// functions are not inlined: they would be in every component again. It refuses to know any component.
package piece

import (
	"cmp"
	"context"
	"io"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

// Context is what a component is shown with, under a name that generated code can import.
type Context = context.Context

// Of returns a component that shows what f writes. It shows nothing once its context has ended.
//
//go:noinline
func Of(f func(Context, *templruntime.Buffer) error) templ.Component {
	return templ.ComponentFunc(func(ctx Context, w io.Writer) (err error) {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, within := templruntime.GetBuffer(w)
		if !within {
			defer func() { err = cmp.Or(err, templruntime.ReleaseBuffer(b)) }()
		}
		return f(templ.InitializeContext(ctx), b)
	})
}

// Children returns what a component was given to put into itself, and the context for the
// components that it shows, which are given nothing by that.
//
//go:noinline
func Children(ctx Context) (Context, templ.Component) {
	children := templ.GetChildren(ctx)
	if children == nil {
		children = templ.NopComponent
	}
	return templ.ClearChildren(ctx), children
}

// Escape writes a text so that no part of it is taken for HTML.
func Escape[T ~string](b *templruntime.Buffer, text T) error { return escape(b, string(text)) }

//go:noinline
func escape(b *templruntime.Buffer, text string) error {
	_, err := b.WriteString(templ.EscapeString(text))
	return err
}

// At says where in a templ file something failed.
//
//go:noinline
func At(err error, file string, line, col int) error {
	return templ.Error{Err: err, FileName: file, Line: line, Col: col}
}
