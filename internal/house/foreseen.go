// SPDX-License-Identifier: Apache-2.0

package house

import (
	"go/ast"
	"slices"
	"strings"
)

// unforeseen are the methods that change what people have left of their leave, on past
// days too, without saying so first: each is a leave.Change as well.
var unforeseen = strings.Fields(`SavePolicy DeletePolicy Adopt SaveType FixEntitlement FreeEntitlement SavePerson SaveEmployment
	DeleteEmployment SaveContract DeleteContract SavePattern SaveLocation SaveHolidaySet SaveOwnDay DeleteOwnDay CopyDays`)

// foreseen finds pages and answers that change leave without a forecast.
func foreseen(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		if s.test() || s.room() != "web" && s.room() != "api" {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && slices.Contains(unforeseen, call.Sel.Name) && ofLeave(call.X) {
				faults = append(faults, Fault{t.at(call.Sel.Pos()), s.dir + " calls " + call.Sel.Name,
					"a change shows what it does to people's leave before it is made: leave.Service.Apply makes it, view.Change for pages"})
			}
			return true
		})
	}
	return faults
}

// ofLeave reports whether a method is asked of the services of leave or of people.
func ofLeave(x ast.Expr) bool {
	of, ok := x.(*ast.SelectorExpr)
	return ok && (of.Sel.Name == "Leave" || of.Sel.Name == "People")
}
