// SPDX-License-Identifier: Apache-2.0

// Package piece owns what every component of a page does around its own lines: it finds the buffer
// that it writes into, looks whether anybody still waits, and escapes what it shows. templ writes all
// of that, and what to do when it fails, into each of a thousand components; scripts/generate has them
// call it here, which makes them a fifth as long. Its functions are not inlined: they would be in
// every component again. It refuses to know any component, and values that come with an error: what
// may fail is done before a page is shown.
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

// Put writes HTML as it stands. It and those below report no failure: the buffer
// remembers the first one, writes nothing after it, and Of reports it.
//
//go:noinline
func Put(b *templruntime.Buffer, html string) { _, _ = b.WriteString(html) }

// Text writes a text so that no part of it is taken for HTML.
func Text[T ~string](b *templruntime.Buffer, text T) { escape(b, string(text)) }

//go:noinline
func escape(b *templruntime.Buffer, text string) { Put(b, templ.EscapeString(text)) }

// Link writes an address into an attribute. One that is not known to be safe is replaced
// where it would run a script.
func Link[T ~string](b *templruntime.Buffer, address T) {
	_, safe := any(address).(templ.SafeURL)
	link(b, string(address), safe)
}

//go:noinline
func link(b *templruntime.Buffer, address string, safe bool) {
	if !safe {
		address = string(templ.URL(address))
	}
	escape(b, address)
}

// Attribute writes the value of an attribute.
//
//go:noinline
func Attribute(b *templruntime.Buffer, value any) {
	text, _ := templ.ResolveAttributeValue(value) // which fails where it is given an error too
	Put(b, text)
}
