// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a step waits for what it needs before the test fails.
const patience = 30 * time.Second

// endurance is how long axe may look at one page: the longest takes seconds of a processor, and a
// busy machine gives few of those.
const endurance = 5 * time.Minute

// Page is one tab in a profile of its own. Its methods end the test when they
// cannot do what they say. Selectors are CSS; the first element that matches
// counts. A Page belongs to one goroutine.
type Page struct {
	t     testing.TB
	ctx   context.Context
	view  View
	watch *watch

	hasAxe bool // each document begins with axe
}

// Open begins a walk: a fresh profile, seen with v. When the test ends, the tab
// closes and whatever the pages complained of fails the test.
func Open(t testing.TB, v View) *Page {
	t.Helper()
	w := newWatch()
	ctx, cancel := chromedp.NewContext(mustBrowser(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(w.see))
	p := &Page{t: t, ctx: ctx, watch: w}
	t.Cleanup(func() {
		t.Helper()
		cancel()
		for _, c := range w.complaints() {
			t.Errorf("browser: %s", c)
		}
	})
	if err := chromedp.Do(ctx); err != nil { // without a deadline: the tab lives as long as this context
		t.Fatalf("open a tab: %v", err)
	}
	p.Look(v)
	return p
}

// Look changes how the walk sees. Script and language count from the next page on.
func (p *Page) Look(v View) {
	p.t.Helper()
	p.view = v
	p.Do("look", v.look())
}

// View returns how the walk sees now.
func (p *Page) View() View { return p.view }

// Do runs steps of chromedp; what names them in the failure.
func (p *Page) Do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	Get(p, what, chromedp.Steps(steps...))
}

// Get runs one action of chromedp and returns its value; what names it in the
// failure.
func Get[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	return within(p, patience, what, action)
}

// within is Get for what may take longer, or less, than other steps.
func within[T any](p *Page, atMost time.Duration, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, atMost)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("%s at %s (%s): %v%s", what, p.watch.at(), p.view, err, p.watch.last())
	}
	return v
}

// Goto opens a page and returns its status; 0 for a place within the same page.
func (p *Page) Goto(url string) int {
	p.t.Helper()
	return p.arrive("go to "+url, chromedp.Navigate(url))
}

// Follow clicks what leads to another page (a link, a button that submits),
// waits for that page and returns its status.
func (p *Page) Follow(sel string) int {
	p.t.Helper()
	return p.arrive("follow "+sel, click(sel))
}

// arrive runs a step that leads to a page and returns the page's status.
func (p *Page) arrive(what string, step chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		p.t.Fatalf("%s at %s (%s): no page came: %v%s", what, p.watch.at(), p.view, err, p.watch.last())
	}
	if answer == nil { // a move within the page
		return 0
	}
	return int(answer.Status)
}

// Click clicks an element that leads nowhere else.
func (p *Page) Click(sel string) {
	p.t.Helper()
	p.Do("click "+sel, click(sel))
}

// Type empties a field and types text into it, key by key.
func (p *Page) Type(sel, text string) {
	p.t.Helper()
	at := chromedp.CSS(sel)
	p.Do("find "+sel, chromedp.Focus(at, chromedp.NodeVisible))
	Eval[any](p, fmt.Sprintf(`document.querySelector(%s).value = ""`, quote(sel)))
	p.Do("type into "+sel, chromedp.SendKeys(at, text))
}

// Fill gives a field of any kind (date, select, text) a value at once, and
// tells the page's script so.
func (p *Page) Fill(sel, value string) {
	p.t.Helper()
	p.Do("find "+sel, chromedp.WaitReady(chromedp.CSS(sel)))
	got := Eval[string](p, fmt.Sprintf(`(() => {
		const field = document.querySelector(%s)
		field.value = %s
		field.dispatchEvent(new Event("input", {bubbles: true}))
		field.dispatchEvent(new Event("change", {bubbles: true}))
		return field.value
	})()`, quote(sel), quote(value)))
	if got != value {
		p.t.Fatalf("fill %s at %s: it holds %q, not %q", sel, p.watch.at(), got, value)
	}
}

// Attach puts files into a file field.
func (p *Page) Attach(sel string, files ...string) {
	p.t.Helper()
	p.Do("attach to "+sel, chromedp.SetUploadFiles(chromedp.CSS(sel), files))
}

// Press sends keys to whatever has the focus; see chromedp/kb for the keys
// that print nothing.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.Do("press keys", chromedp.KeyEvent(keys))
}

// Wait waits until an element is to be seen.
func (p *Page) Wait(sel string) {
	p.t.Helper()
	p.Do("wait for "+sel, chromedp.WaitVisible(chromedp.CSS(sel)))
}

// WaitGone waits until no element matches.
func (p *Page) WaitGone(sel string) {
	p.t.Helper()
	p.Do("wait for the end of "+sel, chromedp.WaitNotPresent(chromedp.CSS(sel)))
}

// Text returns the visible text of an element.
func (p *Page) Text(sel string) string {
	p.t.Helper()
	return Get(p, "read "+sel, chromedp.Text(chromedp.CSS(sel)))
}

// Value returns what a field holds.
func (p *Page) Value(sel string) string {
	p.t.Helper()
	return Get(p, "read "+sel, chromedp.Value(chromedp.CSS(sel)))
}

// Count returns how many elements match now. It does not wait.
func (p *Page) Count(sel string) int {
	p.t.Helper()
	return len(Get(p, "count "+sel, chromedp.Nodes(chromedp.CSSAll(sel), chromedp.AtLeast(0))))
}

// Has reports whether an element matches now. It does not wait.
func (p *Page) Has(sel string) bool {
	p.t.Helper()
	return p.Count(sel) > 0
}

// URL returns the page's address.
func (p *Page) URL() string {
	p.t.Helper()
	return Get(p, "read the address", chromedp.Location())
}

// Eval runs an expression in the page, awaits it if it is a promise, and
// returns its value.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return Get(p, "evaluate", chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Weigh opens a page as one who was never here and returns its status and the
// bytes of all its answers, headers included, as they came over the wire.
func (p *Page) Weigh(url string) (status int, bytes int64) {
	p.t.Helper()
	p.cache(false)
	status = p.Goto(url)
	p.cache(true)
	return status, p.watch.bytes()
}

func (p *Page) cache(on bool) {
	p.t.Helper()
	p.Do("set the cache", command(network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: !on}))
}

// Tolerate keeps complaints that contain text from failing the test: a page
// that is meant to be refused complains of the refusal.
func (p *Page) Tolerate(text string) { p.watch.tolerate(text) }

// Complaints returns what the pages complained of so far.
func (p *Page) Complaints() []string { return p.watch.complaints() }

// click clicks in the middle of the screen, where people scroll what they want:
// at its edges a bar may lie over it.
func click(sel string) chromedp.Action[chromedp.Void] {
	at := chromedp.CSS(sel)
	middle := fmt.Sprintf(`document.querySelector(%s)?.scrollIntoView({block: "center"})`, quote(sel))
	return chromedp.Steps(chromedp.WaitVisible(at), chromedp.Evaluate[chromedp.Void](middle), chromedp.Click(at, chromedp.NodeVisible))
}

// command makes a protocol command that returns nothing into a step.
func command[P any](c cdp.Command[P, cdp.Empty], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// quote returns s as a string of JavaScript.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b)
}
