// SPDX-License-Identifier: Apache-2.0

package piece

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"
)

// box shows what it is given between brackets.
var box = Of(func(ctx Context, b *templruntime.Buffer) error {
	ctx, children := Children(ctx)
	Text(b, "<")
	if err := children.Render(ctx, b); err != nil {
		return err
	}
	Text(b, templ.SafeURL(">"))
	return nil
})

func TestPiece(t *testing.T) {
	var out strings.Builder
	ctx := templ.WithChildren(t.Context(), box) // the inner box is given nothing
	if err := box.Render(ctx, &out); err != nil || out.String() != "&lt;&lt;&gt;&gt;" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

func TestPieceEnded(t *testing.T) {
	var out strings.Builder
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := box.Render(ctx, &out); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("full")

// TestPieceFails shows more than the buffer holds to somebody who takes nothing: a piece is
// not asked whether it failed, and its component tells all the same, also from within another.
func TestPieceFails(t *testing.T) {
	long := Of(func(_ Context, b *templruntime.Buffer) error {
		Put(b, strings.Repeat("x", 2*templruntime.DefaultBufferSize))
		return nil
	})
	for name, c := range map[string]templ.Component{"short": box, "long": long} {
		if err := c.Render(t.Context(), full{}); !errors.Is(err, errFull) {
			t.Errorf("%s: got %v, want %v", name, err, errFull)
		}
	}
	if err := box.Render(templ.WithChildren(t.Context(), long), full{}); !errors.Is(err, errFull) {
		t.Errorf("within: got %v, want %v", err, errFull)
	}
}

func TestPieceValues(t *testing.T) {
	type name string
	for want, write := range map[string]func(*templruntime.Buffer){
		"<b>":                               func(b *templruntime.Buffer) { Put(b, "<b>") },
		"&lt;b&gt;":                         func(b *templruntime.Buffer) { Text(b, name("<b>")) },
		"/a?b&amp;c":                        func(b *templruntime.Buffer) { Link(b, "/a?b&c") },
		string(templ.FailedSanitizationURL): func(b *templruntime.Buffer) { Link(b, "javascript:alert(1)") },
		"odd:a&amp;b":                       func(b *templruntime.Buffer) { Link(b, templ.SafeURL("odd:a&b")) },
		"&#34;":                             func(b *templruntime.Buffer) { Attribute(b, `"`) },
		"7":                                 func(b *templruntime.Buffer) { Attribute(b, 7) },
	} {
		var out strings.Builder
		c := Of(func(_ Context, b *templruntime.Buffer) error { write(b); return nil })
		if err := c.Render(t.Context(), &out); err != nil || out.String() != want {
			t.Errorf("got %q, %v, want %q", out.String(), err, want)
		}
	}
}
