// SPDX-License-Identifier: Apache-2.0

package browsertest

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch listens to one tab: what went wrong, where it is, how much came over
// the wire.
type watch struct {
	mu        sync.Mutex
	page      string                     // address of the newest document
	documents map[network.RequestID]bool // requests for whole pages
	wire      int64                      // bytes since the newest document was asked for
	wrong     []string
	tolerated []string
}

func newWatch() *watch {
	return &watch{page: "about:blank", documents: map[network.RequestID]bool{}}
}

// see is called for every event of the tab, in order. It must not block.
func (w *watch) see(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.request(e)
	case *network.EventLoadingFinished:
		w.wire += int64(e.EncodedDataLength)
	case *log.EventEntryAdded:
		w.entry(e.Entry)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.complain("console: %s", words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.complain("script failed: %s", thrown(e.ExceptionDetails))
	case *page.EventJavascriptDialogOpening:
		w.complain("a dialog holds the page up: %s", e.Message)
	}
}

// request notes a request, and complains when it leaves the house: a page may
// live on any name of this machine, what it loads must come from its own.
func (w *watch) request(e *network.EventRequestWillBeSent) {
	to, err := url.Parse(e.Request.URL)
	if err != nil || to.Scheme == "data" || to.Scheme == "blob" || to.Scheme == "about" {
		return
	}
	if e.Type == network.ResourceTypeDocument {
		w.documents[e.RequestID] = true
		w.page, w.wire = e.Request.URL, 0
		if !ours(to.Hostname()) {
			w.complain("leads to another host: %s", e.Request.URL)
		}
		return
	}
	if from, err := url.Parse(e.DocumentURL); err != nil || from.Host != to.Host {
		w.complain("asks another host: %s", e.Request.URL)
	}
}

// entry notes an error of the browser's own log: a refused style, a missing
// picture. The status of a whole page is no complaint; the walk reads it.
func (w *watch) entry(e *log.Entry) {
	if e.Level != log.EntryLevelError || w.documents[e.NetworkRequestID] {
		return
	}
	w.complain("%s: %s %s", e.Source, e.Text, e.URL)
}

func (w *watch) complain(format string, args ...any) {
	w.wrong = append(w.wrong, w.page+": "+strings.TrimSpace(fmt.Sprintf(format, args...)))
}

func (w *watch) complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.wrong), func(c string) bool {
		return slices.ContainsFunc(w.tolerated, func(t string) bool { return strings.Contains(c, t) })
	})
}

func (w *watch) tolerate(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tolerated = append(w.tolerated, text)
}

// at returns the address of the page the tab asked for last.
func (w *watch) at() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.page
}

func (w *watch) bytes() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wire
}

// last returns what a failed step should know of the complaints so far.
func (w *watch) last() string {
	c := w.complaints()
	if len(c) == 0 {
		return ""
	}
	return "\n  the page said: " + strings.Join(c, "\n  ")
}

// ours reports whether host is this machine.
func ours(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// words returns what a script wrote to the console, as text.
func words(args []*runtime.RemoteObject) string {
	var b strings.Builder
	for _, a := range args {
		text := a.Description
		if text == "" {
			text = strings.Trim(string(a.Value), `"`)
		}
		b.WriteString(text + " ")
	}
	return b.String()
}

func thrown(e *runtime.ExceptionDetails) string {
	if e.Exception != nil && e.Exception.Description != "" {
		return e.Exception.Description
	}
	return e.Text
}
