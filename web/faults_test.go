// SPDX-License-Identifier: Apache-2.0

//go:build faults

package web

import (
	"testing"

	"verlof/internal/faulttest"
)

// deleted are checks of who may, each taken out by itself. The matrix has to see it.
var deleted = map[string]faulttest.Fault{
	"whether_anybody_is_signed_in":  faulttest.In("TestSignedOut", "page/route.go", "case !v.SignedIn():", "case false && !v.SignedIn():"),
	"whether_somebody_leads_others": faulttest.In("TestEmployee", "page/route.go", "case a == Manager &&", "case false && a == Manager &&"),
}

// TestFaults deletes each check in a copy of the program. make faults runs this.
func TestFaults(t *testing.T) { faulttest.Plant(t, deleted) }
