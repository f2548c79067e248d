// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"net/http"

	"verlof/errs"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// comparedPage says what is otherwise now than in a past state.
type comparedPage struct {
	Frame   template.Page
	Path    string
	State   string
	Chosen  string // id of the only person that is shown; empty: everybody
	Choice  []template.Option
	Persons []comparedPerson
	Sums    []template.Fact
}

// comparedPerson is one person of whom something is otherwise.
type comparedPerson struct {
	Name, Path string
	Badges     []view.Badge
	Note       string // the last change of who they are or how they work
	Balances   []comparedBalance
	Lines      []comparedLine
}

// comparedBalance is what is left of a type by what was known then, and now.
type comparedBalance struct {
	Type            leave.Type
	Then, Now, More string
}

// comparedLine is a request or a line by hand that is not as it was.
type comparedLine struct {
	Type      leave.Type
	What      string
	Then, Now string
	Last      string // who changed it last, and when
	Back      string // where it is had back; empty: not this way
	Link      string
}

// showCompared handles GET /manage/pasts/{id}.
func showCompared(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v := page.VisitOf(r)
	d, err := t.Compare(r.Context(), v.Person, r.PathValue("id"), "")
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	c := comparison{v, org, page.PastsPath + "/" + r.PathValue("id"), &d}
	p := comparedPage{Path: c.path, State: v.Lang.DateTime(d.State.UnixMicro(), v.Zone), Chosen: f.Text("person"),
		Choice: []template.Option{{Text: v.Lang.T("admin.compare.everybody")}}, Sums: c.sums()}
	for i := range d.Persons {
		x := &d.Persons[i]
		p.Choice = append(p.Choice, template.Option{Value: string(x.Person.ID), Text: x.Person.Name()})
		if p.Chosen == "" || p.Chosen == string(x.Person.ID) {
			p.Persons = append(p.Persons, c.person(x))
		}
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.compare.title", "at", p.State), page.PastsPath)
	return page.Render(w, r, f.Status(), comparedView(p))
}

// comparison is a difference on its way to a page.
type comparison struct {
	v    *page.Visit
	org  *people.Organisation
	path string
	d    *tenant.Difference
}

// sums say of how many things something is otherwise.
func (c *comparison) sums() []template.Fact {
	l := c.v.Lang
	var work, requests, lines, balances int
	for i := range c.d.Persons {
		x := &c.d.Persons[i]
		work, requests, lines, balances = work+len(x.Jobs)+len(x.Terms), requests+len(x.Requests), lines+len(x.Lines), balances+len(x.Balances)
	}
	count := func(n int) string { return l.T("admin.compare.count", "count", n) }
	return []template.Fact{{Name: l.T("admin.people"), Text: count(len(c.d.Persons))}, {Name: l.T("admin.compare.jobs"), Text: count(work)},
		{Name: l.T("admin.compare.asked"), Text: count(requests)}, {Name: l.T("admin.compare.lines"), Text: count(lines)}, {Name: l.T("admin.compare.balances"), Text: count(balances)}}
}

func (c *comparison) person(x *tenant.PersonDifference) comparedPerson {
	l := c.v.Lang
	p := comparedPerson{Name: x.Person.Name(), Path: page.PersonPath(x.Person.ID)}
	badge := func(on bool, tone template.Tone, key string) {
		if on {
			p.Badges = append(p.Badges, view.Badge{Tone: tone, Text: l.T("admin.compare." + key)})
		}
	}
	badge(x.Came, template.Good, "came")
	badge(x.Gone, template.Bad, "gone")
	badge(x.Changed, template.Warn, "changed")
	badge(x.Work(), template.Warn, "work")
	if x.Gone {
		p.Path = ""
	}
	if x.Changed {
		p.Note = c.last(x.Last)
	}
	for _, b := range x.Balances {
		p.Balances = append(p.Balances, comparedBalance{b.Type, explain.Plain(l, b.Then, b.Type.Unit), explain.Plain(l, b.Now, b.Type.Unit),
			explain.Signed(l, b.Now.Sub(b.Then), b.Type.Unit)})
	}
	for i := range x.Jobs {
		p.Lines = append(p.Lines, c.job(&x.Jobs[i]))
	}
	for i := range x.Terms {
		p.Lines = append(p.Lines, c.term(&x.Terms[i]))
	}
	for i := range x.Requests {
		p.Lines = append(p.Lines, c.request(&x.Requests[i]))
	}
	for i := range x.Lines {
		p.Lines = append(p.Lines, c.line(&x.Lines[i]))
	}
	return p
}

// job leads to the form of an employment, filled in as it was: what having it back does to
// leave is shown there before it is done. One that came is taken away there.
func (c *comparison) job(x *tenant.JobDifference) comparedLine {
	l, at := c.v.Lang, page.PersonPath(x.Of().Person)+"/employments/"
	text := func(e *people.Employment) string {
		switch {
		case e == nil:
			return l.T("admin.compare.absent")
		case e.To.IsZero():
			return l.T("admin.compare.from", "date", e.From)
		}
		return l.Range(e.From, e.To)
	}
	out := comparedLine{What: l.T("admin.compare.job"), Then: text(x.Then), Now: text(x.Now), Last: c.last(x.Last), Back: at + workAgain(x.Then != nil, x.Now != nil, x.Of().ID)}
	if e := x.Then; e != nil {
		last := ""
		if !e.To.IsZero() {
			last = e.To.String()
		}
		out.Back = page.WithQuery(out.Back, "from", e.From.String(), "to", last, "then", c.state(), "back", c.path)
	}
	return out
}

// term does for a contract line what job does for an employment.
func (c *comparison) term(x *tenant.TermDifference) comparedLine {
	l, at := c.v.Lang, page.PersonPath(x.Of().Person)+"/contracts/"
	text := func(t *people.Contract) string {
		if t == nil {
			return l.T("admin.compare.absent")
		}
		text := l.T("admin.compare.from", "date", t.From) + ", " + view.WeekOf(l, c.org.Patterns[t.Pattern])
		if len(c.org.Locations) > 1 {
			text += ", " + c.org.Locations[t.Location].Name
		}
		return text
	}
	out := comparedLine{What: l.T("admin.compare.term"), Then: text(x.Then), Now: text(x.Now), Last: c.last(x.Last), Back: at + workAgain(x.Then != nil, x.Now != nil, x.Of().ID)}
	if t := x.Then; t != nil {
		out.Back = page.WithQuery(out.Back, "from", t.From.String(), "pattern", t.Pattern, "package", t.Package, "location", t.Location, "then", c.state(), "back", c.path)
	}
	return out
}

// workAgain is the page on which a part of somebody's work is again as it was.
func workAgain(was, is bool, id string) string {
	if was && !is {
		return "new"
	}
	return id
}

func (c *comparison) state() string { return c.v.Lang.DateTime(c.d.State.UnixMicro(), c.v.Zone) }

func (c *comparison) request(x *tenant.RequestDifference) comparedLine {
	l, r := c.v.Lang, x.Of()
	state := func(r *leave.Request) string {
		if r == nil {
			return l.T("admin.compare.absent")
		}
		return l.T("ui.status." + string(r.State))
	}
	out := comparedLine{Type: c.d.Types[r.Type], What: view.SpanText(l, r.Span), Then: state(x.Then), Now: state(x.Now)}
	if x.Now != nil {
		out.Link = "/requests/" + r.ID
		out.Last = c.last(x.Last)
	}
	if x.Then != nil && x.Now != nil && x.Then.Span != x.Now.Span {
		out.Then += ", " + view.SpanText(l, x.Then.Span)
	}
	if x.Again {
		out.Now += ", " + l.T("admin.compare.again")
	}
	if x.Backable() {
		out.Back = page.WithQuery(c.path+"/back", "kind", tenant.BackRequest, "thing", r.ID, "person", string(r.Person))
	}
	return out
}

func (c *comparison) line(x *tenant.LineDifference) comparedLine {
	l, a := c.v.Lang, x.Of()
	typ := c.d.Types[a.Type]
	amount := func(a *leave.Adjustment) string {
		if a == nil {
			return l.T("admin.compare.absent")
		}
		return explain.Signed(l, a.Amount, typ.Unit)
	}
	out := comparedLine{Type: typ, What: l.T("admin.compare.by_hand", "date", a.Date, "reason", a.Reason), Then: amount(x.Then), Now: amount(x.Now)}
	if x.Now != nil {
		out.Last = l.T("admin.compare.last", "by", c.name(x.Now.By), "at", l.DateTime(x.Now.At, c.v.Zone))
	}
	if x.Undone {
		out.Now += ", " + l.T("byhand.undone")
	}
	if x.Backable() {
		out.Back = page.WithQuery(c.path+"/back", "kind", tenant.BackLine, "thing", a.ID, "person", string(a.Person))
	}
	return out
}

// last says who changed something last, and when, where that is known still.
func (c *comparison) last(e *tenant.Happened) string {
	if e == nil {
		return ""
	}
	return c.v.Lang.T("admin.compare.last", "by", c.name(e.By), "at", c.v.Lang.DateTime(e.At.UnixMicro(), c.v.Zone))
}

func (c *comparison) name(id people.ID) string {
	if name := c.org.Person(id).Name(); name != "" {
		return name
	}
	return c.v.Lang.T("admin.compare.nobody")
}

// backPage asks why a single thing is to be again as it was.
type backPage struct {
	Frame             template.Page
	Form              *page.Form
	Path, State       string
	Line              comparedLine
	Name, Kind, Thing string
}

// showBack handles GET /manage/pasts/{id}/back.
func showBack(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderBack(w, r, t, f)
}

func renderBack(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, path := page.VisitOf(r), page.PastsPath+"/"+r.PathValue("id")
	d, err := t.Compare(r.Context(), v.Person, r.PathValue("id"), people.ID(f.Text("person")))
	if err != nil {
		return err
	}
	org, err := t.People.Organisation(r.Context())
	if err != nil {
		return err
	}
	c := comparison{v, org, path, &d}
	p := backPage{Form: f, Path: path, State: v.Lang.DateTime(d.State.UnixMicro(), v.Zone), Kind: f.Text("kind"), Thing: f.Text("thing")}
	if !c.find(&p) {
		return errs.New(errs.NotFound, "")
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.back.title"), page.PastsPath)
	return page.Render(w, r, f.Status(), backView(p))
}

// find puts on the page what is to be had back. It reports false where nothing is.
func (c *comparison) find(p *backPage) bool {
	for i := range c.d.Persons {
		x := &c.d.Persons[i]
		for j := range x.Requests {
			if q := &x.Requests[j]; p.Kind == tenant.BackRequest && q.Of().ID == p.Thing {
				p.Line, p.Name = c.request(q), x.Person.Name()
				return true
			}
		}
		for j := range x.Lines {
			if a := &x.Lines[j]; p.Kind == tenant.BackLine && a.Of().ID == p.Thing {
				p.Line, p.Name = c.line(a), x.Person.Name()
				return true
			}
		}
	}
	return false
}

// takeBack handles POST /manage/pasts/{id}/back.
func takeBack(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	done, err := f.Attempt(func() error {
		return t.TakeBack(r.Context(), page.VisitOf(r).Person, r.PathValue("id"), tenant.Back{Kind: f.Text("kind"), Thing: f.Text("thing"), Reason: f.Text("reason")})
	})
	switch {
	case err != nil:
		return err
	case done:
		return page.Done(w, r, page.WithQuery(page.PastsPath+"/"+r.PathValue("id"), "person", f.Text("person")), "back-as-it-was")
	}
	return renderBack(w, r, t, f)
}

// facts say what is had back.
func (p *backPage) facts(l *lang.Locale) []template.Fact {
	return []template.Fact{{Name: l.T("web.col.person"), Text: p.Name}, {Name: l.T("web.col.type"), Text: p.Line.Type.Name}, {Name: l.T("admin.compare.what"), Text: p.Line.What},
		{Name: l.T("admin.compare.then"), Text: p.Line.Then}, {Name: l.T("admin.compare.now"), Text: p.Line.Now}}
}
