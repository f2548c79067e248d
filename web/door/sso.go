// SPDX-License-Identifier: Apache-2.0

package door

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"verlof/errs"
	"verlof/identity"
	"verlof/identity/sso"
	"verlof/internal/httperr"
	"verlof/internal/lang"
	"verlof/internal/saml"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// askLife is how long a browser holds what binds a provider's answer to it.
const askLife = 10 * time.Minute

// askProvider handles GET /sso/{id}: off to a provider of the customer's own. With "again"
// somebody who is signed in proves there once more who they are; with "anew" whoever signs in does.
func askProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, q := page.VisitOf(r), r.URL.Query()
	want := sso.Start{Provider: r.PathValue("id"), Purpose: sso.SignIn, Next: page.LocalPath(q.Get("next")), Hint: hint(q.Get("email"))}
	if q.Has("from") && t.Identity.Flow(r) != "" {
		// It was asked just now, and answered as if it had not been: it will go on doing so.
		return refuse(w, r, refusedPage{Provider: want.Provider, Next: want.Next}, errs.New(errs.Unauthenticated, "sso.error.answer"))
	}
	switch {
	case v.SignedIn() && q.Has("again"):
		want.Purpose, want.Person, want.Hint = sso.Again, v.Person, v.Viewer.Email
	case q.Has("anew"):
		want.Purpose = sso.Anew
	}
	return ask(w, r, t, want)
}

// tryProvider handles GET /manage/sso/{id}/try: off to a provider, to see what it says.
func tryProvider(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return ask(w, r, t, sso.Start{Provider: r.PathValue("id"), Purpose: sso.Try, Person: page.VisitOf(r).Person})
}

func ask(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, want sso.Start) error {
	b, err := t.SSO.Begin(r.Context(), want)
	if err != nil {
		return refuse(w, r, refusedPage{Provider: want.Provider, Next: want.Next, Trial: want.Purpose == sso.Try}, err)
	}
	t.Identity.KeepFlow(w, b.Token, askLife)
	return page.SeeOther(w, r, b.URL)
}

// hint returns a mail address that may be handed to a provider.
func hint(email string) string {
	if len(email) > 254 || !strings.Contains(email, "@") {
		return ""
	}
	return email
}

// returned handles GET /sso/{id}/return: a provider's answer, with the browser.
func returned(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	q, v := r.URL.Query(), page.VisitOf(r)
	token := t.Identity.Flow(r)
	t.Identity.KeepFlow(w, "", -time.Second)
	out, err := t.SSO.Finish(r.Context(), sso.Answer{Provider: r.PathValue("id"), State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"),
		Failure: q.Get("error"), Token: token, Person: v.Person, Visitor: page.Visitor(r, t)})
	if err != nil {
		p := refusedPage{Provider: r.PathValue("id"), Next: page.LocalPath(out.Next), Trial: out.Tried}
		if out.Tried {
			p.explain(v.Lang, err)
		}
		return refuse(w, r, p, err)
	}
	if out.Trial != nil {
		p := trialPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.sso.trial"), page.ProvidersPath), Trial: out.Trial, All: v.Viewer.IsAdministrator()}
		w.Header().Set("Cache-Control", "no-store")
		return page.Render(w, r, http.StatusOK, trialView(p))
	}
	return goOn(w, r, t, out.Entry, page.LocalPath(out.Next))
}

// posted handles POST /sso/{id}/return: a provider's answer in a form of its own page, which
// comes without our cookies. What is in it is judged and kept, and the browser goes on to
// where answers of all providers come to: there it shows whether it is the one that asked.
func posted(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	path, state := "/sso/"+url.PathEscape(r.PathValue("id")), ""
	if err := r.ParseForm(); err == nil {
		state = r.PostForm.Get("RelayState")
		wish, err := t.SSO.Judge(r.Context(), sso.Brought{Provider: r.PathValue("id"), State: state, Form: r.PostForm.Get("SAMLResponse")})
		if err != nil {
			return err
		}
		if wish {
			return page.SeeOther(w, r, page.WithQuery(path, "from", "provider", "next", page.LocalPath(state)))
		}
	}
	if len(state) > maxState {
		state = ""
	}
	return page.SeeOther(w, r, page.WithQuery(path+"/return", "state", state))
}

// maxState is more than a state of ours is long.
const maxState = 100

// showMetadata handles GET /sso/{id}/metadata: what a provider of SAML is to know of us.
func showMetadata(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	text, err := t.SSO.Metadata(r.Context(), r.PathValue("id"))
	if errs.Is(err, errs.NotFound) {
		http.NotFound(w, r)
		return nil
	}
	if err != nil {
		return err
	}
	if r.URL.Query().Has("download") {
		w.Header().Set("Content-Disposition", `attachment; filename="verlof-saml-metadata.xml"`)
	}
	page.Send(w, r, http.StatusOK, "application/samlmetadata+xml; charset=utf-8", text)
	return nil
}

