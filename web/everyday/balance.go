// SPDX-License-Identifier: Apache-2.0

package everyday

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"verlof/calendar"
	"verlof/internal/exact"
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

// balancePage shows what somebody has left on a day, and why.
type balancePage struct {
	Frame    template.Page
	Form     *page.Form // of the day, or of an adjustment
	Whose    view.Subject
	At       calendar.Date
	Now      bool // At is today
	Accounts []account
	Adjust   bool              // the visitor may write a line by hand
	Classes  []template.Option // kinds of right that a line by hand may lie with; empty: policies tell none apart
	LastDay  string            // what a line of the last day counts as; empty: nobody knows one
}

// account is the statement of one leave type in words.
type account struct {
	Type    leave.Type
	Year    string
	Closed  string // by whom and when; empty: it is open
	Tiles   []template.Tile
	Meter   template.Meter
	Lines   []template.LineItem // of the leave year
	Earlier []template.LineItem // of the years before
	Opens   []template.LineItem // what leave that begins on the day would have due
	Ahead   []template.LineItem // booked after the day
	Buckets []bucketLine
	Dues    []view.DueLine // on events
	Soon    []soonNote
	Open    bool // its lines are unfolded: it is the first, or the one that was asked for
}

// whyHref leads to the lines behind one's own balance of a leave type.
func whyHref(kind string) string { return "/balance?type=" + kind + "#type-" + kind }

// kinds leads to each leave type on the page, with its lines unfolded.
func (p *balancePage) kinds() []template.Link {
	at := ""
	if !p.Now {
		at = "&at=" + p.At.String()
	}
	var links []template.Link
	for i := range p.Accounts {
		kind := p.Accounts[i].Type
		links = append(links, template.Link{Text: kind.Name, Href: p.Whose.Path("balance") + "?type=" + kind.ID + at + "#type-" + kind.ID})
	}
	return links
}

// bucketLine is leave of one origin that is still open.
type bucketLine struct {
	What, Until, Left string
	Soon              bool // it lapses before the leave year ends
}

// showOwnBalance handles GET /balance.
func showOwnBalance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	return renderBalance(w, r, t, page.VisitOf(r).Viewer.Person, f)
}

// showBalance handles GET /people/{id}/balance.
func showBalance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	who, err := t.People.Record(r.Context(), page.VisitOf(r).Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return renderBalance(w, r, t, who.Person, f)
}

func renderBalance(w http.ResponseWriter, r *http.Request, t *tenant.Tenant, who people.Person, f *page.Form) error {
	v := page.VisitOf(r)
	today, err := t.Leave.Today(r.Context(), v.Person)
	if err != nil {
		return err
	}
	at := f.DateOr("at", today)
	statements, err := t.Leave.Balances(r.Context(), v.Person, who.ID, at)
	if err != nil {
		return err
	}
	p := balancePage{Form: f, At: at, Now: at == today}
	if p.Whose, err = subjectOf(r.Context(), v, t, who); err != nil {
		return err
	}
	if p.Adjust = !p.Whose.Own && v.Viewer.NeedOver(people.KeepBalances, who.ID) == nil; p.Adjust {
		if err := p.adjusting(r.Context(), v, t, who.ID); err != nil {
			return err
		}
	}
	soon := map[string][]soonNote{} // of another day the lines say what lapses
	if p.Now {
		if soon, err = soonNotes(r.Context(), v, t, who.ID, today); err != nil {
			return err
		}
	}
	blocks, err := blockNotes(r.Context(), v, t, who.ID, at, false)
	if err != nil {
		return err
	}
	for i := range statements {
		a := accountOf(v.Lang, &statements[i], v.Zone)
		a.Soon = append(soon[a.Type.ID], blocks[a.Type.ID]...)
		a.Open = i == 0 || a.Type.ID == f.Text("type")
		p.Accounts = append(p.Accounts, a)
	}
	p.Frame = page.Frame(w, r, p.Whose.Title(v.Lang, "web.balance.title", "web.balance.title.of"))
	p.Frame.Path = p.Whose.Path("balance")
	return page.Render(w, r, f.Status(), balanceView(p))
}

