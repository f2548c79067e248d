// SPDX-License-Identifier: Apache-2.0

package web

import (
	"net/http"
	"slices"
	"strings"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/leave/explain"
	"verlof/people"
	"verlof/tenant"
	"verlof/web/template"
)

// balancePage shows what somebody has left on a day, and why.
type balancePage struct {
	Frame    template.Page
	Form     *form // of the day, or of an adjustment
	Whose    subject
	At       calendar.Date
	Now      bool // At is today
	Accounts []account
	Adjust   bool // the visitor may write a line by hand
}

// account is the statement of one leave type in words.
type account struct {
	Type    leave.Type
	Year    string
	Tiles   []template.Tile
	Meter   template.Meter
	Lines   []template.LineItem // of the leave year
	Earlier []template.LineItem // of the years before
	Ahead   []template.LineItem // booked after the day
	Buckets []bucketLine
	Dues    []dueLine // on events
	Soon    []soonNote
}

// dueLine is leave that is due on an event.
type dueLine struct {
	What, Until, Paid, Amount, Left string
	Over                            bool // used up
}

// bucketLine is leave of one origin that is still open.
type bucketLine struct {
	What, Until, Left string
	Soon              bool // it lapses before the leave year ends
}

// showOwnBalance handles GET /balance.
func showOwnBalance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return renderBalance(w, r, t, visitOf(r).viewer.Person, f)
}

// showBalance handles GET /people/{id}/balance.
func showBalance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	who, err := t.People.Record(r.Context(), visitOf(r).person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return renderBalance(w, r, t, who.Person, f)
}

func renderBalance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person, f *form) error {
	v := visitOf(r)
	today, err := t.Leave.Today(r.Context(), v.person)
	if err != nil {
		return err
	}
	at := f.dateOr("at", today)
	statements, err := t.Leave.Balances(r.Context(), v.person, who.ID, at)
	if err != nil {
		return err
	}
	p := balancePage{Form: f, Whose: subjectOf(v, who), At: at, Now: at == today}
	p.Adjust = !p.Whose.Own && v.viewer.IsAdministrator()
	soon, err := soonNotes(r.Context(), v, t, who.ID, today)
	if err != nil {
		return err
	}
	for i := range statements {
		a := accountOf(v.lang, &statements[i])
		a.Soon = soon[a.Type.ID]
		p.Accounts = append(p.Accounts, a)
	}
	p.Frame = frame(w, r, p.Whose.title(v.lang, "web.balance.title", "web.balance.title.of"))
	p.Frame.Path = p.Whose.path("balance")
	return render(w, r, f.status(), balanceView(p))
}

