// SPDX-License-Identifier: Apache-2.0

package identitytest_test

import (
	"testing"

	"verlof/identity"
	"verlof/identity/identitytest"
	"verlof/people"
)

func TestStore(t *testing.T) {
	identitytest.Contract(t, func(t *testing.T) identity.Store {
		return identitytest.NewStore(
			people.Person{ID: "ana", Email: "ana@example.com", Active: true},
			people.Person{ID: "ben", Email: "ben@example.com", Active: true})
	})
}
