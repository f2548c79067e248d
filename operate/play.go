// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"verlof/calendar"
	"verlof/intake"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
)

// play is a made-up company as of one day, before it is written.
type play struct {
	company
	phrases
	today calendar.Date
	begin calendar.Date // 1 January of last year: the first day with leave
	rng   *rand.Rand
	ids   int

	set      Starter
	abroad   people.Location
	german   leave.Package
	parental leave.Type
	families []leave.Type // that events give
	policies []leave.Policy
	patterns []people.Pattern // the first is full time
	early    people.HolidaySet
	days     []people.OwnDay
	teams    []people.Team

	rules    *leave.Rulebook
	closures []leave.Collective
	acts     []leave.ClosingAct
	settled  []leave.Closing
	how      deciding
	cast     []*resident

	settlements leave.Settlements
	told        []leave.SettledLine
}

// newPlay works out who works where, and since when.
func newPlay(c company, today calendar.Date) (*play, error) {
	p := &play{company: c, phrases: spoken[lang.For(c.language).Tag()], today: today, begin: calendar.On(today.Year()-1, time.January, 1),
		rng: rand.New(rand.NewPCG(c.seed, uint64(today)))}
	cast := c.cast()
	p.ids = len(cast)
	var err error
	if p.set, err = NewStarter(c.language, "NL", "", p.id); err != nil {
		return nil, err
	}
	p.set.Location.Name = p.first
	berlin, german, _, err := minimum("DE-BE")
	if err != nil {
		return nil, err
	}
	p.abroad = people.Location{ID: p.id(), Name: p.second, Region: "DE-BE", TimeZone: berlin.Zone}
	p.offer(german)
	p.work()
	p.family()
	p.ownDays()
	for _, a := range cast {
		p.cast = append(p.cast, p.hire(a))
	}
	p.group()
	return p, nil
}

func (p *play) id() string {
	p.ids++
	return p.company.id(p.ids)
}

// offer sets the packages: 25 days in the Netherlands and more for those who are long
// here or older, of which five go over until July; 30 in Germany, carried to the end of March.
func (p *play) offer(german leave.Policy) {
	p.parental = leave.Type{ID: p.id(), Name: p.phrases.parental, Colour: 10, Unit: leave.Days, Counting: leave.WorkingTime, Order: 5}
	p.german = leave.Package{ID: p.id(), Name: p.phrases.abroad}
	p.set.Types.Holiday.Substitute = leave.MaySubstitute
	dutch := p.set.Policies[0]
	dutch.Terms.Amount, german.Terms.Amount = exact.Int(25), exact.Int(30)
	dutch.Terms.Class, german.Terms.Class = "", "" // more than the statutory leave, in one
	dutch.Terms.Trade = leave.TradeRule{Buy: exact.Int(5)}
	dutch.Terms.Bonuses = []leave.Bonus{{After: 15 * 12, Amount: exact.Int(1), Start: leave.ThatYear}, {Age: 60, Amount: exact.Int(2), Start: leave.ThatYear}}
	dutch.Terms.CarryOver = leave.CarryOver{Max: exact.Int(5), Expires: leave.MonthDay{Month: time.July, Day: 1}}
	p.set.Policies = p.set.Types.policies(p.set.Package, dutch, p.id)
	p.policies = p.set.Types.policies(p.german, german, p.id)
	for _, list := range [][]leave.Policy{p.set.Policies, p.policies} {
		for i := range list {
			list[i].From = p.begin
		}
	}
}

// work sets the working patterns.
func (p *play) work() {
	p.patterns = []people.Pattern{p.set.Pattern}
	for i, text := range patternTexts {
		if i == 4 {
			text = fmt.Sprintf(text, p.begin.Monday())
		}
		p.patterns = append(p.patterns, people.Pattern{ID: p.id(), Name: p.phrases.patterns[i], Pattern: calendar.MustParsePattern(text)})
	}
}

