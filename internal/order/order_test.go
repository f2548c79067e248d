// SPDX-License-Identifier: Apache-2.0

package order

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// row is about as large as a request of leave.
type row struct {
	Key, Place int
	Rest       [20]int64
}

func byKey(a, b row) int { return cmp.Compare(a.Key, b.Key) }

func rows(n, keys int) []row {
	r := rand.New(rand.NewPCG(uint64(n), uint64(keys)))
	list := make([]row, n)
	for i := range list {
		list[i] = row{Key: r.IntN(keys), Place: i}
	}
	return list
}

// TestBy/what is equal stays in its order: By does what slices.SortStableFunc does.
func TestBy(t *testing.T) {
	for n := range 60 {
		for _, keys := range []int{1, 3, 1000} {
			got, want, given := rows(n, keys), rows(n, keys), rows(n, keys)
			if Sorted(given, byKey); gocmp.Diff(got, given) != "" {
				t.Fatalf("Sorted changed the list that it was given: %v", given)
			}
			By(got, byKey)
			slices.SortStableFunc(want, byKey)
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("%d rows of %d keys (-want +got):\n%s", n, keys, diff)
			}
			By(got, byKey) // what is sorted stays
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("sorted again (-want +got):\n%s", diff)
			}
		}
	}
}

func benchmark(b *testing.B, n int, sort func([]row, func(a, b row) int)) {
	list, work := rows(n, n), make([]row, n)
	for b.Loop() {
		copy(work, list)
		sort(work, byKey)
	}
}

func BenchmarkBy(b *testing.B) {
	b.Run("8", func(b *testing.B) { benchmark(b, 8, By[row]) })
	b.Run("1000", func(b *testing.B) { benchmark(b, 1000, By[row]) })
}

func BenchmarkSlices(b *testing.B) {
	b.Run("8", func(b *testing.B) { benchmark(b, 8, slices.SortFunc[[]row, row]) })
	b.Run("1000", func(b *testing.B) { benchmark(b, 1000, slices.SortFunc[[]row, row]) })
	b.Run("stable/8", func(b *testing.B) { benchmark(b, 8, slices.SortStableFunc[[]row, row]) })
	b.Run("stable/1000", func(b *testing.B) { benchmark(b, 1000, slices.SortStableFunc[[]row, row]) })
}
