// SPDX-License-Identifier: Apache-2.0

package view

import "verlof/web/template"

// Badge is a short word with a tone.
type Badge struct {
	Tone template.Tone
	Text string
}
