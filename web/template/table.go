// SPDX-License-Identifier: Apache-2.0

package template

// Column is the head of a column of Table.
type Column struct {
	Text   string
	Number bool // right-aligned digits
}
