// SPDX-License-Identifier: Apache-2.0

package view

import "verlof/web/template"

// RequestStep is something that happened to a request.
type RequestStep struct {
	Status template.Status
	Text   string // who did what
	At     string
	Note   string // what they wrote
}
