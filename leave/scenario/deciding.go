// SPDX-License-Identifier: Apache-2.0

package scenario

import (
	"fmt"
	"slices"
	"strings"

	"verlof/errs"
	"verlof/leave"
	"verlof/people"
)

// team NAME: LEADERS leads NAMES
func (w *world) sayTeam(a *args) error {
	name, err := a.next("the name of a team")
	if err != nil {
		return err
	}
	t := people.Team{ID: strings.TrimSuffix(name, ":"), Name: strings.TrimSuffix(name, ":")}
	lead := slices.Index(a.words, "leads")
	if lead < 0 {
		return fmt.Errorf("%q is missing: who leads whom", "leads")
	}
	led := &args{words: a.words[lead+1:]}
	if t.Managers, err = w.people(&args{words: a.words[:lead]}); err != nil {
		return err
	}
	if t.Members, err = w.people(led); err != nil {
		return err
	}
	if err := w.replaced("team", t.ID); err != nil {
		return err
	}
	c := &w.customer
	c.teams = slices.DeleteFunc(slices.Clone(c.teams), func(o people.Team) bool { return o.ID == t.ID })
	c.teams = append(c.teams, t)
	return nil
}

// people takes the names of persons, commas between them, to the end.
func (w *world) people(a *args) ([]people.ID, error) {
	var out []people.ID
	for {
		id, more, err := w.listed(a)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
		if !more {
			return out, a.done()
		}
	}
}

// listed takes the name of a person in a list; more says that a comma follows.
func (w *world) listed(a *args) (id people.ID, more bool, err error) {
	if len(a.words) > 0 {
		a.words = slices.Clone(a.words)
		a.words[0], more = strings.CutSuffix(a.words[0], ",")
	}
	f, err := w.person(a)
	if err != nil {
		return "", false, err
	}
	return f.Person.ID, more, nil
}

// administrator NAME
func (w *world) sayAdministrator(a *args) error {
	f, err := w.person(a)
	if err != nil {
		return err
	}
	f.Person.Roles |= people.Administrator
	return a.done()
}

// approval [TYPE] [over N days] [of NAME] [in team NAME]: STEP {, then STEP}
func (w *world) sayApproval(a *args) error {
	head, steps, found := strings.Cut(a.rest(), ":")
	if !found {
		return fmt.Errorf("a colon is missing, and after it who decides")
	}
	rule := leave.ApprovalRule{Name: head}
	if err := w.approvalFor(&args{words: strings.Fields(head)}, &rule); err != nil {
		return err
	}
	for step := range strings.SplitSeq(steps, ",") {
		s, err := w.step(&args{words: strings.Fields(step)})
		if err != nil {
			return err
		}
		rule.Steps = append(rule.Steps, s)
	}
	if err := rule.Check(func(id people.ID) bool { return w.persons[string(id)] != nil }); err != nil {
		if len(errs.All(err)) == 1 && errs.As(err).Public == "leave.error.not_listed" {
			return wrong(strings.TrimSpace(steps), "are more steps than a rule may have")
		}
		return impossible("approval", err)
	}
	if err := w.replaced("approval", strings.TrimSpace(head)); err != nil {
		return err
	}
	w.next++
	rule.ID = fmt.Sprintf("%04d", w.next)
	c := &w.customer
	c.approval = slices.DeleteFunc(slices.Clone(c.approval), func(o leave.ApprovalRule) bool { return o.Name == rule.Name })
	c.approval = append(c.approval, rule)
	return nil
}

// approvalFor reads whose leave a rule of approval is about, and which.
func (w *world) approvalFor(a *args, rule *leave.ApprovalRule) error {
	if len(a.words) > 0 && !slices.Contains([]string{"over", "of", "in"}, a.words[0]) {
		t, err := w.typ(a)
		if err != nil {
			return err
		}
		rule.Types = []string{t.ID}
	}
	if a.take("over") {
		n, err := a.whole()
		if err != nil {
			return err
		}
		if err := a.need("days"); err != nil {
			return err
		}
		rule.Over = n
	}
	if a.take("of") {
		f, err := w.person(a)
		if err != nil {
			return err
		}
		rule.Person = f.Person.ID
	}
	if err := w.inTeam(a, &rule.Team); err != nil {
		return err
	}
	return a.done()
}

// inTeam takes "in team NAME" where it stands.
func (w *world) inTeam(a *args, team *string) error {
	if !a.take("in") {
		return nil
	}
	if err := a.need("team"); err != nil {
		return err
	}
	t, err := w.team(a)
	*team = t.ID
	return err
}

