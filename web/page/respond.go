// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"verlof/internal/sheet"
	"verlof/web/template"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largeBuffer is the size from which a buffer is not kept for the next page.
const largeBuffer = 4 << 20

// Render writes c as it stands: a fragment, or a page that brings its own frame.
// Nothing is sent before all of it is there.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= largeBuffer {
			buffers.Put(b)
		}
	}()
	ctx := r.Context()
	if v, ok := ctx.Value(visitKey{}).(*Visit); ok {
		ctx = template.Guarded(ctx, v.May)
	}
	if err := c.Render(ctx, b); err != nil {
		return err
	}
	Send(w, r, status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

// Send writes an answer that is for this visitor alone, packed where it pays.
func Send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Encoding")
	if status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", "60")
	}
	if len(body) < 1<<10 || !acceptsGzip(r) {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(status)
		_, _ = w.Write(body) // the reader has gone: nothing to tell
		return
	}
	h.Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	pack(w, body)
}

// SendFeed writes an answer that the same program fetches again and again: where it has what was there
// since changed, known by its tag, it is told so and sent nothing.
func SendFeed(w http.ResponseWriter, r *http.Request, kind, tag string, changed time.Time, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Referrer-Policy", "no-referrer") // its address is a secret
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", changed, bytes.NewReader(body))
}

// NothingHere answers where nobody is to learn why there is nothing: the same bytes, whatever was
// asked for.
func NothingHere(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("404 not found\n"))
}

// SendTable sends rows as a file of a name that a spreadsheet opens, its cells parted as spreadsheets of the reader's
// language do.
func SendTable(w http.ResponseWriter, r *http.Request, name string, rows func(yield func([]string) bool)) error {
	return SendFile(w, r, name, func(out io.Writer) error { return sheet.WriteCSV(out, VisitOf(r).Lang.ListMark(), rows) })
}

// SendFile sends a CSV file of a name, once all of it is written.
func SendFile(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	Send(w, r, http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
	return nil
}

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // fails for an unknown level only
	return z
}}

func pack(w io.Writer, body []byte) {
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(w)
	_, _ = z.Write(body)
	_ = z.Close()
}

// acceptsGzip reports whether the request allows gzip (RFC 9110, section
// 12.5.3); "gzip;q=0" forbids it.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(coding) != "gzip" {
			continue
		}
		_, q, weighed := strings.Cut(weight, "=")
		return !weighed || strings.Trim(q, " 0.") != ""
	}
	return false
}

// SeeOther answers a form that was accepted: the browser goes on to url, and
// going back or reloading sends nothing twice.
func SeeOther(w http.ResponseWriter, r *http.Request, url string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// Done answers like SeeOther, and the next page says the catalogue's sentence
// "web.flash." + key.
func Done(w http.ResponseWriter, r *http.Request, url, key string) error {
	setFlash(w, r, key)
	return SeeOther(w, r, url)
}

const flashCookie = "verlof-flash"

// setFlash leaves a sentence for the next page: a key of the catalogue and
// nothing else, so that nobody can put words into our mouth.
func setFlash(w http.ResponseWriter, r *http.Request, key string) {
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Value: key, Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: VisitOf(r).Secure, SameSite: http.SameSiteLaxMode,
	})
}

// takeFlash returns the sentence left for this page and forgets it. A key that
// the catalogue does not hold says nothing.
func takeFlash(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1})
	l := VisitOf(r).Lang
	if key := "web.flash." + c.Value; l.Has(key) {
		return l.T("web.flash." + c.Value)
	}
	return ""
}

// LocalPath returns next where it is an address on this site, else "/": nobody
// is sent away by a link that seems to be ours.
func LocalPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}

// CameFrom returns the page of this site from which a form was sent; "/" where the browser
// does not say.
func CameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return LocalPath(u.RequestURI())
}