// adjusting reads what the form for a line by hand needs.
func (p *balancePage) adjusting(ctx context.Context, v *page.Visit, t *tenant.Tenant, who people.ID) (err error) {
	p.Form.Key(v.Now())
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	if classes := book.Classes(); len(classes) > 0 {
		p.Classes = []template.Option{{Text: v.Lang.T("web.adjust.class.none")}}
		for _, c := range classes {
			p.Classes = append(p.Classes, template.Option{Value: string(c), Text: v.Lang.T("admin.class." + string(c))})
		}
	}
	p.LastDay, err = lastDayNote(ctx, v, t, who)
	return err
}

// lastDayNote says what a line of the last day counts as; empty of somebody who has none.
func lastDayNote(ctx context.Context, v *page.Visit, t *tenant.Tenant, who people.ID) (string, error) {
	record, err := t.People.Record(ctx, v.Person, who)
	if err != nil {
		return "", err
	}
	ended := record.EndedEmployments()
	if len(ended) == 0 {
		return "", nil
	}
	return v.Lang.T("web.adjust.last_day", "date", ended[0].To), nil
}

// adjust handles POST /people/{id}/adjustments.
func adjust(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	v, ctx := page.VisitOf(r), r.Context()
	who, err := t.People.Record(ctx, v.Person, people.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	book, err := t.Leave.Rules(ctx)
	if err != nil {
		return err
	}
	kind, _ := book.Type(f.Text("type"))
	a := leave.Adjustment{
		ID: f.Text(page.FieldKey), Person: who.Person.ID, Type: kind.ID, Date: f.Date("date"), Until: f.DateOr("until", 0), Amount: f.Amount("amount", kind.Unit),
		Class: leave.Class(f.Text("class")), Reason: f.Text("reason"),
	}
	if f.Fine() {
		err := t.Leave.Adjust(ctx, v.Person, a, true)
		if err == nil {
			return page.Done(w, r, view.SubjectOf(v, who.Person).Path("balance"), "adjusted")
		}
		if !f.Refuse(err) {
			return err
		}
	}
	return renderBalance(w, r, t, who.Person, f)
}

// accountOf puts a statement into words.
func accountOf(l *lang.Locale, s *leave.Statement, zone *time.Location) account {
	a := account{Type: s.Type, Year: l.Range(s.Year.From, s.Year.To), Tiles: tilesOf(l, s), Meter: meterOf(l, s)}
	if c := s.Closed; c != nil {
		a.Closed = l.T("years.closed_by", "at", l.DateTime(c.At, zone), "name", s.ClosedBy.Name(), "date", c.Year.To.AddDays(1))
	}
	for i := range s.Lines {
		if s.Lines[i].Kind == leave.LineGrant && s.Lines[i].Amount.IsZero() {
			continue // a type that only adjustments fill
		}
		item := view.LineItem(l, s, &s.Lines[i])
		if s.Lines[i].Date < s.Year.From {
			a.Earlier = append(a.Earlier, item)
		} else {
			a.Lines = append(a.Lines, item)
		}
	}
	a.Opens, a.Ahead = laterItems(l, s, s.Opens), laterItems(l, s, s.Ahead)
	for _, b := range s.Dues {
		a.Dues = append(a.Dues, view.DueLineOf(l, s.Unit, b))
	}
	for _, b := range together(s.Buckets) {
		if b.Left.Sign() > 0 && b.Due == nil {
			a.Buckets = append(a.Buckets, bucketOf(l, s, b))
		}
	}
	return a
}

// laterItems puts lines into words that are not so yet on the day of s.
func laterItems(l *lang.Locale, s *leave.Statement, lines []leave.Line) []template.LineItem {
	var out []template.LineItem
	for i := range lines {
		item := view.LineItem(l, s, &lines[i])
		item.Later = true
		if lines[i].Kind == leave.LineTaken {
			item.What = l.T("web.line.ahead")
		}
		out = append(out, item)
	}
	return out
}

// together adds up buckets that differ only in the day they came to be, as
// monthly grants do; what may be taken longest comes last.
func together(buckets []leave.Bucket) []leave.Bucket {
	var out []leave.Bucket
	for _, b := range buckets {
		i := slices.IndexFunc(out, func(o leave.Bucket) bool {
			return o.Year == b.Year && o.Class == b.Class && o.Carried == b.Carried && o.Last() == b.Last() && parted(&o) == parted(&b)
		})
		if i < 0 {
			out = append(out, b)
			continue
		}
		out[i].Left = out[i].Left.Add(b.Left)
	}
	order.By(out, func(a, b leave.Bucket) int {
		return cmp.Or(cmp.Compare(cmp.Or(a.Last(), calendar.Last), cmp.Or(b.Last(), calendar.Last)), cmp.Compare(a.Year, b.Year))
	})
	return out
}

// parted reports whether a part of a bucket goes over at its end.
func parted(b *leave.Bucket) bool { return b.Onward != nil && b.Onward.Part }

// tilesOf shows what can be asked for, and what it is made of; what is nothing
// is left out.
func tilesOf(l *lang.Locale, s *leave.Statement) []template.Tile {
	tile := func(label string, v exact.Rat) template.Tile {
		amount, unit := view.NumberAndUnit(l, v, s.Unit)
		return template.Tile{Label: l.T("web.balance." + label), Value: amount, Unit: unit}
	}
	label, left := "available", s.Available
	if s.Closed != nil { // it is not asked what can still be taken then
		label, left = "left", s.Balance
	}
	first := tile(label, left)
	first.Main, first.Short = true, left.Sign() < 0
	first.Note = explain.Other(l, left, s.Unit, s.DayLength)
	tiles, over := []template.Tile{first}, s.CameOver()
	for _, t := range []struct {
		label string
		value exact.Rat
		shown bool
	}{
		{"entitled", s.Entitled, len(s.Opens) == 0}, {"carried", over.Over, !over.Left.IsZero()},
		{"corrected", s.Corrected.Sub(over.Corrected), false}, {"taken", s.Taken, true}, {"planned", s.Planned, true},
		{"pending", s.Pending, false}, {"lost", s.Lost, false}, {"paid", s.Paid, false},
		{"former", s.Former, false},
	} {
		if t.shown || !t.value.IsZero() {
			tiles = append(tiles, tile(t.label, t.value))
		}
		if t.label == "carried" && (t.shown || !t.value.IsZero()) {
			tiles[len(tiles)-1].Note = cameOver(l, s.Unit, over)
		}
	}
	return tiles
}

// cameOver says how what came over comes about; nothing where it is all that was left.
func cameOver(l *lang.Locale, unit leave.Unit, c leave.CameOver) string {
	if c.Corrected.IsZero() && c.Ended.IsZero() {
		return ""
	}
	said := []string{l.T("web.balance.over.left", "amount", explain.Plain(l, c.Left, unit))}
	for _, x := range []struct {
		key    string
		amount exact.Rat
	}{{"corrected", c.Corrected}, {"ended", c.Ended.Neg()}} {
		if !x.amount.IsZero() {
			said = append(said, l.T("web.balance.over."+x.key, "amount", explain.Signed(l, x.amount, unit)))
		}
	}
	return strings.Join(said, ", ")
}

// meterOf shows how the leave of the year is used up.
func meterOf(l *lang.Locale, s *leave.Statement) template.Meter {
	text := func(key string, v exact.Rat) string {
		return l.T("web.meter."+key, "amount", explain.Plain(l, v, s.Unit))
	}
	m := template.Meter{
		Label: l.T("web.meter.label", "type", s.Type.Name), Colour: s.Type.Colour,
	}
	left := s.Available
	if s.Closed != nil {
		left = s.Balance.Sub(s.Planned)
	}
	m.Total, m.Rest = s.Taken.Add(s.Planned).Add(s.Pending).Add(exact.Max(left, exact.Rat{})), text("left", left)
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

func bucketOf(l *lang.Locale, s *leave.Statement, b leave.Bucket) bucketLine {
	key := "web.bucket.year"
	if b.Carried {
		key = "web.bucket.carried"
	}
	line := bucketLine{What: l.T(key, "year", b.Year), Left: explain.Plain(l, b.Left, s.Unit), Until: l.T("web.bucket.always")}
	if b.Class != "" {
		line.What += ", " + l.T("terms.class."+string(b.Class))
	}
	if last := b.Last(); !last.IsZero() {
		key := "web.bucket.until"
		if parted(&b) {
			key = "web.bucket.until_part"
		}
		line.Until, line.Soon = l.T(key, "date", last), last < s.Year.To
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
	if s := p.Form.Text("date"); s != "" {
		return s
	}
	return p.At.String()
}
