// SPDX-License-Identifier: Apache-2.0

//go:build faults

package api

import (
	"testing"

	"verlof/internal/faulttest"
)

// deleted are checks of who may, each taken out by itself. The matrix has to see it.
var deleted = map[string]faulttest.Fault{
	"whether_the_token_opens_the_area": faulttest.In("TestMatrix", "chain.go",
		`want != "" && !slices.Contains(c.Scopes, want)`, `false && want != "" && !slices.Contains(c.Scopes, want)`),
	"whether_a_manager_may_decide": faulttest.In("TestMatrix", "../leave/decide.go",
		"if !h.MayDecide {", "if false && !h.MayDecide {"),
	"whose_request_is_withdrawn": faulttest.In("TestMatrix", "../leave/decide.go",
		"if !c.mayWithdraw(r) {", "if false && !c.mayWithdraw(r) {"),
	"who_writes_notes_of_a_sickness": faulttest.In("TestMatrix", "../leave/sickreport.go",
		"case !c.viewer.MaySeeSickness(r.Person):\n\t\treturn errs.New(errs.Forbidden, \"leave.error.sick_note_not_yours\").At(\"note\")", "case false:\n\t\treturn nil"),
	"whose_sick_report_is_withdrawn": faulttest.In("TestMatrix", "../leave/sickreport.go",
		"if !c.viewer.MaySeeSickness(r.Person) && r.ReportedBy != by {", "if false && r.ReportedBy != by {"),
}

// TestFaults deletes each check in a copy of the program. make faults runs this.
func TestFaults(t *testing.T) { faulttest.Plant(t, deleted) }