// ownDays adds a holiday set of both places, with the afternoons of 24 and 31
// December; Liberation Day of every year and a bridge day in the Netherlands.
func (p *play) ownDays() {
	p.early = people.HolidaySet{ID: p.id(), Name: p.phrases.early}
	p.set.Location.Sets, p.abroad.Sets = []string{p.early.ID}, []string{p.early.ID}
	for i, name := range []string{p.eve, p.oldYear} {
		p.days = append(p.days, people.OwnDay{Set: p.early.ID, Date: calendar.On(p.begin.Year(), time.December, 24+7*i), Yearly: true,
			Name: name, Off: calendar.AfternoonOff})
	}
	p.days = append(p.days, people.OwnDay{Location: p.set.Location.ID, Date: p.begin, Feast: "liberation-day-nl", Off: calendar.FullDay})
	region, _ := calendar.Region("NL")
	for y := p.begin.Year(); y <= p.today.Year()+1; y++ {
		for _, h := range region.Holidays(y) {
			if h.Key == "ascension-day" {
				p.days = append(p.days, people.OwnDay{Location: p.set.Location.ID, Date: h.Date.AddDays(1), Name: p.bridge, Off: calendar.FullDay})
			}
		}
	}
	for i := range p.days {
		p.days[i].ID = p.id()
	}
}

// hire gives somebody a place, hours and an employment.
func (p *play) hire(a actor) *resident {
	r := &resident{actor: a, spare: map[int]exact.Rat{}}
	pkg := p.set.Package.ID
	r.Location = p.set.Location.ID
	if a.away {
		r.Location, pkg = p.abroad.ID, p.german.ID
	}
	hired := p.begin.AddMonths(-p.rng.IntN(120) - 2)
	left := calendar.Date(0)
	n := a.seat()
	switch {
	case a.place < 2, a.Roles != 0, len(a.Custom) > 0: // has been there for long
	case n%31 == 11: // joined in the course of this year, or is about to
		hired = p.firstOfMonth(3 - p.rng.IntN(9))
	case n%31 == 17: // joined last year
		hired = p.begin.AddMonths(2 + p.rng.IntN(8))
	case n%43 == 21: // has left, or is about to
		left = p.firstOfMonth(2 - p.rng.IntN(6)).AddDays(-1)
	}
	r.Active = left.IsZero() || left >= p.today
	r.employ(p.id(), hired, left)
	r.contract(p.id(), hired, p.pattern(a), pkg)
	if moved := p.firstOfMonth(-8); a.away && n%7 == 3 && hired < moved { // came over from the first office
		c := &r.facts.Contracts[0]
		c.Location, c.Package = p.set.Location.ID, p.set.Package.ID
		r.contract(p.id(), moved, c.Pattern, pkg)
	}
	if n%23 == 9 { // works less since a few months
		r.contract(p.id(), max(p.firstOfMonth(-4), hired.AddDays(1)), p.patterns[1].ID, pkg)
	}
	r.facts.Person = r.Person
	return r
}

// seat is a number that is the same for a person on every day.
func (a *actor) seat() int { return a.squad*13 + a.place*5 + 31 }

// firstOfMonth returns the first day of a month, counted from this one.
func (p *play) firstOfMonth(n int) calendar.Date {
	y, m, _ := p.today.Civil()
	return calendar.On(y, m+time.Month(n), 1)
}

// pattern returns the working pattern of somebody: more than half work full time.
func (p *play) pattern(a actor) string {
	n := a.seat() % 17
	switch {
	case a.squad >= 0 && p.squads[a.squad].name == "Logistics" && a.place%2 == 1:
		return p.patterns[8].ID
	case a.place == 1 && a.squad == 0:
		return p.patterns[2].ID
	case a.place < 2 || n >= 8:
		return p.patterns[0].ID
	}
	return p.patterns[n].ID
}

