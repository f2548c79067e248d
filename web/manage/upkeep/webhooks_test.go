// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"testing"

	"verlof/events"
	"verlof/internal/lang"
)

// TestEveryThingHasAName: whatever can change can be chosen on the page, by a name in both
// languages.
func TestEveryThingHasAName(t *testing.T) {
	for _, tag := range []string{"en", "nl"} {
		l := lang.For(tag)
		for _, thing := range events.Things() {
			if !l.Has("event." + thing.Name) {
				t.Errorf("%s has no name in %s", thing.Name, tag)
			}
		}
	}
}
