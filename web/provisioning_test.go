// SPDX-License-Identifier: Apache-2.0

package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"verlof/identity/access"
	"verlof/identity/provision"
	"verlof/people"
)

// provisioned is what a directory has done at a customer: nils joins, dirk is to move, and
// there is a group and a token.
func (c *customer) provisioned(w *world) *strings.Replacer {
	w.Helper()
	ctx, ana := w.Context(), people.ID(c.id("ana"))
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	must(c.Provision.SaveRules(ctx, ana, provision.Rules{Name: "Contoso", Groups: true, Confirm: true}))
	nils, err := c.Provision.AddUser(ctx, provision.User{Name: "nils@" + c.host, Active: true, Details: provision.Details{Given: "Nils", Family: "Pool"}})
	must(err)
	g, err := c.Provision.AddGroup(ctx, provision.Group{Name: "Board", Members: []people.ID{people.ID(c.id("dirk"))}})
	must(err)
	waiting, err := c.Provision.Waiting(ctx, ana)
	must(err)
	token, _, err := c.Programs.MakeServiceToken(ctx, ana, access.Wish{Name: "Entra", Scopes: []access.Scope{access.SCIM}, Expires: now.AddDate(0, 1, 0)})
	must(err)
	return strings.NewReplacer("{joiner}", string(nils.Person), "{group}", g.ID, "{move}", waiting.Moves[0].ID, "{service}", token.ID)
}

// provisionedPath is an address that names something that provisioned makes.
var provisionedPath = regexp.MustCompile(`\{(joiner|group|move|service)\}`)

func init() {
	for route, e := range map[string]exemplar{
		"GET /manage/joiners":                          {path: "/manage/joiners"},
		"GET /manage/joiners/{id}":                     {path: "/manage/joiners/{id:carla}", other: http.StatusNotFound, own: http.StatusNotFound},
		"POST /manage/joiners/{id}":                    {path: "/manage/joiners/{id:carla}", form: []string{"from", "2026-04-01", "pattern", "full", "package", "all"}, other: http.StatusNotFound},
		"POST /manage/joiners/moves/{id}/confirm":      {path: "/manage/joiners/moves/none/confirm", other: http.StatusNotFound},
		"POST /manage/joiners/moves/{id}/drop":         {path: "/manage/joiners/moves/none/drop", other: http.StatusNotFound},
		"POST /manage/people/{id}/directory":           {path: "/manage/people/{id:carla}/directory", form: []string{"keep", "hand"}, other: http.StatusNotFound},
		"GET /manage/provisioning":                     {path: "/manage/provisioning"},
		"POST /manage/provisioning":                    {path: "/manage/provisioning", form: []string{"directory", "Contoso"}},
		"POST /manage/provisioning/tokens":             {path: "/manage/provisioning/tokens", form: []string{"name", "Entra", "days", "90"}, other: http.StatusOK},
		"POST /manage/provisioning/tokens/{id}/revoke": {path: "/manage/provisioning/tokens/none/revoke", other: http.StatusNotFound},
		"GET /manage/provisioning/groups/{id}":         {path: "/manage/provisioning/groups/none", other: http.StatusNotFound, own: http.StatusNotFound},
		"POST /manage/provisioning/groups/{id}":        {path: "/manage/provisioning/groups/none", form: []string{"purpose", "nothing"}, other: http.StatusNotFound},
	} {
		exemplars[route] = e
	}
	for route, s := range map[string]sheet{
		"/manage/joiners/{id}": {who: "ana", path: "/manage/joiners/{joiner}", boxes: []box{{name: "from", value: "2026-04-01", kind: day},
			{name: "pattern", value: "full", kind: pick}, {name: "package", value: "all", kind: pick}, {name: "location", value: "berlin", kind: pick, optional: true}}},
		"/manage/joiners/moves/{id}/confirm": {who: "ana", path: "/manage/joiners/moves/{move}/confirm"},
		"/manage/joiners/moves/{id}/drop":    {who: "ana", path: "/manage/joiners/moves/{move}/drop"},
		"/manage/people/{id}/directory":      {who: "ana", path: "/manage/people/{joiner}/directory", boxes: []box{{name: "keep", value: "hand", kind: pick}}},
		"/manage/provisioning": {who: "ana", path: "/manage/provisioning", boxes: []box{{name: "directory", value: "Fabrikam", optional: true},
			{name: "departments", value: "yes", kind: tick, optional: true}, {name: "location", value: "utrecht", kind: pick, optional: true},
			{name: "pattern", value: "four", kind: pick, optional: true}, {name: "package", value: "all", kind: pick, optional: true}}},
		"/manage/provisioning/tokens":             {who: "ana", path: "/manage/provisioning/tokens", boxes: []box{{name: "name", value: "Entra"}, {name: "days", value: "90", kind: pick}}},
		"/manage/provisioning/tokens/{id}/revoke": {who: "ana", path: "/manage/provisioning/tokens/{service}/revoke"},
		"/manage/provisioning/groups/{id}": {who: "ana", path: "/manage/provisioning/groups/{group}", boxes: []box{{name: "purpose", value: "leaders", kind: pick},
			{name: "team", value: "acme-sales", kind: pick}}},
	} {
		sheets[route] = s
	}
}

