// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
)

// act is what somebody does on a day, and what comes of it.
type act func(*world, people.ID, *args) (string, error)

// acts are what can be done.
var acts = map[string]act{
	"asks":     (*world).actAsks,
	"approves": decides((*leave.Service).Approve),
	"refuses":  decides((*leave.Service).Refuse),
	"cancels":  decides((*leave.Service).Cancel),
	"withdraws": decides(func(s *leave.Service, ctx context.Context, by people.ID, id, _ string) error {
		return s.Withdraw(ctx, by, id)
	}),
	"agrees":   answers(true),
	"declines": answers(false),
	"changes":  (*world).actChanges,
	"names":    (*world).actNames,
	"books":    (*world).actBooks,
	"undoes":   (*world).actUndoes,
}

// on DATE NAME ACT: what somebody does that day, and what comes of it.
func (w *world) askOn(a *args) (string, error) {
	d, err := a.date()
	if err != nil {
		return "", err
	}
	if err := w.comeTo(d); err != nil {
		return "", err
	}
	by, err := w.person(a)
	if err != nil {
		return "", err
	}
	word, err := a.next("what is done, such as asks")
	if err != nil {
		return "", err
	}
	do, ok := acts[word]
	if !ok {
		return "", wrong(word, "is nothing that can be done on a day; %s",
			meant(word, slices.Sorted(maps.Keys(acts)), "expected: "+strings.Join(slices.Sorted(maps.Keys(acts)), ", ")))
	}
	return do(w, by.Person.ID, a)
}

// request NAME DAY on DATE: how far the leave of somebody that begins on a day has come.
func (w *world) askRequest(a *args) (string, error) {
	r, err := w.request(a)
	if err != nil {
		return "", err
	}
	if err := a.need("on"); err != nil {
		return "", err
	}
	d, err := a.date()
	if err != nil {
		return "", err
	}
	if err := w.comeTo(d); err != nil {
		return "", err
	}
	return w.outcome(r.ID, nil, a)
}

// comeTo has it become noon of a day. What a clock decides was decided by then.
func (w *world) comeTo(d calendar.Date) error {
	noon := noonOf(d)
	if !w.now.Before(noon.Add(12 * time.Hour)) {
		return wrong(d.String(), "lies before the day of a line above")
	}
	w.now = w.now.Add(time.Second) // one thing after the other
	if w.now.Before(noon) {
		w.now = noon
	}
	return w.service.SettleAll(context.Background())
}

