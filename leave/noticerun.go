// SPDX-License-Identifier: Apache-2.0

package leave

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/id"
	"verlof/internal/order"
	"verlof/people"
)

// KindNotice is the outbox row of a notice; the payload is an Event with the notice
// in place of the request. The row's key is NoticeKey and the notice's id.
const (
	KindNotice = "leave.notice"
	NoticeKey  = KindNotice + ":"
)

// noticeMonths is how far ahead a run looks for leave that ends.
const noticeMonths = 18

// errNoNotice is the same for a notice that is not there and for one that is
// somebody else's.
var errNoNotice = errs.New(errs.NotFound, "")

// Ending is a day on which leave of a type ends for some people.
type Ending struct {
	Type    Type
	Ends    calendar.Date
	By      calendar.Date // the last day on which telling is in time; zero: nobody needs to be told
	Due     int           // letters to be sent
	Sent    int           // that were sent, of what is still so
	Reached int           // of those, which reached the person, by mail or by being read
	Read    int           // of those, which were read
}

// Run is who has what to lose of a type on a day, and who was told.
type Run struct {
	Ending
	Letters []Letter // by name
}

// Letter is what one person is told, or was told.
type Letter struct {
	Person people.Person
	Loss
	Notice Notice // the last one; zero: none yet
	Due    bool   // not told yet, or of another amount
}

// Served is a notice with what a page says of it.
type Served struct {
	Notice Notice
	Person people.Person
	Type   Type
	By     people.Person
	Left   exact.Rat // of Notice.Amount, what would still be lost
}

// Endings returns the days of the coming months on which leave ends for somebody,
// the soonest first. Those who see reports may ask.
func (s *Service) Endings(ctx context.Context, by people.ID) ([]Ending, error) {
	var out []Ending
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		runs, err := c.runs("", 0)
		for _, r := range runs {
			out = append(out, r.Ending)
		}
		return err
	})
	return out, err
}

// Run returns the letters on leave of a type that ends on a day. Those who see
// reports may ask; it reports NotFound for a type that has no balance.
func (s *Service) Run(ctx context.Context, by people.ID, typ string, ends calendar.Date) (Run, error) {
	out := Run{}
	err := s.view(ctx, by, func(c *scene) error {
		if err := c.viewer.Need(people.SeeReports); err != nil {
			return err
		}
		t, ok := c.book.Type(typ)
		if !ok || !t.Entitled || ends.IsZero() {
			return errNoNotice
		}
		out.Ending = Ending{Type: t, Ends: ends}
		runs, err := c.runs(typ, ends)
		if len(runs) > 0 {
			out = *runs[0]
		}
		return err
	})
	return out, err
}

// runs gathers the letters of everybody who works here, of one type and day or of
// all, and of notices that were sent.
func (c *scene) runs(typ string, ends calendar.Date) ([]*Run, error) {
	g := gathering{scene: c, only: typ, ends: ends, runs: map[string]*Run{}}
	everybody, err := c.allFacts(calendar.Last, func(*people.Record) bool { return true })
	if err != nil {
		return nil, err
	}
	for _, f := range everybody {
		g.add(f)
	}
	out := make([]*Run, 0, len(g.runs))
	for _, r := range g.runs {
		r.count()
		out = append(out, r)
	}
	order.By(out, func(a, b *Run) int {
		return cmp.Or(cmp.Compare(a.Ends, b.Ends), cmp.Compare(a.Type.Order, b.Type.Order), cmp.Compare(a.Type.ID, b.Type.ID))
	})
	return out, nil
}

// gathering collects runs, person by person.
type gathering struct {
	scene *scene
	only  string        // type; empty: all
	ends  calendar.Date // zero: all
	runs  map[string]*Run
}

