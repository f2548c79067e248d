// SPDX-License-Identifier: Apache-2.0

package work

import (
	"net/http"
	"time"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
)

// noticesPage lists the days on which leave ends for somebody.
type noticesPage struct {
	Frame       template.Page
	Soon, Later []endingLine // what is to be told now, and what is told or over
}

// endingLine is one day on which leave of a type ends.
type endingLine struct {
	leave.Ending
	Day, By string
	Href    string
	Late    bool // the last day to tell is over
}

// showNotices handles GET /manage/notices.
func showNotices(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	endings, err := t.Leave.Endings(ctx, v.Person)
	if err != nil {
		return err
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	p := noticesPage{Frame: page.ManageFrame(w, r, v.Lang.T("admin.notices"), "/manage")}
	for _, e := range endings {
		line := endingLineOf(v.Lang, e, today)
		if e.Ends >= today && e.Due > 0 {
			p.Soon = append(p.Soon, line)
		} else {
			p.Later = append(p.Later, line)
		}
	}
	return page.Render(w, r, http.StatusOK, noticesView(p))
}

func endingLineOf(l *lang.Locale, e leave.Ending, today calendar.Date) endingLine {
	line := endingLine{Ending: e, Day: l.Date(e.Ends), Href: runPath(e), Late: !e.By.IsZero() && e.By < today}
	if !e.By.IsZero() {
		line.By = l.Date(e.By)
	}
	return line
}

func runPath(e leave.Ending) string { return "/manage/notices/" + e.Type.ID + "/" + e.Ends.String() }

// runPage is the letters on leave that ends on one day.
type runPage struct {
	Frame template.Page
	Form  *page.Form
	endingLine
	Over    bool // the day is over: there is nothing to send
	Letters []letterLine
}

// letterLine is one person of a run.
type letterLine struct {
	Person people.Person
	Amount string
	Due    bool
	Tone   template.Tone
	Status string
	Then   string // what happened when
	Text   letterText
	Href   string // of the letter that was sent
}

// letterText is what a notice says, in the language of its reader.
type letterText struct {
	Lang       string
	Paragraphs []string
}

// showRun handles GET /manage/notices/{type}/{ends}.
func showRun(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderRun(w, r, t, f)
}

func renderRun(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, f *page.Form) error {
	v, ctx := page.VisitOf(r), r.Context()
	run, today, err := runOf(r, t)
	if err != nil {
		return err
	}
	p := runPage{Form: f, endingLine: endingLineOf(v.Lang, run.Ending, today), Over: run.Ends < today}
	set, err := t.People.Settings(ctx)
	if err != nil {
		return err
	}
	for _, x := range run.Letters {
		line := letterLineOf(v.Lang, run.Type, x, v.Zone)
		line.Text = textOf(lang.For(x.Person.Language, set.Language), run.Type, x.Loss)
		p.Letters = append(p.Letters, line)
	}
	p.Frame = page.ManageFrame(w, r, v.Lang.T("admin.notices.run", "type", run.Type.Name, "date", run.Ends), "/manage")
	return page.Render(w, r, f.Status(), runView(p))
}

// runOf reads the run that an address names, and today's date.
func runOf(r *http.Request, t *tenant.Tenant) (leave.Run, calendar.Date, error) {
	v, ctx := page.VisitOf(r), r.Context()
	ends, err := calendar.Parse(r.PathValue("ends"))
	if err != nil {
		return leave.Run{}, 0, page.ErrNothing
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return leave.Run{}, 0, err
	}
	run, err := t.Leave.Run(ctx, v.Person, r.PathValue("type"), ends)
	return run, today, err
}

// letterLineOf says where the letter to a person stands.
func letterLineOf(l *lang.Locale, t leave.Type, x leave.Letter, zone *time.Location) letterLine {
	line := letterLine{Person: x.Person, Due: x.Due, Amount: explain.Plain(l, x.Amount, t.Unit)}
	n := x.Notice
	line.Tone, line.Status = noticeState(l, n, x.Person.Email != "")
	if n.ID == "" {
		return line
	}
	line.Href = "/notices/" + n.ID
	switch p := n.Proof; {
	case x.Due && p.GaveUp == 0:
		line.Tone, line.Status = template.Warn, l.T("notice.state.changed")
		line.Then = l.T("notice.then.told", "amount", explain.Plain(l, n.Amount, t.Unit), "time", l.DateTime(p.At, zone))
	case p.Read > 0:
		line.Then = l.DateTime(p.Read, zone)
	case p.Delivered > 0:
		line.Then = l.DateTime(p.Delivered, zone)
	default:
		line.Then = l.DateTime(p.At, zone)
	}
	return line
}

// noticeState says what became of a notice, to somebody who can get mail or not.
func noticeState(l *lang.Locale, n leave.Notice, mailed bool) (template.Tone, string) {
	switch p := n.Proof; {
	case n.ID == "":
		return template.Warn, l.T("notice.state.none")
	case p.Read > 0:
		return template.Good, l.T("notice.state.read")
	case p.GaveUp > 0:
		return template.Bad, l.T("notice.state.gave_up")
	case p.Delivered > 0:
		return template.Good, l.T("notice.state.delivered")
	case !mailed:
		return template.Warn, l.T("notice.state.here")
	}
	return template.Info, l.T("notice.state.sent")
}

// textOf writes a notice: what there is, until when, what becomes of it.
func textOf(l *lang.Locale, t leave.Type, x leave.Loss) letterText {
	rest := string(x.Rest)
	if x.Rest == leave.Lapses {
		rest = "lapses"
	}
	return letterText{Lang: l.Tag(), Paragraphs: []string{
		l.T("notice.left", "amount", explain.Plain(l, x.Amount, t.Unit), "type", t.Name, "date", x.Ends),
		l.T("notice.rest."+rest, "date", x.Ends),
		l.T("notice.take"),
	}}
}

// sendRun handles POST /manage/notices/{type}/{ends}.
func sendRun(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	ends, err := calendar.Parse(r.PathValue("ends"))
	if err != nil {
		return page.ErrNothing
	}
	var whom []people.ID
	for _, id := range f.Values["person"] {
		whom = append(whom, people.ID(id))
	}
	finished, err := f.Attempt(func() error {
		_, err := t.Leave.SendNotices(r.Context(), page.VisitOf(r).Person, r.PathValue("type"), ends, whom)
		return err
	})
	switch {
	case err != nil:
		return err
	case finished:
		return page.Done(w, r, r.URL.Path, "notices-sent")
	}
	return renderRun(w, r, t, f)
}

// exportRun handles GET /manage/notices/{type}/{ends}/proof: who was told of what,
// and when it reached them, as a file. Instants are UTC.
func exportRun(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v := page.VisitOf(r)
	run, _, err := runOf(r, t)
	if err != nil {
		return err
	}
	l := v.Lang
	head := []string{l.T("web.col.person"), l.T("admin.field.number"), l.T("web.col.type"), l.T("notice.col.ends"), l.T("notice.col.amount"),
		l.T("notice.col.told"), l.T("notice.col.sent"), l.T("notice.col.delivered"), l.T("notice.col.gave_up"), l.T("notice.col.read")}
	return page.SendTable(w, r, "notices-"+run.Ends.String()+".csv", func(yield func([]string) bool) {
		if !yield(head) {
			return
		}
		for _, x := range run.Letters {
			p, told := x.Notice.Proof, ""
			if x.Notice.ID != "" {
				told = explain.Plain(l, x.Notice.Amount, run.Type.Unit)
			}
			if !yield([]string{x.Person.Name(), x.Person.Number, run.Type.Name, run.Ends.String(), explain.Plain(l, x.Amount, run.Type.Unit),
				told, instant(p.At), instant(p.Delivered), instant(p.GaveUp), instant(p.Read)}) {
				return
			}
		}
	})
}

// instant writes an instant as files keep it; empty for none.
func instant(us int64) string {
	if us == 0 {
		return ""
	}
	return time.UnixMicro(us).UTC().Format(time.RFC3339)
}

// noticePage is one notice, as its person reads it.
type noticePage struct {
	Frame  template.Page
	Own    bool
	Served leave.Served
	Text   letterText
	Left   string // of it, what would still be lost
	Tone   template.Tone
	Status string
	Sent   string
	From   string
}

// showNotice handles GET /notices/{id}.
func showNotice(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	s, err := t.Leave.ReadNotice(ctx, v.Person, r.PathValue("id"))
	if err != nil {
		return err
	}
	n := s.Notice
	p := noticePage{Own: s.Person.ID == v.Person, Served: s, From: s.By.Name(), Sent: v.Lang.DateTime(n.Proof.At, v.Zone)}
	p.Text = textOf(v.Lang, s.Type, leave.Loss{Ends: n.Ends, Amount: n.Amount, Rest: n.Rest})
	p.Tone, p.Status = noticeState(v.Lang, n, s.Person.Email != "")
	p.Left = explain.Plain(v.Lang, s.Left, s.Type.Unit)
	p.Frame = page.Frame(w, r, v.Lang.T("notice.title", "date", n.Ends))
	p.Frame.Path = "/balance"
	return page.Render(w, r, http.StatusOK, noticeView(p))
}
