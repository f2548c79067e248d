// SPDX-License-Identifier: Apache-2.0

package template

import "github.com/a-h/templ"

// Column is the head of a column of Table: text, a component such as SelectAll, or
// nothing above buttons.
type Column struct {
	Text   string
	Head   templ.Component
	Number bool // right-aligned digits
}