// noonOf returns the middle of a day.
func noonOf(d calendar.Date) time.Time {
	year, month, day := d.Civil()
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

// request takes NAME DAY, the first day of leave of which the last that counts is meant, or
// else the last.
func (w *world) request(a *args) (leave.Request, error) {
	f, err := w.person(a)
	if err != nil {
		return leave.Request{}, err
	}
	d, err := a.date()
	if err != nil {
		return leave.Request{}, err
	}
	var found leave.Request
	for _, r := range f.Requests {
		if r.From == d && (r.State.Counts() || !found.State.Counts()) {
			found = r
		}
	}
	if found.ID == "" {
		return found, wrong(d.String(), "no leave of %s begins on that day", f.Person.GivenName)
	}
	return found, nil
}

// said returns what a person would read.
func said(e *errs.Error) string {
	return english().T(e.Sentence(), explain.Values(english(), e.Args)...)
}

// refusal returns the answer to what is not to be done: first, and why. Other errors stay.
func (w *world) refusal(first string, err error) (string, error) {
	var known *errs.Error
	if !errors.As(err, &known) || known.Public == "" {
		return "", err
	}
	w.why = append(w.why, said(known))
	var cause *errs.Error
	if known.Err != nil && errors.As(known.Err, &cause) && cause.Public != "" {
		known = cause
		w.why = append(w.why, said(known))
	}
	key := strings.TrimPrefix(strings.TrimPrefix(known.Public, "leave.error."), "people.error.")
	return row(first, strings.ReplaceAll(key, "_", " ")), nil
}

// outcome says how a request stands after something was done, or that it was not done.
func (w *world) outcome(id string, err error, a *args) (string, error) {
	if err != nil {
		return w.refusal("not done", err)
	}
	r, err := memory{w: w}.Request(id)
	if err != nil {
		return "", err
	}
	t, _ := w.book.Type(r.Type)
	cols := []string{string(r.State), explain.Plain(english(), leave.Total(r.Costs(), t.Unit), t.Unit)}
	asked, err := w.service.Asked(context.Background(), id)
	if err != nil {
		return "", err
	}
	switch s := r.Substitute(); {
	case len(asked) > 0:
		cols = append(cols, "waits for "+join(asked))
	case r.State == leave.Pending && s.Answer == leave.Declined:
		cols = append(cols, "waits for another substitute: "+string(s.Person)+" declined")
	case r.State == leave.Pending && s.Person != "":
		cols = append(cols, "waits for substitute "+string(s.Person))
	case r.State == leave.Approved && r.DecidedBy == "" && r.AskedBy != "":
		cols = append(cols, "by the clock")
	}
	w.why = append(w.why, w.record(id)...)
	return row(cols...), a.done()
}

// record tells what was decided on a request, by whom and for whom.
func (w *world) record(id string) []string {
	var out []string
	for _, d := range w.customer.decisions {
		if d.Request != id {
			continue
		}
		said := map[bool]string{true: "approved", false: "refused"}[d.Approved]
		text := fmt.Sprintf("step %d: %s by %s", d.Step+1, said, d.By)
		switch {
		case d.As == leave.ByClock:
			text = fmt.Sprintf("step %d: %s, since nobody answered in time", d.Step+1, said)
		case d.For != "":
			text += ", who stands in for " + string(d.For)
		case d.As == leave.AsNext:
			text += ", of the next step, since this one took too long"
		case d.As == leave.AsAdministrator:
			text += ", as administrator"
		}
		out = append(out, text)
	}
	return out
}

func join(ids []people.ID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, ", ")
}

// asks [for NAME] [TYPE] SPAN [PARTS] [with NAME]
func (w *world) actAsks(by people.ID, a *args) (string, error) {
	whose := string(by)
	if a.take("for") {
		f, err := w.person(a)
		if err != nil {
			return "", err
		}
		whose = string(f.Person.ID)
	}
	t, err := w.typ(a)
	if err != nil {
		return "", err
	}
	s, err := a.span()
	if err != nil {
		return "", err
	}
	ask := leave.Ask{Person: people.ID(whose), Type: t.ID, Span: s}
	if a.take("with") {
		f, err := w.person(a)
		if err != nil {
			return "", err
		}
		ask.Substitute = f.Person.ID
	}
	return w.submit(by, ask, a)
}

// changes DAY to SPAN [PARTS]: asks that other days take the place of approved leave, or of a
// request that waits.
func (w *world) actChanges(by people.ID, a *args) (string, error) {
	a.words = append([]string{string(by)}, a.words...)
	r, err := w.request(a)
	if err != nil {
		return "", err
	}
	if err := a.need("to"); err != nil {
		return "", err
	}
	s, err := a.span()
	if err != nil {
		return "", err
	}
	ask := leave.Ask{Person: r.Person, Type: r.Type, Span: s, Replaces: r.ID, Substitute: r.Covered()}
	if r.State == leave.Pending {
		ask.Replaces, ask.Revises = "", r.ID
	}
	return w.submit(by, ask, a)
}

// submit asks for leave, and tells of the limits that it goes beyond and may.
func (w *world) submit(by people.ID, ask leave.Ask, a *args) (string, error) {
	ctx := context.Background()
	p, err := w.service.Preview(ctx, by, ask)
	if err != nil {
		return w.refusal("refused", err)
	}
	r, err := w.service.Submit(ctx, by, ask)
	if err != nil {
		return w.refusal("refused", err)
	}
	got, err := w.outcome(r.ID, nil, a)
	for _, b := range p.Warned {
		got = row(got, "beyond: "+b.Limit.Name)
	}
	return got, err
}

