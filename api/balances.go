// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"net/http"
	"slices"

	"verlof/calendar"
	"verlof/identity/access"
	"verlof/internal/exact"
	"verlof/leave"
	"verlof/leave/explain"
)

// Balance is what somebody has of one leave type on a day.
type Balance struct {
	Type      string `json:"type" doc:"Id of the leave type." example:"holiday"`
	At        Date   `json:"at"`
	YearFrom  Date   `json:"year_from" doc:"First day of the leave year."`
	YearTo    Date   `json:"year_to" doc:"Last day of the leave year."`
	Entitled  Amount `json:"entitled" doc:"Granted for the leave year so far, adjustments included."`
	Carried   Amount `json:"carried" doc:"Came over from earlier years; negative: taken in advance."`
	Lost      Amount `json:"lost" doc:"Lapsed or expired in the leave year so far."`
	Paid      Amount `json:"paid" doc:"Paid out or bought back in the leave year so far."`
	Taken     Amount `json:"taken" doc:"Approved, in the leave year until the day."`
	Planned   Amount `json:"planned" doc:"Approved, in the leave year after the day."`
	Pending   Amount `json:"pending" doc:"Asked and not decided, in the leave year."`
	Balance   Amount `json:"balance" doc:"What is left on the day."`
	Available Amount `json:"available" doc:"What can still be asked for on the day, later bookings kept."`
}

// Statement is a balance with every line behind it, and the reasons.
type Statement struct {
	Balance
	Lines []Line `json:"lines" doc:"Until the day, oldest first."`
	Opens []Line `json:"opens,omitempty" doc:"What leave that begins on the day would have due first; available counts it."`
	Ahead []Line `json:"ahead" doc:"What follows, until the last leave that is booked."`
}

// Line is one line of a statement.
type Line struct {
	Date    Date      `json:"date"`
	Until   *Date     `json:"until,omitempty" doc:"Last day of the request in the leave year; of carried leave the last day to take it."`
	Kind    string    `json:"kind" doc:"What it does." example:"grant"`
	Amount  Amount    `json:"amount" doc:"Signed."`
	Balance Amount    `json:"balance" doc:"After the line."`
	Year    int       `json:"year" doc:"The leave year in which the leave originates."`
	Request string    `json:"request,omitempty" doc:"Id of the request."`
	Pending bool      `json:"pending,omitempty" doc:"It waits for a decision, and counts all the same."`
	Formula string    `json:"formula,omitempty" doc:"How the amount came about, before rounding." example:"25 × 3/5 × 6/12"`
	Terms   []Product `json:"terms,omitempty" doc:"The same as data: a sum of products."`
	Reasons []Reason  `json:"reasons" doc:"The steps behind the amount."`
	Draws   []Draw    `json:"draws,omitempty" doc:"Which leave a taking used up."`
}

// Product is one term of a formula: a base times fractions.
type Product struct {
	Base    Exact   `json:"base"`
	Factors []Ratio `json:"factors"`
}

// Ratio is a fraction as it was counted: 6 of 12 months.
type Ratio struct {
	Part Exact `json:"part"`
	Of   Exact `json:"of"`
}

// Reason is one step of an explanation.
type Reason struct {
	Code string `json:"code" doc:"Names the reason for programs." example:"part_time"`
	Text string `json:"text" doc:"In the caller's language." example:"Works 3 of 5 days."`
}

// Draw is what a taking used of one year's leave.
type Draw struct {
	Year    int    `json:"year" doc:"Of origin; 0: an overdraft."`
	Carried bool   `json:"carried"`
	Amount  Amount `json:"amount"`
}

func (c *call) balance(s *leave.Statement) Balance {
	in := func(v exact.Rat) Amount { return amount(c.lang, v, s.Unit) }
	return Balance{Type: s.Type.ID, At: dated(s.At), YearFrom: dated(s.Year.From), YearTo: dated(s.Year.To), Entitled: in(s.Entitled), Carried: in(s.Carried),
		Lost: in(s.Lost), Paid: in(s.Paid), Taken: in(s.Taken), Planned: in(s.Planned), Pending: in(s.Pending), Balance: in(s.Balance), Available: in(s.Available)}
}

