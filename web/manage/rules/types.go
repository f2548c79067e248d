// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"cmp"
	"net/http"
	"strconv"

	"verlof/internal/lang"
	"verlof/leave"
	"verlof/tenant"
	"verlof/web/page"
	"verlof/web/template"
	"verlof/web/view"
)

// typesPage lists the leave types.
type typesPage struct {
	Frame template.Page
	Lines []typeLine
}

// typeLine is one leave type of the list.
type typeLine struct {
	leave.Type
	Unit, Counting string
	Badges         []view.Badge
}

// showTypes handles GET /manage/types.
func showTypes(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	l := page.VisitOf(r).Lang
	p := typesPage{Frame: page.ManageFrame(w, r, l.T("admin.types"), "/manage/types")}
	for _, x := range book.Types {
		p.Lines = append(p.Lines, typeLine{Type: x, Unit: l.T("admin.unit." + string(x.Unit)),
			Counting: l.T("admin.counting." + string(x.Counting)), Badges: typeBadges(l, x)})
	}
	return page.Render(w, r, http.StatusOK, typesView(p))
}

// typeBadges name what is special about a type.
func typeBadges(l *lang.Locale, t leave.Type) []view.Badge {
	var out []view.Badge
	for _, b := range []struct {
		key  string
		tone template.Tone
		is   bool
	}{
		{"retired", template.Warn, t.Retired}, {"entitled", template.Info, t.Entitled}, {"unapproved", "", t.Unapproved},
		{"private", "", t.Private}, {"whole_days", "", t.WholeDays},
	} {
		if b.is {
			out = append(out, view.Badge{Tone: b.tone, Text: l.T("admin.type.is." + b.key)})
		}
	}
	return out
}

// typePage is where a leave type is added or changed.
type typePage struct {
	Frame template.Page
	Form  *page.Form
	ID    string // empty for a new one
}

func (p *typePage) path() string {
	if p.ID == "" {
		return "/manage/types/new"
	}
	return "/manage/types/" + p.ID
}

// typeTicks are what a type may be, by the names of the form.
var typeTicks = []string{"substitute_agrees", "entitled", "unapproved", "private", "whole_days", "free_return", "partly_back", "ends_unpaid", "retired"}

// flag returns where a type keeps a tick.
func flag(t *leave.Type, name string) *bool {
	switch name {
	case "entitled":
		return &t.Entitled
	case "unapproved":
		return &t.Unapproved
	case "private":
		return &t.Private
	case "whole_days":
		return &t.WholeDays
	case "free_return":
		return &t.FreeReturn
	case "partly_back":
		return &t.PartlyBack
	case "substitute_agrees":
		return &t.SubstituteAgrees
	case "ends_unpaid":
		return &t.EndsUnpaid
	}
	return &t.Retired
}

// showType handles GET /manage/types/new and GET /manage/types/{id}.
func showType(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	book, err := t.Leave.Rules(r.Context())
	if err != nil {
		return err
	}
	x := leave.Type{Colour: len(book.Types)%leave.Colours + 1, Unit: leave.Days, Counting: leave.WorkingTime, Entitled: true, Order: len(book.Types)}
	if id := r.PathValue("id"); id != "" {
		found, ok := book.Type(id)
		if !ok {
			return page.ErrNothing
		}
		x = found
	}
	d := drawType(r, &x)
	f := d.Form()
	if x.ID == "" {
		f.Values.Del(page.FieldDrawn)
	}
	return renderType(w, r, f, x.Name)
}

// drawType is a leave type as its form shows it.
func drawType(r *http.Request, x *leave.Type) *page.Drawn {
	d := page.Draw(page.VisitOf(r).Lang)
	d.Text("name", "", x.Name)
	d.Word("colour", "", strconv.Itoa(x.Colour), "admin.colour.")
	d.Word("unit", "", string(x.Unit), "admin.unit.")
	d.Word("counting", "", string(x.Counting), "admin.counting.")
	d.Text("order", "", strconv.Itoa(x.Order))
	d.Text("answer_days", "", blankZero(x.AnswerDays))
	d.Word("give_back", "", cmp.Or(string(x.GiveBack), backNever), "admin.give_back.")
	d.Word("substitute", "", cmp.Or(string(x.Substitute), nobodySubstitutes), "admin.substitute.")
	for _, name := range typeTicks {
		d.Tick(name, d.Lang.T("admin.type."+name), *flag(x, name))
	}
	return d
}

