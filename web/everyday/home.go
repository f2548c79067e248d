// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"context"
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/internal/lang"
	"verlof/internal/order"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// homePage answers what somebody asks first: what do I have left, what is next,
// what waits for me, who is away.
type homePage struct {
	Frame    template.Page
	Name     string
	Today    string
	Balances []balanceCard
	Next     []requestLine
	Waiting  []waitingLine
	Decides  bool
	Away     []awayLine // today
	Week     []dayAway  // the days after today

	TodayISO  string
	SickSince string // since when the visitor is sick; empty: is not
	SickHref  string // of the report

	Changed     string // what changed in settled times, to those who settle; empty: nothing
	ChangedHref string

	New bool // nobody else works here yet, and the visitor may change that
}

// balanceCard is one leave type of one's own at a glance.
type balanceCard struct {
	Type         leave.Type
	Number, Unit string
	Also         string
	Short        bool
	Meter        template.Meter
	Notes        []soonNote // what lapses soon
}

// mostAway is how many of those who are away today the page names; the others stand on
// the page of the day.
const mostAway = 8

// dayAway is who is away on one of the next days and not already today.
type dayAway struct {
	Day   string
	Lines []awayLine
}

// How much of each list fits the page.
const (
	nextShown    = 3
	waitingShown = 3
)

// showHome handles GET /.
func showHome(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	v, ctx := page.VisitOf(r), r.Context()
	if v.Viewer.Bureau != nil {
		return page.SeeOther(w, r, page.GuestHome(v))
	}
	today, err := t.Leave.Today(ctx, v.Person)
	if err != nil {
		return err
	}
	p := homePage{Name: v.Viewer.GivenName, Today: v.Lang.DateLong(today), Decides: v.Decides(), TodayISO: today.String()}
	for _, fill := range []func(context.Context, *page.Visit, *tenant.Tenant, calendar.Date) error{
		p.fillBalances, p.fillNext, p.fillWaiting, p.fillAway, p.fillSick, p.fillSettled, p.fillNew,
	} {
		if err := fill(ctx, v, t, today); err != nil {
			return err
		}
	}
	p.Frame = page.Frame(w, r, v.Lang.T("web.home.title"))
	return page.Render(w, r, http.StatusOK, homeView(p))
}

// fillNew says whether the customer is new.
func (p *homePage) fillNew(ctx context.Context, v *page.Visit, t *tenant.Tenant, _ calendar.Date) error {
	if !v.Viewer.IsAdministrator() {
		return nil
	}
	org, err := t.People.Organisation(ctx)
	if err == nil {
		p.New = len(org.Records) == 1
	}
	return err
}

func (p *homePage) fillBalances(ctx context.Context, v *page.Visit, t *tenant.Tenant, today calendar.Date) error {
	statements, err := t.Leave.Balances(ctx, v.Person, v.Person, today)
	if err != nil {
		return err
	}
	soon, err := soonNotes(ctx, v, t, v.Person, today)
	if err != nil {
		return err
	}
	blocks, err := blockNotes(ctx, v, t, v.Person, today, true)
	for i := range statements {
		c := balanceCardOf(v.Lang, &statements[i])
		c.Notes = append(soon[c.Type.ID], blocks[c.Type.ID]...)
		p.Balances = append(p.Balances, c)
	}
	return err
}

func balanceCardOf(l *lang.Locale, s *leave.Statement) balanceCard {
	c := balanceCard{
		Type: s.Type, Meter: meterOf(l, s), Short: s.Available.Sign() < 0,
		Also: explain.Other(l, s.Available, s.Unit, s.DayLength),
	}
	c.Number, c.Unit = view.NumberAndUnit(l, s.Available, s.Unit)
	return c
}

// fillNext takes the next requests that count, the soonest first.
func (p *homePage) fillNext(ctx context.Context, v *page.Visit, t *tenant.Tenant, today calendar.Date) error {
	all, err := t.Leave.Mine(ctx, v.Person, v.Person)
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	p.Next = nextLines(v.Lang, book, all, today)
	return nil
}

