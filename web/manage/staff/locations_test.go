// SPDX-License-Identifier: Apache-2.0

package staff

import (
	"testing"

	"verlof/people"
)

// TestUsualZone: a new location begins with the time zone that most locations have, so that a day does not begin for
// those who work there when it begins in another country.
func TestUsualZone(t *testing.T) {
	for name, c := range map[string]struct {
		zones []string
		want  string
	}{
		"none yet":       {nil, "Europe/Amsterdam"},
		"one":            {[]string{"Europe/Berlin"}, "Europe/Berlin"},
		"not offered":    {[]string{"Asia/Tokyo"}, "Asia/Tokyo"},
		"most":           {[]string{"Europe/Amsterdam", "Europe/Berlin", "Europe/Berlin"}, "Europe/Berlin"},
		"as many of two": {[]string{"Europe/Paris", "Europe/London"}, "Europe/London"},
	} {
		org := &people.Organisation{Locations: map[string]people.Location{}}
		for i, zone := range c.zones {
			id := string(rune('a' + i))
			org.Locations[id] = people.Location{ID: id, TimeZone: zone}
		}
		if got := usualZone(org); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