func (c *call) line(l leave.Line, u leave.Unit) Line {
	out := Line{Date: dated(l.Date), Until: maybeDated(l.Until), Kind: string(l.Kind), Amount: amount(c.lang, l.Amount, u), Balance: amount(c.lang, l.Balance, u),
		Year: l.Year, Request: l.Request, Pending: l.Pending, Formula: explain.Formula(c.lang, l.Formula, u), Reasons: []Reason{}}
	for i, text := range explain.Reasons(c.lang, l.Why) {
		out.Reasons = append(out.Reasons, Reason{l.Why[i].Key, text})
	}
	for _, p := range l.Formula {
		out.Terms = append(out.Terms, Product{Base: Exact{p.Base}, Factors: each(p.Factor, func(r leave.Ratio) Ratio { return Ratio{Exact{r.Part}, Exact{r.Of}} })})
	}
	for _, d := range l.Draws {
		out.Draws = append(out.Draws, Draw{Year: d.Year, Carried: d.Carried, Amount: amount(c.lang, d.Amount, u)})
	}
	return out
}

type BalanceQuery struct {
	ByPerson
	At Date `query:"at" doc:"On which day; missing: today."`
}

type statementQuery struct {
	BalanceQuery
	Type string `path:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
}

// AdjustmentInput is a line that is written into a balance by hand.
type AdjustmentInput struct {
	Type   string `json:"type" maxLength:"64" doc:"Id of the leave type." example:"holiday"`
	Date   Date   `json:"date" doc:"It counts from this day on."`
	Until  *Date  `json:"until,omitempty" doc:"Last day to take what it grants; missing: as the leave year's own."`
	Amount Exact  `json:"amount" doc:"In the unit of the type, hours in minutes; negative takes away."`
	Class  string `json:"class,omitempty" maxLength:"20" doc:"Of what it grants, the kind of right that it lies with and ends as: statutory, extra or earned, where the policy tells them apart; missing: not said."`
	Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"What the person will read." example:"Agreed on joining"`
}

func addBalances(s *surface) {
	add(s, operation{ID: "listBalances", Method: http.MethodGet, Path: "/people/{id}/balances", Scope: access.LeaveRead, Area: leaveArea, Summary: "List a person's balances",
		Doc: "On any day, past or to come, of each leave type that has one. For the person, those who lead them, and administrators."}, listBalances)
	add(s, operation{ID: "getStatement", Method: http.MethodGet, Path: "/people/{id}/balances/{type}", Scope: access.LeaveRead, Area: leaveArea,
		Summary: "Read a balance with its reasons", Doc: "Every line, with how it came about, as data and as sentences. What sickness gives back is named so with sickness:read alone; else it is a correction."}, getStatement)
	add(s, operation{ID: "addAdjustment", Method: http.MethodPost, Path: "/people/{id}/adjustments", Scope: access.LeaveWrite, Area: leaveArea, Status: http.StatusCreated,
		Summary: "Write a line into a balance", Doc: "For administrators. The answer is the statement with the line in it."}, addAdjustment)
	add(s, operation{ID: "getOverview", Method: http.MethodGet, Path: "/overview", Scope: access.ReportsRead, Area: "Reports", Summary: "Read everybody's balances on a day",
		Doc: "Of those whom the caller leads; an administrator sees everybody's."}, getOverview)
	add(s, operation{ID: "getTaken", Method: http.MethodGet, Path: "/taken", Scope: access.ReportsRead, Area: "Reports", Summary: "Read the approved leave of a time, with what it costs in it",
		Doc: "By person and then by day, for payroll; less what sickness gave back. Of those whom the caller leads; an administrator sees everybody's."}, getTaken)
}

// on returns the day that was asked for, or today.
func (c *call) on(ctx context.Context, d Date) (calendar.Date, error) {
	if !d.IsZero() {
		return d.Date, nil
	}
	return c.today(ctx)
}

func listBalances(ctx context.Context, c *call, in *BalanceQuery) (Page[Balance], error) {
	at, err := c.on(ctx, in.At)
	if err != nil {
		return Page[Balance]{}, err
	}
	list, err := c.Leave.Balances(ctx, c.Caller.Person, in.who(), at)
	return Page[Balance]{Items: each(list, func(s leave.Statement) Balance { return c.balance(&s) })}, err
}

func getStatement(ctx context.Context, c *call, in *statementQuery) (Statement, error) {
	at, err := c.on(ctx, in.At)
	if err != nil {
		return Statement{}, err
	}
	s, err := c.Leave.Statement(ctx, c.Caller.Person, in.who(), in.Type, at)
	if err != nil {
		return Statement{}, err
	}
	if !c.tellsSickness() {
		s.Discreet()
	}
	lines := func(list []leave.Line) []Line {
		return each(list, func(l leave.Line) Line { return c.line(l, s.Unit) })
	}
	return Statement{Balance: c.balance(&s), Lines: lines(s.Lines), Opens: lines(s.Opens), Ahead: lines(s.Ahead)}, nil
}

type adjustmentBody struct {
	ByPerson
	Telling
	Body AdjustmentInput
}

