// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"verlof/internal/browsertest"
)

// atNext asks whether what waits first has the focus, and is told with what became of the one before.
const atNext = `(() => {
	const e = document.activeElement, said = document.getElementById(e.getAttribute("aria-describedby"))
	return e.id === %ID% && !!said && said.textContent.trim() !== ""
})()`

// TestOnwardInInbox decides one request after the other by keyboard: the next has the focus each time, the one above
// once the last is decided, and nothing is begun anew at the head of the page.
func TestOnwardInInbox(t *testing.T) {
	t.Parallel()
	for _, v := range []browsertest.View{browsertest.Desk, browsertest.Phone.WithoutScript().In("de")} {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			p := newRunning(t).tab(t, v, "acme", manager)
			p.visit("/inbox")
			ids := browsertest.Eval[[]string](p.Page, `[...document.querySelectorAll(".waits [id^=waits-]")].map(e => e.id)`)
			if len(ids) < 3 {
				t.Fatalf("%d things wait", len(ids))
			}
			p.decides(ids[1], ids[2])
			last := len(ids) - 1
			p.decides(ids[last], ids[last-1])
		})
	}
}

// decides approves one thing that waits by keyboard, and fails where another than next has the focus then.
func (p *tab) decides(id, next string) {
	p.t.Helper()
	p.tabTo(".waiting:has(#" + id + ") .btn.primary")
	p.Press(kb.Enter)
	p.WaitGone("#" + id)
	p.Wait("#" + next)
	if !browsertest.Eval[bool](p.Page, strings.ReplaceAll(atNext, "%ID%", `"`+next+`"`)) {
		p.t.Errorf("after %s: %q has the focus, not %s", id, browsertest.Eval[string](p.Page, `document.activeElement.outerHTML.slice(0, 90)`), next)
	}
}
