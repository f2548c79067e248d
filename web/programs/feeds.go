// SPDX-License-Identifier: Apache-2.0

package programs

import (
	"cmp"
	"net/http"
	"strings"

	"verlof/errs"
	"verlof/identity/access"
	"verlof/leave"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// feedsPage is where somebody keeps the calendar feeds that their apps fetch.
type feedsPage struct {
	Frame   template.Page
	Form    *page.Form
	Address string // of a feed that was just made; else empty
	Allowed bool
	Lines   []feedLine
	What    []template.Option
}

// ownLeave stands on the form for no team: a browser sends no choice that is empty.
const ownLeave = "own"

// feedLine is one feed.
type feedLine struct{ ID, Name, Made, Used string }

// showFeeds handles GET /account/feeds.
func showFeeds(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return renderFeeds(w, r, t, page.BlankForm(r, "team", cmp.Or(r.URL.Query().Get("team"), ownLeave), "holidays", "yes"), "")
}

// makeFeed handles POST /account/feeds. The answer shows the address, this once.
func makeFeed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return issueFeed(w, r, t, func(f *page.Form) (secret string, err error) {
		wish := access.FeedWish{Team: f.Text("team"), Holidays: f.Has("holidays", "yes")}
		if wish.Team == ownLeave {
			wish.Team = ""
		}
		_, secret, err = t.Programs.MakeFeed(r.Context(), page.VisitOf(r).Person, wish)
		return secret, err
	})
}

// replaceFeed handles POST /account/feeds/{id}/replace. The answer shows the new address, this once.
func replaceFeed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	return issueFeed(w, r, t, func(*page.Form) (secret string, err error) {
		_, secret, err = t.Programs.ReplaceFeed(r.Context(), page.VisitOf(r).Person, r.PathValue("id"))
		return secret, err
	})
}

// issueFeed shows the page with a secret that was just made. Who gets one has shown lately who they are.
func issueFeed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, issue func(*page.Form) (string, error)) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := t.Identity.NeedProof(r.Context(), page.VisitOf(r).Proof); err != nil {
		return err
	}
	secret := ""
	_, err = f.Attempt(func() (err error) {
		secret, err = issue(f)
		return err
	})
	if err != nil {
		return err
	}
	return renderFeeds(w, r, t, f, secret)
}

// revokeFeed handles POST /account/feeds/{id}/revoke.
func revokeFeed(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	me := page.VisitOf(r).Person
	if err := t.Programs.RevokeFeed(r.Context(), me, me, r.PathValue("id")); err != nil {
		return err
	}
	return page.Done(w, r, page.FeedsPath, "feed-revoked")
}

func renderFeeds(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form, secret string) error {
	v, ctx := page.VisitOf(r), r.Context()
	teams, err := t.People.Teams(ctx, v.Person)
	if err != nil {
		return err
	}
	list, err := t.Programs.Feeds(ctx, v.Person)
	if err != nil {
		return err
	}
	p := feedsPage{Frame: page.Frame(w, r, v.Lang.T("web.feeds.title")), Form: f, What: feedChoices(v, teams)}
	p.Frame.Path = page.FeedsPath
	if p.Allowed, err = t.Programs.MayHaveFeeds(ctx, v.Person); err != nil && !errs.Is(err, errs.Unauthenticated) {
		return err
	}
	if secret != "" {
		p.Address = t.Site + "/feeds/" + secret + "/calendar.ics"
	}
	for _, x := range list {
		p.Lines = append(p.Lines, feedLineOf(v, x, teams))
	}
	return page.Render(w, r, f.Status(), feedsView(p))
}

// feedChoices are what can be in a feed of the visitor's.
func feedChoices(v *page.Visit, teams []people.Team) []template.Option {
	options := []template.Option{{Value: ownLeave, Text: v.Lang.T("web.feeds.own")}}
	for _, t := range teams {
		options = append(options, template.Option{Value: t.ID, Text: v.Lang.T("web.feeds.team", "name", t.Name)})
	}
	return options
}

func feedLineOf(v *page.Visit, f access.Feed, teams []people.Team) feedLine {
	return feedLine{ID: f.ID, Name: view.FeedName(v.Lang, f.FeedWish, teams), Used: view.FeedUse(v, &f),
		Made: v.Lang.T("web.feeds.since", "time", v.Lang.DateTime(f.Created.UnixMicro(), v.Zone))}
}

// webcal is the address as calendar apps of a phone or computer open it.
func (p *feedsPage) webcal() string {
	_, rest, _ := strings.Cut(p.Address, "://")
	return "webcal://" + rest
}

// reach says which days are in a feed.
func (p *feedsPage) reach() string {
	return p.Frame.L.T("web.feeds.reach", "back", leave.FeedYearsBack, "ahead", leave.FeedYearsAhead)
}