// group makes the teams: each with its manager, and one of all managers.
func (p *play) group() {
	top := people.Team{ID: p.id(), Name: p.managers, Managers: []people.ID{p.cast[0].ID}, Members: []people.ID{p.cast[0].ID}}
	p.teams = make([]people.Team, len(p.squads))
	for i, q := range p.squads {
		p.teams[i] = people.Team{ID: p.id(), Name: q.name}
	}
	keeper := p.cast[0].ID
	for _, r := range p.cast[1:] {
		t := &p.teams[r.squad]
		t.Members = append(t.Members, r.ID)
		if r.place == 0 {
			t.Managers = append(t.Managers, r.ID)
			top.Members = append(top.Members, r.ID)
		}
		r.boss = t.Managers[0]
		if r.place == 0 {
			r.boss = p.cast[0].ID
		}
		if r.Roles.Has(people.Administrator) {
			keeper = r.ID
		}
	}
	p.cast[0].boss = keeper
	p.teams = append(p.teams, top)
}

// active returns those who may sign in.
func (p *play) active() []people.ID {
	var ids []people.ID
	for _, r := range p.cast {
		if r.Active {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// write writes the company, and then the leave that its rules allow. Where mail
// is true, the managers get mail about what waits for them.
func (p *play) write(tx intake.Tx, mail bool) error {
	if err := p.writePlaces(tx); err != nil {
		return err
	}
	if err := p.writePeople(tx); err != nil {
		return err
	}
	org, err := people.ReadOrganisation(tx)
	if err != nil {
		return err
	}
	if p.rules, err = leave.ReadRulebook(tx, org, p.today); err != nil {
		return err
	}
	p.decide()
	p.live()
	if err := p.writeClosures(tx); err != nil {
		return err
	}
	if err := p.writeLeave(tx, mail); err != nil {
		return err
	}
	if err := p.writeSickness(tx); err != nil {
		return err
	}
	if err := p.writeYearEnd(tx); err != nil {
		return err
	}
	if err := p.writeSettlements(tx); err != nil {
		return err
	}
	if err := p.writeNotices(tx, mail); err != nil {
		return err
	}
	if err := p.writeDigest(tx, mail); err != nil {
		return err
	}
	return p.writeDeciding(tx)
}

func (p *play) writePlaces(tx intake.Tx) error {
	if err := tx.SaveHolidaySet(p.early); err != nil {
		return err
	}
	if err := p.set.Save(tx); err != nil {
		return err
	}
	if err := tx.SaveLocation(p.abroad); err != nil {
		return err
	}
	if err := each(append([]leave.Type{p.parental}, p.families...), tx.SaveType); err != nil {
		return err
	}
	if err := tx.SavePackage(p.german); err != nil {
		return err
	}
	return errors.Join(
		each(p.policies, tx.SavePolicy),
		each(p.patterns, tx.SavePattern),
		each(p.days, tx.SaveOwnDay),
	)
}

func (p *play) writePeople(tx intake.Tx) error {
	var persons []people.Person
	var employments []people.Employment
	var contracts []people.Contract
	for _, r := range p.cast {
		persons = append(persons, r.Person)
		employments = append(employments, r.facts.Employments...)
		contracts = append(contracts, r.facts.Contracts...)
	}
	if err := tx.SavePersons(persons); err != nil {
		return err
	}
	if err := tx.SaveEmployments(employments); err != nil {
		return err
	}
	if err := tx.SaveContracts(contracts); err != nil {
		return err
	}
	if err := each(p.teams, tx.SaveTeam); err != nil {
		return err
	}
	return tx.SaveCustomRole(people.Role{ID: p.ownRole(), Name: "HR " + p.teams[0].Name, Teams: []string{p.teams[0].ID},
		Rights: people.Set(people.AskLeave, people.DecideLeave, people.KeepBalances)})
}

func (p *play) writeLeave(tx intake.Tx, mail bool) error {
	for _, r := range p.cast {
		if err := tx.InsertRequests(append(r.facts.Requests, r.past...)); err != nil {
			return err
		}
		if err := each(r.facts.Adjustments, tx.SaveAdjustment); err != nil {
			return err
		}
		if err := each(r.facts.Claims, tx.SaveClaim); err != nil {
			return err
		}
		for _, q := range r.facts.Requests {
			if !mail || q.State != leave.Pending {
				continue
			}
			if err := enqueue(tx, q); err != nil {
				return err
			}
		}
	}
	return nil
}