// add adds the letters of a person: those that were sent, and what there is to tell
// of whoever works here.
func (g *gathering) add(f *Facts) {
	here := f.Person.Active && f.EmployedOn(f.Today)
	for _, t := range g.scene.book.Types {
		if !t.Entitled || g.only != "" && t.ID != g.only {
			continue
		}
		var losses []Loss
		if here {
			losses = g.scene.book.Losses(f, t, f.Today, f.Today.AddMonths(noticeMonths))
		}
		for _, x := range losses {
			g.file(t, letterOf(f, t, x))
		}
		for _, n := range f.Notices { // of what was taken since, or is over
			is := func(x Loss) bool { return x.Ends == n.Ends }
			if n.Type == t.ID && !slices.ContainsFunc(losses, is) {
				losses = append(losses, Loss{Ends: n.Ends, Rest: n.Rest})
				l := letterOf(f, t, losses[len(losses)-1])
				l.Due = false
				g.file(t, l)
			}
		}
	}
}

// file puts a letter with those of its type and day.
func (g *gathering) file(t Type, l Letter) {
	if !g.ends.IsZero() && g.ends != l.Ends {
		return
	}
	key := t.ID + " " + l.Ends.String()
	if g.runs[key] == nil {
		g.runs[key] = &Run{Ending: Ending{Type: t, Ends: l.Ends}}
	}
	g.runs[key].Letters = append(g.runs[key].Letters, l)
}

// letterOf returns what a person is to be told of a loss.
func letterOf(f *Facts, t Type, x Loss) Letter {
	l := Letter{Person: f.Person, Loss: x, Due: true}
	for _, n := range f.Notices {
		if n.Type == t.ID && n.Ends == x.Ends && n.Proof.At >= l.Notice.Proof.At {
			l.Notice = n
		}
	}
	if l.Notice.ID != "" {
		l.Due = !l.Notice.Amount.Equal(x.Amount) || l.Notice.Rest != x.Rest || l.Notice.Proof.GaveUp > 0 && l.Notice.Proof.Read == 0
	}
	return l
}

// count sums the letters up and orders them by name.
func (r *Run) count() {
	order.By(r.Letters, func(a, b Letter) int { return cmp.Compare(a.Person.SortName(), b.Person.SortName()) })
	for _, l := range r.Letters {
		if by := l.By(); !by.IsZero() && (r.By.IsZero() || by < r.By) {
			r.By = by
		}
		if l.Due {
			r.Due++
			continue
		}
		r.Sent++
		if !l.Notice.Sent.IsZero() {
			r.Reached++
		}
		if !l.Notice.Read.IsZero() {
			r.Read++
		}
	}
}

