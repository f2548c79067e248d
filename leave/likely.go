// SPDX-License-Identifier: Apache-2.0

package leave

import "slices"

// Likely returns the type of leave that somebody most likely asks for, of those that are offered in
// the order of the customer: the first, unless nothing is left of it and something is left of another;
// then the first of those. What is no substitute for it is not taken in its place: types without a
// balance, and those for an occasion such as a birth. Nobody means them because their holiday is used up.
func Likely(offered []Type, statements []Statement) (likely Type, ok bool) {
	if len(offered) == 0 {
		return Type{}, false
	}
	left := func(t Type) bool {
		i := slices.IndexFunc(statements, func(s Statement) bool { return s.Type.ID == t.ID })
		return t.Entitled && i >= 0 && !statements[i].ByEvent && statements[i].Available.Sign() > 0
	}
	if i := slices.IndexFunc(offered, left); i >= 0 && offered[0].Entitled {
		return offered[i], true
	}
	return offered[0], true
}
