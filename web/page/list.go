// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"verlof/errs"
	"verlof/web/template"
)

// Paginate returns the lines of one page, the first being 1, and the way to those
// before and after it.
func Paginate[T any](lines []T, page string, at func(page string) string) ([]T, template.Pages) {
	n, _ := strconv.Atoi(page)
	n = max(1, min(n, (len(lines)-1)/perPage+1))
	total, from := len(lines), (n-1)*perPage
	to := min(from+perPage, total)
	p := template.Pages{From: min(from+1, total), To: to, Total: total}
	if n > 1 {
		p.Before = at(strconv.Itoa(n - 1))
	}
	if to < total {
		p.After = at(strconv.Itoa(n + 1))
	}
	return lines[from:to], p
}

// perPage is how many people a page lists.
const perPage = 50

// WithQuery adds pairs of name and value to a path; empty values are left out.
func WithQuery(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// About says to a screen reader what a button or link of a line is about.
func About(verb, thing string) templ.Attributes {
	return templ.Attributes{"aria-label": verb + ": " + thing}
}

// ErrNothing answers for what is not there.
var ErrNothing = errs.New(errs.NotFound, "")
