// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Violation is a rule of axe-core that a page breaks, and where.
type Violation struct {
	ID     string // axe's name of the rule: "color-contrast"
	Impact string // minor, moderate, serious, critical
	Help   string // the rule in a sentence
	Nodes  []struct {
		Target         []any  // path of selectors, from the outermost frame in
		HTML           string // the element's own tag
		FailureSummary string // what to change
	}
}

// String returns the violation as lines that a person can mend from.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		why := strings.ReplaceAll(n.FailureSummary, "\n", "\n      ")
		fmt.Fprintf(&b, "\n    at %v  %s\n      %s", n.Target, n.HTML, why)
	}
	return b.String()
}

// Axe runs all of axe-core's stable rules on the page as it stands and returns
// what it found. It works in a world of its own, so it meets neither the
// page's script nor its content security policy; a page whose script is
// refused stays without.
func (p *Page) Axe() []Violation {
	p.t.Helper()
	source, err := axeSource()
	if err != nil {
		p.t.Fatalf("axe-core: %v", err)
	}
	if p.view.NoScript { // timers stand still while scripts are refused, axe's too
		p.Do("let axe run", runScripts(true))
		defer p.Do("refuse scripts again", runScripts(false))
	}
	found := within(p, endurance, "run axe", p.runAxe(source))
	var violations []Violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		p.t.Fatalf("read what axe found: %v", err)
	}
	return violations
}

// runAxe returns axe's violations as JSON. axe is sent to a tab once, and begins with each document after that: it is
// more than half a megabyte, and to send it takes the browser as long as to look at a small page.
func (p *Page) runAxe(source string) chromedp.Action[string] {
	const run = `axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`
	return func(ctx context.Context, t *chromedp.Target) (string, error) {
		world, err := isolatedWorld(ctx, t)
		if err != nil {
			return "", err
		}
		inside := func(p *runtime.EvaluateParams) { p.ContextID = world }
		there, err := chromedp.Evaluate[bool](`typeof axe === "object"`, inside)(ctx, t)
		if err == nil && !there {
			_, err = chromedp.Evaluate[chromedp.Void](source, inside)(ctx, t)
		}
		if err == nil && !p.hasAxe {
			_, err = cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source, WorldName: worldName})
			p.hasAxe = err == nil
		}
		if err != nil {
			return "", err
		}
		return chromedp.Evaluate[string](run, inside, chromedp.EvalAwaitPromise)(ctx, t)
	}
}

// worldName is that of the world in which axe works.
const worldName = "axe"

// isolatedWorld returns the script context of a document that sees the page's elements and
// none of its variables: the same one for as long as the document stands.
func isolatedWorld(ctx context.Context, t *chromedp.Target) (runtime.ExecutionContextID, error) {
	tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	world, err := cdp.Call(ctx, t, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
		FrameID: tree.FrameTree.Frame.ID, WorldName: worldName,
	})
	return world.ExecutionContextID, err
}