func addAdjustment(ctx context.Context, c *call, in *adjustmentBody) (Statement, error) {
	b := &in.Body
	line := leave.Adjustment{Person: in.who(), Type: b.Type, Date: b.Date.Date, Until: dateOr(b.Until, 0), Amount: b.Amount.Rat, Class: leave.Class(b.Class), Reason: b.Reason}
	err := c.Leave.Adjust(ctx, c.Caller.Person, line, in.Tell)
	if err != nil {
		return Statement{}, err
	}
	c.made("/people/" + in.ID + "/balances/" + b.Type)
	return getStatement(ctx, c, &statementQuery{BalanceQuery: BalanceQuery{ByPerson: in.ByPerson, At: b.Date}, Type: b.Type})
}

// Overview is what many people have left on a day.
type Overview struct {
	At    Date           `json:"at"`
	Items []OverviewLine `json:"items" doc:"By name, then in the order of leave types."`
}

// OverviewLine is one leave type of one person.
type OverviewLine struct {
	Person   string `json:"person" doc:"Id of the person."`
	Type     string `json:"type" doc:"Id of the leave type."`
	YearFrom Date   `json:"year_from"`
	YearTo   Date   `json:"year_to"`
	Entitled Amount `json:"entitled"`
	Carried  Amount `json:"carried"`
	Lost     Amount `json:"lost"`
	Paid     Amount `json:"paid"`
	Taken    Amount `json:"taken"`
	Planned  Amount `json:"planned"`
	Pending  Amount `json:"pending"`
	Left     Amount `json:"left" doc:"Once all that is booked in the leave year is taken."`
	Balance  Amount `json:"balance" doc:"On the day itself."`
	Minutes  Exact  `json:"minutes" doc:"The balance as working time."`
}

type overviewQuery struct {
	At   Date   `query:"at" doc:"On which day; missing: today."`
	Team string `query:"team" maxLength:"64" doc:"Only the members of this team."`
}

func getOverview(ctx context.Context, c *call, in *overviewQuery) (Overview, error) {
	at, err := c.on(ctx, in.At)
	if err != nil {
		return Overview{}, err
	}
	o, err := c.Leave.Overview(ctx, c.Caller.Person, at, in.Team)
	if err != nil {
		return Overview{}, err
	}
	return Overview{At: dated(at), Items: each(o.Lines, func(l leave.OverviewLine) OverviewLine {
		u := func(v exact.Rat) Amount { return amount(c.lang, v, l.Type.Unit) }
		return OverviewLine{Person: string(l.Person.ID), Type: l.Type.ID, YearFrom: dated(l.Year.From), YearTo: dated(l.Year.To), Entitled: u(l.Entitled), Carried: u(l.Carried),
			Lost: u(l.Lost), Paid: u(l.Paid), Taken: u(l.Taken), Planned: u(l.Planned), Pending: u(l.Pending), Left: u(l.Left), Balance: u(l.Totals.Balance), Minutes: Exact{l.Minutes}}
	})}, nil
}

// Taken is the approved leave of a time.
type Taken struct {
	From  Date        `json:"from"`
	To    Date        `json:"to"`
	Items []TakenLine `json:"items" doc:"By person, then by day."`
}

// TakenLine is what one piece of approved leave costs within a time.
type TakenLine struct {
	Request string `json:"request" doc:"Id of the request."`
	Person  string `json:"person" doc:"Id of the person."`
	Type    string `json:"type" doc:"Id of the leave type."`
	From    Date   `json:"from" doc:"The first day in the time that costs something."`
	To      Date   `json:"to" doc:"The last day in the time that costs something."`
	Days    Amount `json:"days"`
	Hours   Amount `json:"hours"`
}

type takenQuery struct {
	From Date   `query:"from" required:"true" doc:"First day."`
	To   Date   `query:"to" required:"true" doc:"Last day."`
	Team string `query:"team" maxLength:"64" doc:"Only the members of this team."`
	Type string `query:"type" maxLength:"64" doc:"Only leave of this type."`
}

func getTaken(ctx context.Context, c *call, in *takenQuery) (Taken, error) {
	lines, err := c.Leave.Taken(ctx, c.Caller.Person, calendar.Range{From: in.From.Date, To: in.To.Date}, in.Team)
	lines = slices.DeleteFunc(lines, func(x leave.TakenLine) bool { return in.Type != "" && x.Type.ID != in.Type })
	return Taken{From: in.From, To: in.To, Items: each(lines, func(x leave.TakenLine) TakenLine {
		return TakenLine{Request: x.Request.ID, Person: string(x.Person.ID), Type: x.Type.ID, From: dated(x.In.From), To: dated(x.In.To),
			Days: amount(c.lang, x.Days, leave.Days), Hours: amount(c.lang, x.Minutes, leave.Hours)}
	})}, err
}