// team takes the name of a team that is known already.
func (w *world) team(a *args) (people.Team, error) {
	name, err := a.next("the name of a team")
	if err != nil {
		return people.Team{}, err
	}
	i := slices.IndexFunc(w.customer.teams, func(t people.Team) bool { return t.ID == name })
	if i < 0 {
		return people.Team{}, wrong(name, "no team of that name; a line %q comes first", "team "+name+": NAME leads NAMES")
	}
	return w.customer.teams[i], nil
}

// deciders are the words for those who decide; whatever else stands there is a name.
var deciders = []struct {
	words string
	who   leave.Who
}{
	{"every manager", leave.AllManagers},
	{"manager above", leave.Above},
	{"manager", leave.AnyManager},
	{"administrator", leave.Administrators},
}

// step reads [then] WHO [within N days].
func (w *world) step(a *args) (leave.Step, error) {
	a.take("then")
	s := leave.Step{Who: leave.Named}
	for _, d := range deciders {
		if words := strings.Fields(d.words); len(a.words) >= len(words) && slices.Equal(a.words[:len(words)], words) {
			s.Who, a.words = d.who, a.words[len(words):]
			break
		}
	}
	if s.Who == leave.Named {
		if len(a.words) > 0 && w.persons[a.words[0]] == nil {
			known := []string{"manager", "every", "administrator"}
			return s, wrong(a.words[0], "nobody of that name, and no word for who decides; %s", meant(a.words[0], append(known, w.names()...),
				"those who decide are manager, every manager, manager above, administrator, or somebody of a line \"person\""))
		}
		f, err := w.person(a)
		if err != nil {
			return s, err
		}
		s.Person = f.Person.ID
	}
	if a.take("within") {
		n, err := a.whole()
		if err != nil {
			return s, err
		}
		s.Within = n
		if err := a.need("days"); err != nil {
			return s, err
		}
	}
	return s, a.done()
}

// limit no leave SPAN, limit at most N [%] away, limit at least N [%] there; then
// [in team NAME] [from DATE] [until DATE] [warns]
func (w *world) sayLimit(a *args) (err error) {
	w.next++
	l := leave.Limit{ID: fmt.Sprintf("%04d", w.next), Name: strings.TrimSuffix(strings.Join(a.words, " "), " warns")}
	if a.take("no") {
		err = blocked(a, &l)
	} else {
		err = staffing(a, &l)
	}
	if err != nil {
		return err
	}
	if err := w.inTeam(a, &l.Team); err != nil {
		return err
	}
	if a.take("from") {
		if l.From, err = a.date(); err != nil {
			return err
		}
	}
	if a.take("until") {
		if l.To, err = a.date(); err != nil {
			return err
		}
	}
	l.Warn = a.take("warns")
	if err := l.Check(); err != nil {
		return impossible(l.Name, err)
	}
	w.customer.limits = append(slices.Clip(w.customer.limits), l)
	return a.done()
}

// blocked reads leave SPAN.
func blocked(a *args, l *leave.Limit) error {
	if err := a.need("leave"); err != nil {
		return err
	}
	s, err := a.span()
	l.Kind, l.From, l.To = leave.Blocked, s.From, s.To
	return err
}

// staffing reads at most N [%] away, or at least N [%] there.
func staffing(a *args, l *leave.Limit) (err error) {
	if err := a.need("at"); err != nil {
		return err
	}
	end := "away"
	l.Kind = leave.MostAway
	if !a.take("most") {
		if err := a.need("least"); err != nil {
			return err
		}
		l.Kind, end = leave.LeastIn, "there"
	}
	percent := false
	if len(a.words) > 0 { // 50% as well as 50 %
		a.words = slices.Clone(a.words)
		a.words[0], percent = strings.CutSuffix(a.words[0], "%")
	}
	if l.Number, err = a.whole(); err != nil {
		return err
	}
	l.Percent = a.take("%") || percent
	return a.need(end)
}

// stand-in NAME for NAME from DATE [until DATE]
func (w *world) sayStandIn(a *args) error {
	by, err := w.person(a)
	if err != nil {
		return err
	}
	if err := a.need("for"); err != nil {
		return err
	}
	away, err := w.person(a)
	if err != nil {
		return err
	}
	w.next++
	x := leave.StandIn{ID: fmt.Sprintf("%04d", w.next), Person: away.Person.ID, By: by.Person.ID}
	if x.By == x.Person {
		return wrong(string(x.By), "cannot stand in for themselves")
	}
	if x.From, err = a.since(); err != nil {
		return err
	}
	if a.take("until") {
		if x.To, err = a.date(); err != nil {
			return err
		}
		if x.To < x.From {
			return wrong(x.To.String(), "lies before the first day")
		}
	}
	w.customer.standIns = append(slices.Clip(w.customer.standIns), x)
	return a.done()
}
