// SPDX-License-Identifier: Apache-2.0

package main

import (
	"verlof/internal/clamd"
	"verlof/tenant"
)

// scanner is the daemon that looks for malware; the zero value is none.
type scanner struct{ clamd.Scanner }

// UnmarshalText reads where it listens; empty: nowhere.
func (s *scanner) UnmarshalText(text []byte) (err error) {
	s.Scanner = clamd.Scanner{}
	if len(text) > 0 {
		s.Scanner, err = clamd.Parse(string(text))
	}
	return err
}

// String is what UnmarshalText reads.
func (s scanner) String() string {
	if s.Network == "" {
		return ""
	}
	return s.Scanner.String()
}

// orNone is nil where there is none.
func (s scanner) orNone() tenant.Scanner {
	if s.Network == "" {
		return nil
	}
	return s.Scanner
}
