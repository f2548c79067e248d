// SPDX-License-Identifier: Apache-2.0

package web

import "verlof/web/template"

// requestStep is something that happened to a request.
type requestStep struct {
	Status template.Status
	Text   string // who did what
	At     string
	Note   string // what they wrote
}
