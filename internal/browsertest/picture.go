// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Inspect holds the page to what every page must be: axe finds no violation, nothing is wider than
// the screen and nothing leads astray. axe takes the longest by far, so it looks in the
// page's own light: who looks at each page on two screens, has one of them in the dark.
// Its pictures are NAME-WIDTH-light.png and NAME-WIDTH-dark.png.
func (p *Page) Inspect(name string) {
	p.t.Helper()
	p.Picture(name)
	for _, v := range p.Axe() {
		p.t.Errorf("%s (%s) at %s: axe: %s", name, p.view, p.watch.at(), v)
	}
	p.pictureInOtherLight(name)
	for _, wide := range p.Overflow() {
		p.t.Errorf("%s (%s) at %s: wider than the screen: %s", name, p.view, p.watch.at(), wide)
	}
	for _, lost := range p.Astray() {
		p.t.Errorf("%s (%s) at %s: %s", name, p.view, p.watch.at(), lost)
	}
}

// pictureInOtherLight is Picture with the lights changed, for as long as it takes.
func (p *Page) pictureInOtherLight(name string) {
	p.t.Helper()
	if pictures() == "" {
		return
	}
	was := p.view
	p.view.Dark = !was.Dark
	p.Do("change the light", p.view.light())
	p.Picture(name)
	p.view = was
	p.Do("change the light", was.light())
}

// pictures is the folder into which pictures go; empty: none are taken.
func pictures() string {
	out := os.Getenv("VERLOF_OUT")
	if out == "" {
		return ""
	}
	return filepath.Join(out, "screenshots")
}

// Picture takes a picture of the whole page, as on a screen that is high enough
// for it: screenshots/NAME-VIEW.png in the folder that VERLOF_OUT names. Without
// that it takes none: nobody would look, and a thousand of them take minutes.
func (p *Page) Picture(name string) {
	p.t.Helper()
	dir := pictures()
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatalf("picture of %s: %v", name, err)
	}
	file := filepath.Join(dir, fmt.Sprintf("%s-%s.png", name, p.view))
	p.stretch()
	png := Get(p, "take a picture", wholePage)
	p.Do("look as before", p.view.screen())
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatalf("picture of %s: %v", name, err)
	}
}

// wholePage returns a picture of the page, packed fast rather than small.
func wholePage(ctx context.Context, t *chromedp.Target) ([]byte, error) {
	yes := true
	shot, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{
		CaptureBeyondViewport: &yes, FromSurface: &yes, OptimizeForSpeed: &yes,
		Format: page.CaptureScreenshotFormatPng,
	})
	return shot.Data, err
}

// stretch makes the screen as high as the page, so that what keeps to an edge of
// the screen does not lie across the page's middle.
func (p *Page) stretch() {
	p.t.Helper()
	tall := p.view
	for range 3 { // what is as high as the screen grows with it
		height := Eval[int](p, "document.scrollingElement.scrollHeight")
		if height <= tall.Height {
			return
		}
		tall.Height = height
		p.Do("stretch the screen", tall.screen())
		time.Sleep(50 * time.Millisecond) // for the browser to paint it
	}
}

// Overflow returns the elements that make the page scroll sideways: at most
// five, each by tag, id and classes. What scrolls in a box of its own is fine.
func (p *Page) Overflow() []string {
	p.t.Helper()
	found := Eval[string](p, fmt.Sprintf(`(() => {
		const width = %d, root = document.scrollingElement
		if (root.scrollWidth <= width) return ""
		const boxed = e => {
			for (e = e.parentElement; e && e !== root && e !== document.body; e = e.parentElement)
				if (getComputedStyle(e).overflowX !== "visible") return true
			return false
		}
		const name = e => e.tagName.toLowerCase() + (e.id && "#" + e.id) + [...e.classList].map(c => "." + c).join("")
		const wide = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width && !boxed(e))
		return wide.slice(0, 5).map(name).join("\n") || "the page: " + root.scrollWidth + " pixels"
	})()`, p.view.Width))
	if found == "" {
		return nil
	}
	return strings.Split(found, "\n")
}

// Astray returns what leads to nothing or to another thing, which axe lets pass: ids that two elements have, labels
// whose field is none, and links and descriptions of what is not there; and what holds a form back that nobody has touched:
// fields that are wrong as they stand, or missing where nobody sees them. On a page that says what is wrong, somebody has.
func (p *Page) Astray() []string {
	p.t.Helper()
	found := Eval[string](p, `(() => {
		const all = sel => [...document.querySelectorAll(sel)]
		const there = id => !id || document.getElementById(id)
		const out = [], ids = new Set()
		for (const {id} of all("[id]")) {
			if (ids.has(id)) out.push("a second #" + id)
			ids.add(id)
		}
		for (const l of all("label")) if (!l.control) out.push("a label of nothing: " + l.textContent.trim())
		for (const a of all('a[href^="#"]')) if (!there(a.hash.slice(1))) out.push("a link to nothing: " + a.hash)
		for (const k of ["aria-describedby", "aria-labelledby", "aria-controls"])
			for (const e of all("[" + k + "]"))
				for (const id of e.getAttribute(k).split(" ")) if (!there(id)) out.push(k + " of nothing: " + id)
		const closed = e => e.closest("details:not([open])")
		for (const f of document.querySelector(".problem") ? [] : all("form:not([novalidate])"))
			for (const e of f.elements)
				if (e.willValidate && !e.checkValidity() && (e.value || closed(e) && !closed(f)))
					out.push("a form held back by " + e.name + ": " + e.validationMessage)
		return out.join("\n")
	})()`)
	if found == "" {
		return nil
	}
	return strings.Split(found, "\n")
}
