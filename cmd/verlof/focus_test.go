// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"verlof/internal/browsertest"
)

// covered asks what has the focus and lies below something that stays in its place, such as a bar at the
// bottom or the names of a chart; empty: nothing (WCAG 2.2, 2.4.11).
const covered = `(() => {
	const e = document.activeElement, b = e.getBoundingClientRect()
	if (e === document.body || b.width < 2 || e.closest(".demo")) return ""
	for (const x of [.1, .5, .9]) for (const y of [.2, .5, .8]) {
		const on = document.elementFromPoint(b.left + b.width * x, b.top + b.height * y)
		if (on && (on.contains(e) || e.contains(on) || on.closest("label")?.contains(e))) return ""
	}
	return (e.getAttribute("aria-label") || e.textContent || e.name).trim()
})()`

// TestFocusIsSeen goes by the tabulator key through pages of a phone on which something stays in its place: what has
// the focus is never wholly below it.
func TestFocusIsSeen(t *testing.T) {
	t.Parallel()
	p := newRunning(t).tab(t, browsertest.Phone, "acme", manager)
	for _, path := range []string{"/calendar", "/inbox"} {
		p.visit(path)
		if path == "/inbox" { // the bar comes with what is chosen
			p.Click("input[name=request]")
		}
		for range 120 {
			p.Press(kb.Tab)
			if what := browsertest.Eval[string](p.Page, covered); what != "" {
				t.Errorf("%s: %q has the focus and cannot be seen", path, what)
				break
			}
		}
	}
}