// endedThere handles POST /sso/{id}/logout: a provider says which sessions have ended there
// (OpenID Connect Back-Channel Logout 1.0, section 2.8).
func endedThere(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	w.Header().Set("Cache-Control", "no-store")
	err := r.ParseForm()
	if err != nil {
		err = errs.New(errs.Invalid, "").Because(err)
	} else {
		err = t.SSO.Ended(r.Context(), r.PathValue("id"), r.PostForm.Get("logout_token"))
	}
	if kind := errs.As(err); err == nil || kind.Kind == errs.Internal {
		return err // 200 with nothing to say
	}
	v := page.VisitOf(r)
	v.Log.LogAttrs(r.Context(), slog.LevelInfo, "a sign-out that a provider told of was not taken", slog.String("number", v.Number), slog.String("cause", err.Error()))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write([]byte(`{"error":"invalid_request"}`)) // the reader has gone: nothing to tell
	return nil
}

// goOn leads somebody who has proved something to where they wanted to go, or to what is
// left to prove.
func goOn(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, e identity.Entry, next string) error {
	t.Identity.Keep(w, e)
	if e.Session.Stage != identity.SignedIn {
		next = page.WaitingPath(e.Session.Stage) + "?next=" + url.QueryEscape(next)
	}
	return page.SeeOther(w, r, next)
}

// refusedPage says why a provider did not open the door.
type refusedPage struct {
	Frame    template.Page
	Form     *page.Form
	Provider string
	Next     string
	Trial    bool // nobody wanted to sign in

	Advice string // where to look, for who tried the provider out; empty: nothing is known
	Detail string // what is wrong, as a machine says it
}

// explain says what is wrong with an answer to somebody who may mend it.
func (p *refusedPage) explain(l *lang.Locale, err error) {
	if f := (*saml.Fault)(nil); errors.As(err, &f) {
		p.Advice, p.Detail = l.T("admin.sso.fault."+f.Code), f.Detail
	} else if cause := errs.As(err).Err; cause != nil {
		p.Detail = cause.Error()
	}
}

// refuse shows why somebody is not let in. What is our own fault, or was never there, is
// for others to tell.
func refuse(w http.ResponseWriter, r *http.Request, p refusedPage, err error) error {
	kind := errs.As(err).Kind
	switch kind {
	case errs.Unauthenticated, errs.Forbidden, errs.Unavailable, errs.Conflict:
	default:
		return err
	}
	v := page.VisitOf(r)
	v.Log.LogAttrs(r.Context(), slog.LevelInfo, "a provider did not open the door", slog.String("number", v.Number), slog.String("cause", err.Error()))
	p.Form = page.BlankForm(r)
	p.Form.Note(httperr.Status(kind), page.Sentence(v.Lang, err, v.Number))
	p.Frame = page.Frame(w, r, v.Lang.T("sso.refused"))
	p.Frame.Path = "/sign-in?next=" + url.QueryEscape(p.Next)
	return page.Render(w, r, p.Form.Status(), refusedView(p))
}

// trialPage is what a provider says of somebody, and what would follow.
type trialPage struct {
	Frame template.Page
	Trial *sso.Trial
	All   bool
}

// crumbs lead back to the provider.
func (p *trialPage) crumbs() []template.Link {
	l := p.Frame.L
	through := []template.Link{{Text: l.T("admin.sso"), Href: page.ProvidersPath},
		{Text: p.Trial.Provider.Name, Href: page.ProvidersPath + "/" + p.Trial.Provider.ID}}
	if p.All {
		return page.ManageCrumbs(l, through...)
	}
	return through
}

// facts are what a sign-in would do.
func (p *trialPage) facts() []template.Fact {
	l, t := p.Frame.L, p.Trial
	who := t.Person.Name()
	switch {
	case t.Refusal != nil:
		who = l.T("admin.sso.trial.nobody")
	case t.Person.ID == "":
		who = l.T("admin.sso.trial.added", "name", who)
	case !t.Linked:
		who = l.T("admin.sso.trial.by_email", "name", who)
	}
	second := l.T("admin.sso.trial.policy")
	if t.Both {
		second = l.T("admin.sso.trial.both")
	}
	facts := []template.Fact{{Name: l.T("admin.sso.trial.who"), Text: who}, {Name: l.T("admin.sso.trial.subject"), Text: p.subject()}, {Name: l.T("admin.sso.trial.second"), Text: second}}
	if t.Provider.Groups != "" {
		facts = append(facts, template.Fact{Name: l.T("admin.sso.trial.groups"), Text: p.groups()},
			template.Fact{Name: l.T("admin.sso.trial.gives"), Text: p.gives()})
	}
	return facts
}

// subject is by what somebody is known, and a warning where that may become somebody else's.
func (p *trialPage) subject() string {
	if p.Trial.Provider.Kind == sso.SAML && strings.Contains(p.Trial.Subject, "@") {
		return p.Frame.L.T("admin.sso.trial.subject.address", "name", p.Trial.Subject)
	}
	return p.Trial.Subject
}

func (p *trialPage) groups() string {
	switch {
	case p.Trial.Unknown:
		return p.Frame.L.T("admin.sso.trial.many")
	case len(p.Trial.Groups) == 0:
		return p.Frame.L.T("admin.sso.trial.none")
	}
	return strings.Join(p.Trial.Groups, ", ")
}

// gives are the roles and teams that follow from the groups.
func (p *trialPage) gives() string {
	var all []string
	for _, role := range p.Trial.Roles.Names() {
		all = append(all, p.Frame.L.T("admin.role."+role))
	}
	for _, team := range p.Trial.Teams {
		all = append(all, team.Name)
	}
	if len(all) == 0 {
		return p.Frame.L.T("admin.sso.trial.nothing")
	}
	return strings.Join(all, ", ")
}
