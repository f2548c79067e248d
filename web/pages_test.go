// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestPages opens every page as those who use it: it answers, holds what it is
// for, and not what is for others.
func TestPages(t *testing.T) {
	w := newWorld(t, nil)
	tests := []struct {
		name, who, path string
		status          int
		holds, lacks    []string
	}{
		{"home_employee", "carla", "/", 200, []string{"Hello Carla", "23–25 Mar 2026", "Esra Yildiz", "by 30 Jun 2026, or it lapses"}, []string{"/inbox", "Kim Ouwerkerk"}},
		{"home_manager", "bram", "/", 200, []string{"Waiting for your decision", "Dirk Aalders"}, []string{"Lars Petersen"}},
		{"home_administrator", "ana", "/", 200, []string{"One more is waiting", "Gita Nair", "Kim Ouwerkerk"}, nil},
		{"requests", "carla", "/requests", 200, []string{"23–25 Mar 2026", "21 Jul – 8 Aug 2025", "Pending"}, nil},
		{"requests_year", "carla", "/requests?year=2025", 200, []string{"21 Jul – 8 Aug 2025", "2025 day by day"}, []string{"23–25 Mar 2026"}},
		{"requests_year_of_nothing", "carla", "/requests?year=1999", 200, []string{"Nothing found", "2026 day by day"}, nil},
		{"requests_state", "carla", "/requests?state=pending", 200, []string{"23–25 Mar 2026"}, []string{"21 Jul – 8 Aug 2025"}},
		{"requests_none", "carla", "/requests?state=refused", 200, []string{"Nothing found"}, nil},
		{"requests_new_person", "noor", "/requests", 200, []string{"No requests yet"}, nil},
		{"requests_of", "bram", "/people/acme-carla/requests", 200, []string{"Leave of Carla Fonseca"}, nil},
		{"requests_of_stranger", "carla", "/people/acme-esra/requests", 404, nil, []string{"Esra"}},
		{"request_own", "carla", "/requests/{pending}", 200, []string{"Withdraw", "Visiting family", "Dirk Aalders", "Monday 23 March 2026"}, []string{"Refuse"}},
		{"request_to_decide", "bram", "/requests/{pending}", 200, []string{"Approve", "Refuse", "<dd>19</dd>", "<dd>16</dd>"}, []string{"Withdraw the request"}},
		{"request_of_a_colleague", "esra", "/requests/{pending}", 404, nil, []string{"Carla"}},
		{"inbox", "bram", "/inbox", 200, []string{"Carla Fonseca", "3 requests are waiting for you", "One other away"}, []string{"Lars"}},
		{"inbox_employee", "carla", "/inbox", 200, []string{"Nothing is waiting for you"}, nil},
		{"chart", "carla", "/calendar", 200, []string{"March 2026", "Dirk Aalders", "12–18 Mar 2026"}, []string{"Gita Nair"}},
		{"chart_all", "ana", "/calendar", 200, []string{"Gita Nair", "Sickness", "In no team"}, nil},
		{"chart_team", "ana", "/calendar?team=acme-support&month=2026-04", 200, []string{"April 2026", "Gita Nair", "Easter Monday"}, []string{"Dirk Aalders"}},
		{"chart_quarter", "ana", "/calendar?by=quarter&team=acme-support&month=2026-05", 200, []string{"April – June 2026", "Gita Nair", "Easter Monday", "Apr – Jun 2026"}, []string{"Dirk Aalders"}},
		{"chart_bad_month", "carla", "/calendar?month=march", 422, []string{"not a month", "March 2026"}, nil},
		{"chart_foreign_team", "carla", "/calendar?team=acme-support", 404, nil, []string{"Gita"}},
		{"away", "ana", "/away", 200, []string{"Esra Yildiz", "Hugo Lang", "Monday 16 March 2026"}, []string{"Lars"}},
		{"away_pending", "ana", "/away?date=2026-03-25", 200, []string{"25 Mar 2026, pending"}, nil},
		{"away_bad_day", "ana", "/away?date=never", 422, []string{"not a date"}, nil},
		{"balance", "carla", "/balance", 200, []string{"Available", "25 days for 2026", "Carried over from 2025", "What comes next", "Time for time"}, nil},
		{"balance_past", "carla", "/balance?at=2025-08-01", 200, []string{"Entitlement 2025", "What comes next", "Entitlement 2026", "Back to today"}, nil},
		{"balance_future", "carla", "/balance?at=2027-01-01", 200, []string{"Entitlement 2027"}, nil},
		{"balance_bad_day", "carla", "/balance?at=x", 422, []string{"not a date"}, nil},
		{"balance_part_time", "ana", "/people/acme-dirk/balance", 200, []string{"25 × 3/5 × (10 13/28)/12", "joined 16 Feb 2026", "works 3 of 5 days", "Add an adjustment"}, nil},
		{"balance_by_manager", "bram", "/people/acme-dirk/balance", 200, []string{"Balance of Dirk Aalders"}, []string{"Add an adjustment"}},
		{"people", "ana", "/people", 200, []string{"13 people", "Noor Bakker"}, nil},
		{"people_of_manager", "bram", "/people", 200, []string{"3 people", "Dirk Aalders"}, []string{"Kim"}},
		{"people_found", "ana", "/people?find=berg+IRIS", 200, []string{"1 person", "Iris van den Berg"}, []string{"Kim"}},
		{"people_not_found", "ana", "/people?find=zz", 200, []string{"Nobody found", `value="zz"`}, nil},
		{"account", "carla", "/account", 200, []string{"carla@acme.example.test", "This browser"}, nil},
		{"person", "ana", "/manage/people/acme-carla", 200, []string{"Change: "}, nil},
		{"nothing", "carla", "/nowhere", 404, []string{"There is nothing here"}, nil},
		{"nothing_signed_out", "", "/nowhere", 404, []string{"There is nothing here"}, []string{"/balance"}},
		{"door", "", "/sign-in", 200, []string{"Acme Bikes", "Forgotten your password?"}, nil},
		{"robots", "", "/robots.txt", 200, []string{"Disallow: /"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := w.at(w.acme, tt.who).get(strings.ReplaceAll(tt.path, "{pending}", w.acme.pending))
			holds(t, a, tt.status, tt.holds...)
			lacks(t, a, tt.lacks...)
			if strings.HasPrefix(a.Header().Get("Content-Type"), "text/html") {
				wellFormed(t, a.Body.Bytes())
			}
		})
	}
}