// adjust handles POST /people/{id}/adjustments.
func adjust(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v, ctx := visitOf(r), r.Context()
	who, err := t.People.Record(ctx, v.person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	kind, _ := book.Type(f.text("type"))
	a := leave.Adjustment{
		Person: who.Person.ID, Type: kind.ID, Date: f.date("date"), Amount: f.amount("amount", kind.Unit), Reason: f.text("reason"),
	}
	if f.fine() {
		err := t.Leave.Adjust(ctx, v.person, a)
		if err == nil {
			return done(w, r, subjectOf(v, who.Person).path("balance"), "adjusted")
		}
		if !f.refuse(err) {
			return err
		}
	}
	return renderBalance(w, r, t, who.Person, f)
}

// accountOf puts a statement into words.
func accountOf(l *lang.Locale, s *leave.Statement) account {
	a := account{Type: s.Type, Year: l.Range(s.Year.From, s.Year.To), Tiles: tilesOf(l, s), Meter: meterOf(l, s)}
	for i := range s.Lines {
		if s.Lines[i].Kind == leave.LineGrant && s.Lines[i].Amount.IsZero() {
			continue // a type that only adjustments fill
		}
		item := lineItem(l, s, &s.Lines[i])
		if s.Lines[i].Date < s.Year.From {
			a.Earlier = append(a.Earlier, item)
		} else {
			a.Lines = append(a.Lines, item)
		}
	}
	for i := range s.Ahead {
		item := lineItem(l, s, &s.Ahead[i])
		item.Later = true
		if s.Ahead[i].Kind == leave.LineTaken {
			item.What = l.T("web.line.ahead")
		}
		a.Ahead = append(a.Ahead, item)
	}
	for _, b := range s.Dues {
		a.Dues = append(a.Dues, dueLineOf(l, s.Unit, b))
	}
	for _, b := range together(s.Buckets) {
		if b.Left.Sign() > 0 && b.Due == nil {
			a.Buckets = append(a.Buckets, bucketOf(l, s, b))
		}
	}
	return a
}

func dueLineOf(l *lang.Locale, u leave.Unit, b leave.Bucket) dueLine {
	x := dueLine{What: explain.Reasons(l, []leave.Reason{b.Due.Reason()})[0], Until: l.Date(b.Until), Amount: explain.Plain(l, b.Amount, u),
		Left: explain.Plain(l, b.Left, u), Over: b.Left.IsZero()}
	if r, said := b.Due.Paid.Reason(); said {
		x.Paid = explain.Reasons(l, []leave.Reason{r})[0]
	}
	return x
}

// together adds up buckets that differ only in the day they came to be, as
// monthly grants do.
func together(buckets []leave.Bucket) []leave.Bucket {
	var out []leave.Bucket
	for _, b := range buckets {
		i := slices.IndexFunc(out, func(o leave.Bucket) bool {
			return o.Year == b.Year && o.Carried == b.Carried && o.Until == b.Until
		})
		if i < 0 {
			out = append(out, b)
			continue
		}
		out[i].Left = out[i].Left.Add(b.Left)
	}
	return out
}

// tilesOf shows what can be asked for, and what it is made of; what is nothing
// is left out.
func tilesOf(l *lang.Locale, s *leave.Statement) []template.Tile {
	tile := func(label string, v exact.Rat) template.Tile {
		amount, unit := split(l, v, s.Unit)
		return template.Tile{Label: l.T("web.balance." + label), Value: amount, Unit: unit}
	}
	first := tile("available", s.Available)
	first.Main, first.Short = true, s.Available.Sign() < 0
	first.Note = explain.Other(l, s.Available, s.Unit, s.DayLength)
	tiles := []template.Tile{first, tile("entitled", s.Entitled)}
	for _, t := range []struct {
		label string
		value exact.Rat
		shown bool
	}{
		{"carried", s.Carried, false}, {"taken", s.Taken, true}, {"planned", s.Planned, true},
		{"pending", s.Pending, false}, {"lost", s.Lost, false},
	} {
		if t.shown || !t.value.IsZero() {
			tiles = append(tiles, tile(t.label, t.value))
		}
	}
	return tiles
}

// split writes an amount as a number and its unit.
func split(l *lang.Locale, v exact.Rat, u leave.Unit) (amount, unit string) {
	if u == leave.Hours {
		return numeral(l, v, u), l.T("web.unit.hours")
	}
	return numeral(l, v, u), l.T("web.unit.days", "count", v)
}

// numeral writes an amount without its unit, with a minus as long as its plus.
func numeral(l *lang.Locale, v exact.Rat, u leave.Unit) string {
	s := l.Number(v, 2)
	if u == leave.Hours {
		s = l.HoursOf(v)
	}
	return strings.Replace(s, "-", "\u2212", 1)
}

// meterOf shows how the leave of the year is used up.
func meterOf(l *lang.Locale, s *leave.Statement) template.Meter {
	text := func(key string, v exact.Rat) string {
		return l.T("web.meter."+key, "amount", explain.Plain(l, v, s.Unit))
	}
	m := template.Meter{
		Label: l.T("web.meter.label", "type", s.Type.Name), Colour: s.Type.Colour,
		Total: s.Taken.Add(s.Planned).Add(s.Pending).Add(exact.Max(s.Available, exact.Rat{})),
		Rest:  text("left", s.Available),
	}
	for _, p := range []struct {
		kind  template.MeterKind
		key   string
		value exact.Rat
	}{
		{template.MeterTaken, "taken", s.Taken}, {template.MeterPlanned, "planned", s.Planned}, {template.MeterAsked, "pending", s.Pending},
	} {
		if p.value.Sign() > 0 {
			m.Parts = append(m.Parts, template.MeterPart{Kind: p.kind, Amount: p.value, Text: text(p.key, p.value)})
		}
	}
	return m
}

// lineItem puts one line of a statement into words.
func lineItem(l *lang.Locale, s *leave.Statement, x *leave.Line) template.LineItem {
	item := template.LineItem{
		When: l.Date(x.Date), What: l.T("web.line."+string(x.Kind), "year", x.Year),
		Amount: explain.Signed(l, x.Amount, s.Unit), Left: explain.Plain(l, x.Balance, s.Unit),
		Effect: effectOf(x), Reasons: reasonsOf(l, s, x),
	}
	switch x.Kind {
	case leave.LineTaken, leave.LineGivenBack:
		item.When = l.Range(x.Date, x.Until)
		if x.Request != "" {
			item.Href = "/requests/" + x.Request
		}
		if x.Pending {
			item.Beside = template.StatusBadge(l, template.Pending)
		}
	case leave.LineCarried:
		item.Amount = explain.Plain(l, x.Amount, s.Unit)
	}
	return item
}

func effectOf(x *leave.Line) template.Effect {
	switch {
	case x.Kind == leave.LineCarried:
		return template.Stays
	case x.Kind == leave.LineLapsed || x.Kind == leave.LineExpired:
		return template.Lost
	case x.Amount.Sign() > 0:
		return template.Adds
	}
	return template.Takes
}

// reasonsOf are the formula of a line, its reasons, and which leave it used up
// where that is not simply this year's.
func reasonsOf(l *lang.Locale, s *leave.Statement, x *leave.Line) []string {
	var out []string
	if f := explain.Formula(l, x.Formula, s.Unit); f != "" {
		out = append(out, f)
	}
	out = append(out, explain.Reasons(l, x.Why)...)
	plain := len(x.Draws) == 1 && x.Draws[0].Year == x.Year && !x.Draws[0].Carried && x.Draws[0].Due == nil
	for _, d := range x.Draws {
		if plain {
			break
		}
		if d.Due != nil {
			out = append(out, l.T("web.draw.due", "amount", explain.Plain(l, d.Amount, s.Unit), "due", dueText(l, d.Due)))
			continue
		}
		key := "web.draw.year"
		if d.Year == 0 {
			key = "web.draw.advance"
		} else if d.Carried {
			key = "web.draw.carried"
		}
		out = append(out, l.T(key, "amount", explain.Plain(l, d.Amount, s.Unit), "year", d.Year))
	}
	return out
}

// dueText says what leave is due on and how it is paid.
func dueText(l *lang.Locale, d *leave.Due) string {
	why := []leave.Reason{d.Reason()}
	if r, said := d.Paid.Reason(); said {
		why = append(why, r)
	}
	return strings.Join(explain.Reasons(l, why), ", ")
}

func bucketOf(l *lang.Locale, s *leave.Statement, b leave.Bucket) bucketLine {
	key := "web.bucket.year"
	if b.Carried {
		key = "web.bucket.carried"
	}
	line := bucketLine{What: l.T(key, "year", b.Year), Left: explain.Plain(l, b.Left, s.Unit), Until: l.T("web.bucket.always")}
	if !b.Until.IsZero() {
		line.Until, line.Soon = l.T("web.bucket.until", "date", b.Until), b.Until < s.Year.To
	}
	return line
}

// adjustTypes are the types that a line can be written for.
func (p *balancePage) adjustTypes() []template.Option {
	var options []template.Option
	for _, a := range p.Accounts {
		options = append(options, template.Option{Value: a.Type.ID, Text: a.Type.Name})
	}
	return options
}

// adjustDate is the day from which a line counts: what is filled in, else the day
// that is shown.
func (p *balancePage) adjustDate() string {
	if s := p.Form.text("date"); s != "" {
		return s
	}
	return p.At.String()
}

// amount reads an amount as the reader writes it: a number of days, or hours as
// "4:30" or "4.5", which become minutes.
func (f *form) amount(name string, u leave.Unit) exact.Rat {
	s := strings.ReplaceAll(strings.ReplaceAll(f.text(name), ",", "."), "\u2212", "-")
	sign := exact.Int(1)
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = strings.TrimSpace(rest), exact.Int(-1)
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	hours, minutes, clock := strings.Cut(s, ":")
	v, err := exact.Parse(hours)
	if u == leave.Hours {
		v = v.Mul(exact.Int(60))
	}
	if clock && err == nil {
		var m exact.Rat
		if m, err = exact.Parse(minutes); m.Sign() < 0 || !m.Less(exact.Int(60)) {
			err = errs.New(errs.Invalid, "")
		}
		v = v.Add(m)
	}
	if err != nil || clock && u != leave.Hours || v.Sign() < 0 {
		f.refuse(errs.New(errs.Invalid, "web.error.amount").At(name))
		return exact.Rat{}
	}
	return v.Mul(sign)
}
