// SPDX-License-Identifier: Apache-2.0

// Package order sorts lists. It exists because slices.SortFunc is compiled anew for every type
// that is sorted, some twenty kilobytes of it each time, which a newcomer's first build waits for:
// here the sorting is compiled once, and works on places in the list. It owns the sorting alone, and
// refuses to know what is sorted.
package order

import "slices"

// By sorts list by cmp. What cmp takes for equal stays as it stood.
func By[T any](list []T, cmp func(a, b T) int) {
	copy(list, Sorted(list, cmp))
}

// Sorted returns list sorted as By does: list itself where it is in order, or else a new one.
func Sorted[T any](list []T, cmp func(a, b T) int) []T {
	from := places(len(list), func(a, b int) int { return cmp(list[a], list[b]) })
	if from == nil {
		return list
	}
	out := make([]T, len(list))
	for i, p := range from {
		out[i] = list[p]
	}
	return out
}

// places returns from where in a list of n what belongs at each place comes, or nil where
// everything stands there already. cmp compares what stands at two places.
func places(n int, cmp func(a, b int) int) []int {
	sorted := true
	for i := 1; i < n && sorted; i++ {
		sorted = cmp(i-1, i) <= 0
	}
	if sorted {
		return nil
	}
	from := make([]int, n)
	for i := range from {
		from[i] = i
	}
	slices.SortFunc(from, func(a, b int) int {
		if c := cmp(a, b); c != 0 {
			return c
		}
		return a - b
	})
	return from
}
