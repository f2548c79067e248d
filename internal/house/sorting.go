// SPDX-License-Identifier: Apache-2.0

package house

import (
	"go/ast"
	"slices"
	"strings"
)

// costly are the functions of slices that are compiled anew for every type that they sort.
var costly = strings.Fields("SortFunc SortStableFunc SortedFunc SortedStableFunc")

// sorting finds lists that are not sorted by internal/order.
func sorting(t *tree) (faults []Fault) {
	for _, s := range t.sources {
		if s.test() || s.room() == "bench" || s.dir == "internal/order" {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains(costly, call.Sel.Name) {
				return true
			}
			if of, ok := call.X.(*ast.Ident); ok && of.Name == "slices" {
				faults = append(faults, Fault{t.at(n.Pos()), s.dir + " calls slices." + call.Sel.Name,
					"it is twenty kilobytes of code for each type that is sorted, which a first build waits for: order.By is compiled once"})
			}
			return true
		})
	}
	return faults
}
