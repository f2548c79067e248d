// SPDX-License-Identifier: Apache-2.0

package web

import "verlof/web/template"

// badge is a short word with a tone.
type badge struct {
	Tone template.Tone
	Text string
}