func nextLines(l *lang.Locale, book *leave.Rulebook, all []leave.Request, today calendar.Date) []requestLine {
	ahead := slices.DeleteFunc(slices.Clone(all), func(r leave.Request) bool { return !r.State.Counts() || r.To < today })
	order.By(ahead, func(a, b leave.Request) int { return int(a.From - b.From) })
	var lines []requestLine
	for i := range ahead[:min(len(ahead), nextShown)] {
		t, _ := book.Type(ahead[i].Type)
		lines = append(lines, lineOf(l, t, &ahead[i]))
	}
	return lines
}

func (p *homePage) fillWaiting(ctx context.Context, v *page.Visit, t *tenant.Tenant, _ calendar.Date) error {
	if !p.Decides {
		return nil
	}
	waiting, _, err := t.Leave.Inbox(ctx, v.Person, waitingShown)
	for _, one := range waiting {
		p.Waiting = append(p.Waiting, waitingLineOf(v.Lang, one))
	}
	return err
}

// others says what waits beside the requests that the page names: more of them, and
// what else is decided or answered in the inbox.
func (p *homePage) others() string {
	switch n := p.Frame.Waits - len(p.Waiting); {
	case n <= 0:
		return p.Frame.L.T("web.home.waiting.all")
	case len(p.Waiting) == 0:
		return p.Frame.L.T("web.home.waiting.other", "count", n)
	default:
		return p.Frame.L.T("web.home.waiting.more", "count", n)
	}
}

// fillAway takes who is away today, and who else until the end of the week, or
// of the next one where this one is over.
func (p *homePage) fillAway(ctx context.Context, v *page.Visit, t *tenant.Tenant, today calendar.Date) error {
	end := today.Monday().AddDays(4)
	if today >= end {
		end = end.AddDays(7)
	}
	seen := map[string]bool{}
	for d := today; d <= end; d = d.AddDays(1) {
		absences, err := t.Leave.AwayOn(ctx, v.Person, d)
		if err != nil {
			return err
		}
		p.addAway(v.Lang, d, d == today, absences, seen)
	}
	return nil
}

// fillSick says since when the visitor is sick.
func (p *homePage) fillSick(ctx context.Context, v *page.Visit, t *tenant.Tenant, _ calendar.Date) error {
	d, sick, err := t.Leave.SickSince(ctx, v.Person)
	if sick {
		p.SickSince, p.SickHref = v.Lang.T("web.sick.home.since", "date", d.Report.From), page.AbsencePath(d.Report.ID)
	}
	return err
}

// fillSettled says what changed in times that payroll has settled, to whoever settles them.
func (p *homePage) fillSettled(ctx context.Context, v *page.Visit, t *tenant.Tenant, _ calendar.Date) error {
	if !v.Viewer.Has(people.SettleLeave) {
		return nil
	}
	x, err := t.Leave.Unsettled(ctx, v.Person)
	if x.Changes > 0 {
		p.Changed, p.ChangedHref = v.Lang.T("web.home.settled", "count", x.Changes), page.SettlePath(x.Last, "")
	}
	return err
}

// addAway adds those who are away on d and were not on a day before.
func (p *homePage) addAway(l *lang.Locale, d calendar.Date, today bool, absences []leave.Absence, seen map[string]bool) {
	fresh := slices.DeleteFunc(slices.Clone(absences), func(a leave.Absence) bool {
		key := string(a.Person.ID) + a.From.String()
		was := seen[key]
		seen[key] = true
		return was
	})
	switch {
	case today:
		p.Away = awayLines(l, fresh)
	case len(fresh) > 0:
		p.Week = append(p.Week, dayAway{Day: l.Weekday(d.Weekday()) + ", " + l.DateShort(d), Lines: awayLines(l, fresh)})
	}
}
