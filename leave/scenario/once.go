// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"strings"
)

// once refuses a line that would silently take the place of an earlier one about the same; key tells what both are about,
// and instead what to write. What a line "changes" says was changed on a day takes its place on purpose.
func (w *world) once(instead string, key ...string) error {
	what := strings.TrimSpace(strings.Join(key, " "))
	line, before := w.said[what]
	w.said[what] = w.at
	if !before || w.changing {
		return nil
	}
	return against(key[len(key)-1], "line %d speaks of %s already; %s", line, what, instead)
}

// replaced is once for what may be said anew after a question: that one has used the earlier line.
func (w *world) replaced(key ...string) error {
	what := strings.TrimSpace(strings.Join(key, " "))
	if line, before := w.said[what]; before && line < w.asked {
		w.said[what] = w.at
		return nil
	}
	return w.once("say it once, or anew below a question", key...)
}

// forget lets be said anew what a line "no" took away.
func (w *world) forget(key ...string) { delete(w.said, strings.TrimSpace(strings.Join(key, " "))) }

// later is how a change is written.
func later(line string) string {
	return fmt.Sprintf("write what was changed later as %q", "changes DATE "+line)
}