// saveType handles POST to the same addresses.
func saveType(w http.ResponseWriter, r *http.Request, t *tenant.Tenant) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	var was leave.Type
	draw := func() (*page.Drawn, error) {
		book, err := t.Leave.Rules(r.Context())
		if err != nil {
			return nil, err
		}
		found, known := book.Type(r.PathValue("id"))
		if was = found; !known {
			return nil, nil
		}
		return drawType(r, &was), nil
	}
	return page.AsDrawn(r, t, f, draw, func(r *http.Request) error {
		x := readType(f, was)
		x.ID = r.PathValue("id")
		said := "type-saved"
		if x.ID == "" && x.Entitled {
			said = "type-added"
		}
		return view.Change(w, r, t, f, leave.SavingType(x), view.Asker{
			Done:  func(string) error { return page.Done(w, r, "/manage/types", said) },
			Again: func() error { return renderType(w, r, f, f.Lang.T("admin.type.edit")) },
		})
	})
}

// readType returns x as the form says it; what the page does not show stays.
func readType(f *page.Form, x leave.Type) leave.Type {
	x.Name, x.Unit, x.Counting = f.Text("name"), leave.Unit(f.Text("unit")), leave.Counting(f.Text("counting"))
	x.Order, x.AnswerDays = f.Number("order"), f.Number("answer_days")
	x.Colour, _ = strconv.Atoi(f.Text("colour"))
	if x.GiveBack = leave.GiveBack(f.Text("give_back")); x.GiveBack == backNever {
		x.GiveBack = leave.BackNever
	}
	if x.Substitute = leave.Substitution(f.Text("substitute")); x.Substitute == nobodySubstitutes {
		x.Substitute = leave.NoSubstitute
	}
	for _, name := range typeTicks {
		*flag(&x, name) = f.Has(name, "yes")
	}
	return x
}

func renderType(w http.ResponseWriter, r *http.Request, f *page.Form, title string) error {
	p := typePage{Form: f, ID: r.PathValue("id")}
	if p.ID == "" {
		title = f.Lang.T("admin.type.add")
	}
	p.Frame = page.ManageFrame(w, r, title, p.path())
	return page.Render(w, r, f.Status(), typeView(p))
}

func (p *typePage) colours() template.Choice {
	var options []template.Option
	for n := 1; n <= leave.Colours; n++ {
		options = append(options, template.Option{Value: strconv.Itoa(n), Text: p.Frame.L.T("admin.colour." + strconv.Itoa(n)), Colour: n})
	}
	c := p.Form.Choice("colour", options)
	c.Short = true
	return c
}

func (p *typePage) countings() template.Choice {
	var values []string
	for _, c := range leave.Countings {
		values = append(values, string(c))
	}
	return p.Form.Cards("counting", values...)
}

// backNever is how a form says leave.BackNever.
const backNever = "never"

// givesBack is when sickness gives leave of the type back.
func (p *typePage) givesBack() template.Choice {
	values := []string{backNever}
	for _, g := range leave.GiveBacks[1:] {
		values = append(values, string(g))
	}
	return p.Form.Cards("give_back", values...)
}

// nobodySubstitutes is how a form says leave.NoSubstitute.
const nobodySubstitutes = "none"

// substitutes is whether somebody is named who does the work meanwhile.
func (p *typePage) substitutes() template.Choice {
	values := []string{nobodySubstitutes}
	for _, s := range leave.Substitutions[1:] {
		values = append(values, string(s))
	}
	return p.Form.Cards("substitute", values...)
}

func (p *typePage) tick(name string) template.Tick {
	t := p.Form.Tick(name, "yes", p.Frame.L.T("admin.type."+name))
	t.Hint = p.Frame.L.T("admin.type." + name + ".hint")
	return t
}

func (p *typePage) order() template.Input {
	i := p.Form.Field("order")
	i.Type, i.Short, i.Hint = "number", true, p.Frame.L.T("admin.field.order.hint")
	return i
}
