// SPDX-License-Identifier: Apache-2.0

package programs

import (
	"net/http"
	"strconv"

	"verlof/identity/access"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// tokensPage is where somebody keeps the access tokens of their scripts.
type tokensPage struct {
	Frame   template.Page
	Form    *page.Form
	Secret  string // of a token that was just made; else empty
	Site    string // address of the API
	Tokens  []tokenLine
	Scopes  []template.Tick
	Periods []template.Option
}

// tokenLine is one token.
type tokenLine struct {
	ID, Name, Opens, Until, Used string
}

// periods are for how many days a token can be made.
var periods = []int{30, 90, 180, 365}

// showTokens handles GET /account/tokens.
func showTokens(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderTokens(w, r, t, page.BlankForm(r, "days", "90"), "")
}

// makeToken handles POST /account/tokens. The answer shows the secret, this once: nothing
// keeps it that could show it after a redirect.
func makeToken(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := t.Identity.NeedProof(r.Context(), v.Proof); err != nil {
		return err
	}
	wish := access.Wish{Name: f.Text("name"), Expires: v.Now().AddDate(0, 0, f.Number("days"))}
	for _, s := range f.Values["scopes"] {
		wish.Scopes = append(wish.Scopes, access.Scope(s))
	}
	secret := ""
	made, err := f.Attempt(func() (err error) {
		_, secret, err = t.Programs.Make(r.Context(), v.Person, wish)
		return err
	})
	if err != nil {
		return err
	}
	if made {
		f = page.BlankForm(r, "days", "90")
	}
	return renderTokens(w, r, t, f, secret)
}

// revokeToken handles POST /account/tokens/{id}/revoke.
func revokeToken(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	if err := t.Programs.Revoke(r.Context(), page.VisitOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, "/account/tokens", "token-revoked")
}

func renderTokens(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, secret string) error {
	v := page.VisitOf(r)
	list, err := t.Programs.Tokens(r.Context(), v.Person)
	if err != nil {
		return err
	}
	p := tokensPage{Frame: page.Frame(w, r, v.Lang.T("web.tokens.title")), Form: f, Secret: secret, Site: "https://" + r.Host + "/api/v1"}
	p.Frame.Path = "/account/tokens"
	if !v.Secure {
		p.Site = "http://" + r.Host + "/api/v1"
	}
	for _, x := range list {
		p.Tokens = append(p.Tokens, tokenLineOf(v, x))
	}
	for _, s := range access.Scopes() {
		p.Scopes = append(p.Scopes, f.Tick("scopes", string(s), v.Lang.T("access.scope."+string(s))))
	}
	for _, n := range periods {
		p.Periods = append(p.Periods, template.Option{Value: strconv.Itoa(n), Text: v.Lang.T("web.tokens.days", "count", n)})
	}
	return page.Render(w, r, f.Status(), tokensView(p))
}

func tokenLineOf(v *page.Visit, x access.Token) tokenLine {
	l := tokenLine{ID: x.ID, Name: x.Name, Until: v.Lang.T("web.tokens.until", "time", v.Lang.DateTime(x.Expires.UnixMicro(), v.Zone)), Used: v.Lang.T("web.tokens.never")}
	for i, s := range x.Scopes {
		if i > 0 {
			l.Opens += ", "
		}
		l.Opens += string(s)
	}
	if !x.Used.IsZero() {
		l.Used = v.Lang.T("web.tokens.used", "time", v.Lang.DateTime(x.Used.UnixMicro(), v.Zone))
	}
	return l
}
