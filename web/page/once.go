// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/http"
	"time"

	"verlof/internal/id"
)

// FieldKey is the field in which a form that makes something new carries the id that this will have: what is
// sent twice is made once.
const FieldKey = "key"

// Key has a form carry such an id: the one that came with it, unless something else was made under that.
func (f *Form) Key(now time.Time) {
	if f.Code == http.StatusConflict || !id.Is(f.Text(FieldKey)) {
		f.Values.Set(FieldKey, id.New(now))
	}
}
