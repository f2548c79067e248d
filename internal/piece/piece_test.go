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
	if err := Escape(b, "<"); err != nil {
		return err
	}
	if err := children.Render(ctx, b); err != nil {
		return err
	}
	return Escape(b, templ.SafeURL(">"))
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

func TestPieceFails(t *testing.T) {
	if err := box.Render(t.Context(), full{}); !errors.Is(err, errFull) {
		t.Errorf("got %v, want %v", err, errFull)
	}
	if err := At(errFull, "x.templ", 3, 4); !errors.Is(err, errFull) || !strings.Contains(err.Error(), "x.templ") {
		t.Errorf("got %v", err)
	}
}