// decides returns the act NAME DAY ["REASON"] on somebody's leave. Without a name it is one's
// own.
func decides(do func(*leave.Service, context.Context, people.ID, string, string) error) act {
	return func(w *world, by people.ID, a *args) (string, error) {
		if len(a.words) > 0 && isDigit(a.words[0]) {
			a.words = append([]string{string(by)}, a.words...)
		}
		r, err := w.request(a)
		if err != nil {
			return "", err
		}
		return w.outcome(r.ID, do(w.service, context.Background(), by, r.ID, a.rest()), a)
	}
}

// answers returns the act NAME DAY ["REASON"] of the substitute.
func answers(agree bool) act {
	return decides(func(s *leave.Service, ctx context.Context, by people.ID, id, note string) error {
		return s.AnswerSubstitute(ctx, by, id, agree, note)
	})
}

// names NAME for DAY: another substitute for one's own leave.
func (w *world) actNames(by people.ID, a *args) (string, error) {
	f, err := w.person(a)
	if err != nil {
		return "", err
	}
	if err := a.need("for"); err != nil {
		return "", err
	}
	a.words = append([]string{string(by)}, a.words...)
	r, err := w.request(a)
	if err != nil {
		return "", err
	}
	return w.outcome(r.ID, w.service.NameSubstitute(context.Background(), by, r.ID, f.Person.ID), a)
}

// books [TYPE] SPAN [PARTS] for everybody | team NAME | NAMES: for all of them or for none, and
// for whom not.
func (w *world) actBooks(by people.ID, a *args) (string, error) {
	t, err := w.typ(a)
	if err != nil {
		return "", err
	}
	s, err := a.span()
	if err != nil {
		return "", err
	}
	ask := leave.CollectiveAsk{Type: t.ID, Span: s, Reason: "for many at once"}
	if ask.Choice, err = w.choice(a); err != nil {
		return "", err
	}
	ctx := context.Background()
	p, err := w.service.PreviewCollective(ctx, by, ask)
	if err != nil {
		return w.refusal("not done", err)
	}
	var cols []string
	for _, r := range p.Rows {
		col := string(r.Person.ID) + " " + explain.Plain(english(), r.Cost, t.Unit)
		if r.Problem != nil {
			said, err := w.refusal(string(r.Person.ID), r.Problem)
			if err != nil {
				return "", err
			}
			col = strings.ReplaceAll(said, "  ", ": ")
		}
		cols = append(cols, col)
	}
	if p.Bookable < len(p.Rows) {
		return row(append([]string{"not done"}, cols...)...), nil
	}
	if _, err := w.service.BookCollective(ctx, by, ask); err != nil {
		return w.refusal("not done", err)
	}
	return row(append([]string{"booked"}, cols...)...), nil
}

// choice takes for everybody, for team NAME, or for NAMES.
func (w *world) choice(a *args) (c leave.Choice, err error) {
	if err := a.need("for"); err != nil {
		return c, err
	}
	switch {
	case a.take("everybody"):
		c.Everybody = true
	case a.take("team"):
		t, err := w.team(a)
		if err != nil {
			return c, err
		}
		c.Teams = []string{t.ID}
	default:
		c.People, err = w.people(a)
		return c, err
	}
	return c, a.done()
}

// undoes DAY: takes back the leave for many that begins on a day.
func (w *world) actUndoes(by people.ID, a *args) (string, error) {
	d, err := a.date()
	if err != nil {
		return "", err
	}
	all := w.customer.together
	i := slices.IndexFunc(all, func(c leave.Collective) bool { return c.From == d && !c.Undone() })
	if i < 0 {
		i = slices.IndexFunc(all, func(c leave.Collective) bool { return c.From == d })
	}
	if i < 0 {
		return "", wrong(d.String(), "no leave was booked for many that begins on that day")
	}
	if err := w.service.UndoCollective(context.Background(), by, all[i].ID, ""); err != nil {
		return w.refusal("not done", err)
	}
	return "undone", a.done()
}