// wellFormed fails on a page that has an id twice, a label for nothing, a field
// that no label names, or lines of a table with buttons that are called alike.
func wellFormed(t *testing.T, page []byte) {
	t.Helper()
	if n := len(gzipped(t, page)); n > 60<<10 {
		t.Errorf("%d bytes over the wire", n)
	}
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids, labels := map[string]bool{}, map[string]bool{}
	for n := range root.Descendants() {
		id, target := attr(n, "id"), attr(n, "for")
		if id != "" && ids[id] {
			t.Errorf("the id %s stands twice", id)
		}
		ids[id] = true
		if n.Data == "label" && target != "" {
			labels[target] = true
		}
	}
	for target := range labels {
		if !ids[target] {
			t.Errorf("a label names %s, which is not there", target)
		}
	}
	for n := range root.Descendants() {
		if named(n) && !labels[attr(n, "id")] && !inside(n, "label") && attr(n, "aria-label") == "" {
			t.Errorf("the field %s has no label", attr(n, "name"))
		}
	}
	toldApart(t, root)
}

// toldApart fails on buttons of different lines that a screen reader calls by the same name: nobody hears
// whose line they would change.
func toldApart(t *testing.T, root *html.Node) {
	t.Helper()
	lines := map[string]*html.Node{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || !slices.Contains(strings.Fields(attr(n, "class")), "btn") || !inside(n, "td") {
			continue
		}
		line := n
		for line.Data != "tr" {
			line = line.Parent
		}
		name := cmp.Or(attr(n, "aria-label"), wordsOf(n))
		if other := lines[name]; other != nil && other != line {
			t.Errorf("two lines have a button that is called %q", name)
		}
		lines[name] = line
	}
}

// wordsOf returns the text of an element.
func wordsOf(n *html.Node) string {
	var words []string
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			words = append(words, strings.Fields(c.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// named reports whether n is a field that people see.
func named(n *html.Node) bool {
	switch n.Data {
	case "select", "textarea":
		return n.Type == html.ElementNode
	case "input":
		kind := attr(n, "type")
		return kind != "hidden" && attr(n, "hidden") == "" && !has(n, "hidden")
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func inside(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}

func gzipped(t *testing.T, page []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(page); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