// TestJoiners: a joiner gets a contract, a move is confirmed, and whoever the directory
// shuts out waits for a last day, which the form proposes.
func TestJoiners(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.acme.provisioned(w)
	b := w.at(w.acme, "ana")
	body := bodyOf(b.get("/manage/joiners"))
	for _, want := range []string{"Nils Pool", "Access from Contoso since", "Dirk", "Joins Board"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing:\n%s", want, body)
		}
	}
	hash, err := w.acme.Identity.Hasher.Hash(t.Context(), password)
	if err == nil {
		err = w.acme.Identity.SetPassword(t.Context(), hash, people.ID(ids.Replace("{joiner}")))
	}
	if err != nil {
		t.Fatal(err)
	}
	nils := w.at(w.acme, "nils") // who has no contract yet, and is not to meet a page that fails
	for _, path := range []string{"/", "/requests", "/balance", "/calendar", "/leave/new", "/account", "/claims/new?kind=overtime", "/sick"} {
		if got := nils.get(path); got.Code >= 500 {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	if got := b.post(ids.Replace("/manage/joiners/{joiner}"), "from", "2026-04-01", "pattern", "four", "package", "all"); got.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", got.Code, bodyOf(got))
	}
	if got := b.post(ids.Replace("/manage/joiners/moves/{move}/confirm")); got.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", got.Code, bodyOf(got))
	}
	carla := people.ID(w.acme.id("carla"))
	_, err = w.acme.Provision.ChangeUser(t.Context(), carla, func(u provision.User) (provision.User, error) { u.Active = false; return u, nil })
	if err != nil {
		t.Fatal(err)
	}
	body = bodyOf(b.get("/manage/joiners"))
	link := regexp.MustCompile(`href="(/manage/people/[^"]*/employments/[^"]*\?to=[0-9-]+)"`).FindStringSubmatch(body)
	if strings.Contains(body, "Nils Pool") || !strings.Contains(body, "Access ended by Contoso") || link == nil {
		t.Fatalf("%s", body)
	}
	if form := bodyOf(b.get(html.UnescapeString(link[1]))); !strings.Contains(form, `value="`+link[1][len(link[1])-10:]+`"`) {
		t.Errorf("the last day is not proposed: %s", form)
	}
}

// TestKeptOnPage: the page of a person says who keeps them, and what the directory keeps is
// not typed in until they are detached.
func TestKeptOnPage(t *testing.T) {
	w := newWorld(t, nil)
	ids := w.acme.provisioned(w)
	b := w.at(w.acme, "ana")
	page, edit := ids.Replace("/manage/people/{joiner}"), ids.Replace("/manage/people/{joiner}/edit")
	if body := bodyOf(b.get(page)); !strings.Contains(body, "come from Contoso") {
		t.Errorf("%s", body)
	}
	if body := bodyOf(b.get(edit)); strings.Count(body, "readonly") != 4 {
		t.Errorf("%s", body)
	}
	change := []string{"given", "Niels", "family", "Pool", "email", "nils@" + w.acme.host, "location", "utrecht", "active", "yes"}
	if got := b.fill(edit, change...); got.Code != http.StatusConflict {
		t.Errorf("by hand: %d", got.Code)
	}
	if got := b.post(page+"/directory", "keep", "hand"); got.Code != http.StatusSeeOther {
		t.Errorf("detach: %d", got.Code)
	}
	if got := b.fill(edit, change...); got.Code != http.StatusSeeOther {
		t.Errorf("detached: %d %s", got.Code, bodyOf(got))
	}
	if body := bodyOf(b.get(page)); !strings.Contains(body, "Niels Pool") || !strings.Contains(body, "Only the access still follows Contoso") {
		t.Errorf("%s", body)
	}
}
