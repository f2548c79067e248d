// SPDX-License-Identifier: Apache-2.0

// Package near owns the answer to a word that somebody mistyped: which of those that are
// known is most like it. It refuses to know any word itself.
package near

import "strings"

// To returns the known word that is most like a wrong one, whatever the case of its
// letters, or nothing where no more than half of it is like one.
func To(wrong string, known []string) string {
	best, least := "", -1
	for _, word := range known {
		d := Distance(strings.ToLower(wrong), strings.ToLower(word))
		if d <= max(len(wrong), len(word))/2 && d < len(wrong) && (least < 0 || d < least) {
			best, least = word, d
		}
	}
	return best
}

// Distance returns how many letters must be put in, taken out or replaced to make
// b of a (Levenshtein); two neighbours that changed places count once.
func Distance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last = last, row
		row = make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