// SendNotices tells those of some people who have something to lose of a type on a
// day and were not told yet, or of another amount, and returns how many it told.
// Doing it again tells nobody twice. Those who keep years may; it reports Invalid
// where nobody is chosen, and for a day that lies further ahead than MaxAhead.
func (s *Service) SendNotices(ctx context.Context, by people.ID, typ string, ends calendar.Date, whom []people.ID) (int, error) {
	told := 0
	err := s.update(ctx, by, func(c *scene) error {
		told = 0
		if err := c.viewer.Need(people.KeepYears); err != nil {
			return err
		}
		t, ok := c.book.Type(typ)
		switch {
		case !ok || !t.Entitled || ends < c.today:
			return errNoNotice
		case len(whom) == 0:
			return errs.New(errs.Invalid, "leave.error.none_chosen").At("person")
		}
		if err := c.within(ends, "ends"); err != nil {
			return err
		}
		whom := slices.Clone(whom)
		slices.Sort(whom) // everybody locks in one order
		for _, p := range slices.Compact(whom) {
			done, err := c.tell(p, t, ends)
			if err != nil {
				return err
			}
			if done {
				told++
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("send notices: %w", err)
	}
	return told, nil
}

// tell writes a notice to one person, if there is something to tell.
func (c *scene) tell(p people.ID, t Type, ends calendar.Date) (bool, error) {
	if err := c.mayKnow(p); err != nil {
		return false, err
	}
	if err := c.LockPerson(p); err != nil {
		return false, err
	}
	f, err := c.facts(p)
	if err != nil || !f.EmployedOn(f.Today) {
		return false, err
	}
	losses := c.book.Losses(f, t, f.Today, ends.AddDays(1))
	i := slices.IndexFunc(losses, func(x Loss) bool { return x.Ends == ends })
	if i < 0 {
		return false, nil
	}
	l := letterOf(f, t, losses[i])
	if !l.Due {
		return false, nil
	}
	n := Notice{ID: id.New(c.s.Now()), Person: p, Type: t.ID, Ends: ends, Amount: l.Amount, Rest: l.Rest,
		Proof: Proof{By: c.viewer.ID, At: c.s.at()}}
	if err := c.InsertNotice(n); err != nil {
		return false, err
	}
	if f.Person.Email == "" {
		return true, nil // it waits until they sign in
	}
	return true, put(c.Tx, KindNotice, NoticeKey+n.ID, Event{Request: n.ID, Person: p})
}

// MailEnded keeps as proof what became of the mail of an outbox row, if it is that of a notice: it left, or it was given up. To
// somebody who has no address any more none left: such a notice waits until they sign in.
func MailEnded(tx Tx, kind, key string, left bool, at int64) error {
	if kind != KindNotice {
		return nil
	}
	n, err := tx.Notice(strings.TrimPrefix(key, NoticeKey))
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !left {
		return tx.MarkGivenUp(n.ID, at)
	}
	p, err := tx.Person(n.Person)
	if err != nil || p.Email == "" {
		return err
	}
	return tx.MarkDelivered(n.ID, at)
}

// ReadNotice returns a notice and, where the person whom it is for opens it, notes that
// they have read it. Those who see reports may look at it too; it reports NotFound to
// everybody else.
func (s *Service) ReadNotice(ctx context.Context, by people.ID, notice string) (Served, error) {
	var out Served
	look := func(c *scene) (err error) {
		out, err = c.served(notice)
		return err
	}
	if err := s.view(ctx, by, look); err != nil {
		return out, err
	}
	if out.Person.ID != by || out.Notice.Proof.Read > 0 {
		return out, nil
	}
	err := s.update(ctx, by, func(c *scene) error {
		if err := c.MarkRead(notice, s.at()); err != nil {
			return err
		}
		return look(c)
	})
	if err != nil {
		return out, fmt.Errorf("read notice %s: %w", notice, err)
	}
	return out, nil
}

// served reads a notice that the viewer may see.
func (c *scene) served(notice string) (Served, error) {
	n, err := c.Notice(notice)
	if errs.Is(err, errs.NotFound) || err == nil && n.Person != c.viewer.ID && !c.viewer.Has(people.SeeReports) {
		return Served{}, errNoNotice
	}
	if err != nil {
		return Served{}, err
	}
	n.FillDays(c.org)
	out := Served{Notice: n, Person: c.org.Person(n.Person), By: c.org.Person(n.Proof.By)}
	out.Type, _ = c.book.Type(n.Type)
	f, err := c.facts(n.Person)
	if err != nil || n.Ends < f.Today {
		return out, err
	}
	for _, x := range c.book.Losses(f, out.Type, f.Today, n.Ends.AddDays(1)) {
		if x.Ends == n.Ends {
			out.Left = x.Amount
		}
	}
	return out, nil
}

// Soon is leave of a person that ends in the coming months, and the letter about
// it, if there was one.
type Soon struct {
	Type Type
	Letter
}

// EndingSoon returns what a person will lose in the coming months unless it is
// taken, the soonest first. It reports NotFound for a person whose leave by may
// not know.
func (s *Service) EndingSoon(ctx context.Context, by, person people.ID, until calendar.Date) ([]Soon, error) {
	var out []Soon
	err := s.view(ctx, by, func(c *scene) error {
		f, err := c.knownFacts(person)
		if err != nil {
			return err
		}
		for _, t := range c.book.Types {
			if !t.Entitled {
				continue
			}
			for _, x := range c.book.Losses(f, t, f.Today, until) {
				out = append(out, Soon{Type: t, Letter: letterOf(f, t, x)})
			}
		}
		order.By(out, func(a, b Soon) int { return cmp.Compare(a.Ends, b.Ends) })
		return nil
	})
	return out, err
}
