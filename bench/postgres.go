// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"testing"

	"verlof/internal/pgtest"
)

// postgres returns the address of an empty database on a server of our own, which
// ends with this process, or on the one that VERLOF_TEST_POSTGRES names, and what
// removes it again.
func postgres() (url string, drop func() error, err error) {
	o := &outside{}
	defer func() {
		if x := recover(); x != nil && x != any(o) {
			panic(x)
		}
		err = errors.Join(o.faults...)
	}()
	return pgtest.URL(o), o.end, nil
}

// outside is a testing.TB where no test is.
type outside struct {
	testing.TB
	faults []error
	later  []func()
}

func (o *outside) Helper()          {}
func (o *outside) Cleanup(f func()) { o.later = append(o.later, f) }
func (o *outside) Error(args ...any) {
	o.faults = append(o.faults, errors.New(fmt.Sprint(args...)))
}

func (o *outside) Fatal(args ...any) {
	o.Error(args...)
	panic(o)
}

func (o *outside) Fatalf(format string, args ...any) { o.Fatal(fmt.Sprintf(format, args...)) }

// end does what a test would do when it ends.
func (o *outside) end() error {
	for _, f := range o.later {
		f()
	}
	return errors.Join(o.faults...)
}
