// SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"
	"strconv"
	"strings"

	"verlof/calendar"
	"verlof/internal/exact"
	"verlof/leave"
)

// writeCorrections returns the text form of what was corrected of a request.
func writeCorrections(list []leave.Correction) string {
	all := make([]string, len(list))
	for i, c := range list {
		all[i] = strings.Join([]string{c.Date.String(), strconv.Itoa(c.Minutes), c.Days.String(), string(c.Cause), c.On.String()}, " ")
	}
	return strings.Join(all, ";")
}

func parseCorrections(s string) ([]leave.Correction, error) {
	if s == "" {
		return nil, nil
	}
	var out []leave.Correction
	for part := range strings.SplitSeq(s, ";") {
		words := strings.Fields(part)
		if len(words) != 5 {
			return nil, fmt.Errorf("correction %q", part)
		}
		c := leave.Correction{Cause: leave.Cause(words[3])}
		var err error
		if c.Date, err = calendar.Parse(words[0]); err != nil {
			return nil, err
		}
		if c.Minutes, err = strconv.Atoi(words[1]); err != nil {
			return nil, err
		}
		if c.Days, err = exact.Parse(words[2]); err != nil {
			return nil, err
		}
		if c.On, err = calendar.Parse(words[4]); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
