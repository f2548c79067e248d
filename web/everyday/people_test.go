// SPDX-License-Identifier: Apache-2.0

package everyday

import "testing"

func TestPeopleByPages(t *testing.T) {
	p := peoplePage{}
	for range 120 {
		p.Lines = append(p.Lines, personLine{})
	}
	for page, want := range map[string][2]int{"": {1, 50}, "2": {51, 100}, "3": {101, 120}, "9": {101, 120}, "-1": {1, 50}, "x": {1, 50}} {
		q := p
		q.turn(page)
		if got := [2]int{q.Pages.From, q.Pages.To}; got != want || len(q.Lines) != want[1]-want[0]+1 {
			t.Errorf("page %q: %v with %d lines, want %v", page, got, len(q.Lines), want)
		}
	}
	none := peoplePage{}
	none.turn("2")
	if none.Pages.Total != 0 || none.Pages.Before != "" {
		t.Errorf("nobody: %+v", none.Pages)
	}
}
