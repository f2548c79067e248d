// SPDX-License-Identifier: Apache-2.0

// Package browsertest owns the real browser of the tests: one headless
// Chromium per test process, and for each walk a profile of its own (cookies,
// cache) that is gone afterwards. It sets the screen's size, light or dark,
// script or none; it takes pictures, runs axe-core on a page, and fails the
// walk when a page complains in its console, breaks its content security
// policy or asks another host for anything.
//
// It refuses to skip: where Chromium or axe-core cannot be had, the test fails
// and says what to install. It refuses the network too: the browser resolves
// no name but localhost and what ends in .localhost. Only tests may import it.
//
// A package that opens a page needs
//
//	func TestMain(m *testing.M) { os.Exit(browsertest.Closing(m).Run()) }
//
// so that the browser ends with the tests.
package browsertest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestingM is what Closing needs of *testing.M.
type TestingM interface{ Run() int }

// Closing returns m with the browser's end after it: what Run returns is m's
// exit code, and no browser is left then.
func Closing(m TestingM) TestingM { return closing{m} }

type closing struct{ tests TestingM }

func (c closing) Run() int {
	shared.expect()
	defer shared.close()
	return c.tests.Run()
}

// shared is the test process's browser, started by the first page.
var shared browser

type browser struct {
	mu       sync.Mutex
	expected bool // TestMain promised to close it
	started  bool
	ctx      context.Context
	cancel   context.CancelFunc
	err      error
}

func (b *browser) expect() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.expected = true
}

// context returns the running browser's context, starting it if need be.
func (b *browser) context() (context.Context, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.expected {
		return nil, fmt.Errorf("nobody closes the browser: add to this package's tests\n\tfunc TestMain(m *testing.M) { os.Exit(browsertest.Closing(m).Run()) }")
	}
	if !b.started {
		b.started = true
		b.ctx, b.cancel, b.err = start()
	}
	return b.ctx, b.err
}

// close ends the browser and waits for its folder to be gone.
func (b *browser) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cancel != nil {
		b.cancel()
	}
	b.expected, b.started, b.cancel = false, false, nil
}

// start runs Chromium and returns its context and what ends it.
func start() (context.Context, context.CancelFunc, error) {
	path, err := find(os.Getenv, exec.LookPath)
	if err != nil {
		return nil, nil, err
	}
	alloc, endProcess := chromedp.NewExecAllocator(context.Background(), flags(path)...)
	ctx, endBrowser := chromedp.NewContext(alloc)
	if err := chromedp.Do(ctx); err != nil {
		endBrowser()
		endProcess()
		return nil, nil, fmt.Errorf("start %s: %w", path, err)
	}
	end := func() {
		last, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		_ = chromedp.Cancel(last) // a browser that will not close is killed by the next line
		endBrowser()
		endProcess()
	}
	return ctx, end, nil
}

// unwanted are the features of Chromium that have each page shown by a process of its own, so that one can go back:
// to begin that takes longer than to show the page; and the one that offers translations.
const unwanted = "BackForwardCache,ProactivelySwapBrowsingInstance,RenderDocument,site-per-process,Translate"

// flags returns how Chromium is run: without a screen, without the services
// that call home, and deaf to every host but this machine.
func flags(path string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // containers and root have none; the pages are our own
		chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-features", unwanted),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("js-flags", "--jitless"), // each page is new, and its scripts run once: to compile them takes longer than to run them
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"),
	)
}

// find returns the path of a Chromium: the one VERLOF_CHROMIUM names, or the
// first of the usual names. The one that has no windows comes first: pages are the same to it,
// and it spends half the time, since it draws no bars and panels around each.
func find(getenv func(string) string, look func(string) (string, error)) (string, error) {
	if path := getenv("VERLOF_CHROMIUM"); path != "" {
		if _, err := look(path); err != nil {
			return "", fmt.Errorf("VERLOF_CHROMIUM names no program: %w", err)
		}
		return path, nil
	}
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := look(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium found: run scripts/prerequisites chromium, or name one in VERLOF_CHROMIUM")
}

// mustBrowser returns the running browser or ends the test.
func mustBrowser(t testing.TB) context.Context {
	t.Helper()
	ctx, err := shared.context()
	if err != nil {
		t.Fatalf("browser: %v", err)
	}
	return ctx
}
