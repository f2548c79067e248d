// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"verlof/internal/exact"
	"verlof/leave"
	"verlof/web/page"
)

// rowKind is a list within a pot, of which the form holds as many lines as there are:
// the fields of line 3 of the levels are level3_after, level3_amount and level3_now.
type rowKind struct {
	name  string
	tells []string // fields that are filled in where there is a line; the first is where to begin
	other []string
}

// rowKinds are the lists of a pot.
var rowKinds = []rowKind{
	{"level", []string{"after", "amount"}, []string{"now"}},
	{"bonus", []string{"amount", "at"}, []string{"by", "start"}},
	{"away", []string{"amount", "who", "weeks"}, []string{"months"}},
	{"unspent", []string{"amount", "least", "of", "after_day", "after_month"}, nil},
	{"longer", []string{"who", "term_months", "term_days", "most"}, []string{"types"}},
}

// mostRows is how many lines a list of the form can hold.
const mostRows = 40

// rowName is what the fields of a line begin with, within their pot.
func rowName(kind string, i int) string { return kind + strconv.Itoa(i) + "_" }

// rows is how many lines of a list the form holds.
func (p potForm) rows(k rowKind) int {
	n := 0
	for i := range mostRows {
		for _, part := range slices.Concat(k.tells, k.other) {
			if p.Values.Has(p.pre + rowName(k.name, i) + part) {
				n = i + 1
			}
		}
	}
	return n
}

// compact takes out of each list the lines in which nothing is filled in, so that the
// others are counted as their terms will be.
func (p potForm) compact() {
	for _, k := range rowKinds {
		n, to := p.rows(k), 0
		for i := range n {
			from := p.pre + rowName(k.name, i)
			line := url.Values{}
			for _, part := range slices.Concat(k.tells, k.other) {
				if v, ok := p.Values[from+part]; ok {
					line[part] = v
				}
				p.Values.Del(from + part)
			}
			if !slices.ContainsFunc(k.tells, func(part string) bool { return strings.TrimSpace(line.Get(part)) != "" }) {
				continue
			}
			for part, v := range line {
				p.Values[p.pre+rowName(k.name, to)+part] = v
			}
			to++
		}
	}
}

// What stands in a line of the form: who was away, and by what a bonus comes.
const (
	byAge    = "age"
	byYears  = "years"
	byMonths = "months"
	whoSick  = "sick"
	whoLeave = "leave"
)

func (p potForm) fillRows(t *leave.Terms) {
	for i, x := range t.Levels {
		r := rowName("level", i)
		p.set(r+"after", strconv.Itoa(x.After))
		p.set(r+"amount", amountText(p.Lang, x.Amount, p.unit))
		p.setAmount(r+"cap", x.Cap)
		p.setAmount(r+"carries", x.Carries)
		p.tick(r+"now", x.Immediate)
	}
	for i, x := range t.Bonuses {
		p.fillBonus(rowName("bonus", i), x)
	}
	for i, x := range t.Away {
		r := rowName("away", i)
		p.set(r+"amount", amountText(p.Lang, x.Amount, p.unit))
		p.Values[p.pre+r+"who"] = slices.Clone(x.Types)
		if x.Sick {
			p.Values.Add(p.pre+r+"who", whoSick)
		}
		p.setCount(r+"weeks", x.Weeks)
		p.tick(r+"months", x.Months)
	}
	for i, x := range t.Unspent {
		r := rowName("unspent", i)
		p.set(r+"amount", amountText(p.Lang, x.Amount, p.unit))
		p.set(r+"least", amountText(p.Lang, x.Least, p.unit))
		p.set(r+"of", amountText(p.Lang, x.Of, p.unit))
		p.setDay(r+"after", x.After)
	}
	for i, x := range t.CarryOver.Longer {
		r := rowName("longer", i)
		p.set(r+"who", whoSick)
		if len(x.Types) > 0 {
			p.set(r+"who", whoLeave)
			p.Values[p.pre+r+"types"] = slices.Clone(x.Types)
		}
		p.setTerm(r+"term", x.Term)
		p.setAmount(r+"most", x.Most)
	}
}

func (p potForm) fillBonus(r string, b leave.Bonus) {
	p.set(r+"amount", amountText(p.Lang, b.Amount, p.unit))
	p.set(r+"start", string(b.Start))
	switch {
	case b.Age > 0:
		p.set(r+"by", byAge)
		p.set(r+"at", strconv.Itoa(b.Age))
	case b.After%12 == 0 && b.After > 0:
		p.set(r+"by", byYears)
		p.set(r+"at", strconv.Itoa(b.After/12))
	default:
		p.set(r+"by", byMonths)
		p.set(r+"at", strconv.Itoa(b.After))
	}
}

// readRows reads the lists of a pot, which are compact.
func (p potForm) readRows(t *leave.Terms) {
	for i := range p.rows(rowKinds[0]) {
		r := rowName("level", i)
		t.Levels = append(t.Levels, leave.Level{After: p.needCount(r + "after"), Amount: p.Amount(p.pre+r+"amount", p.unit), Immediate: p.ticked(r + "now"),
			Cap: p.amount(r + "cap"), Carries: p.amount(r + "carries")})
	}
	for i := range p.rows(rowKinds[1]) {
		t.Bonuses = append(t.Bonuses, p.readBonus(rowName("bonus", i)))
	}
	for i := range p.rows(rowKinds[2]) {
		t.Away = append(t.Away, p.readAway(rowName("away", i)))
	}
	for i := range p.rows(rowKinds[3]) {
		r := rowName("unspent", i)
		t.Unspent = append(t.Unspent, leave.Unspent{Amount: p.Amount(p.pre+r+"amount", p.unit), Least: p.Amount(p.pre+r+"least", p.unit),
			Of: p.Amount(p.pre+r+"of", p.unit), After: p.day(r + "after")})
	}
	for i := range p.rows(rowKinds[4]) {
		t.CarryOver.Longer = append(t.CarryOver.Longer, p.readLonger(rowName("longer", i)))
	}
}

// needCount reads a whole number that must be there.
func (p potForm) needCount(name string) int {
	if p.text(name) == "" {
		p.Refuse(missingNumber(p.pre + name))
	}
	return p.count(name)
}

func (p potForm) readBonus(r string) leave.Bonus {
	b := leave.Bonus{Amount: p.Amount(p.pre+r+"amount", p.unit), Start: leave.BonusStart(p.text(r + "start"))}
	n := p.needCount(r + "at")
	switch p.OneOf(p.pre+r+"by", byAge, byYears, byMonths) {
	case byAge:
		if b.Age = n; n == 0 {
			b.Age = -1 // no age is none of service
		}
	case byYears:
		b.After = min(n, mostYears) * 12
	default:
		b.After = n
	}
	return b
}

// mostYears keeps what is typed in what a number of months can be.
const mostYears = 1 << 20

func (p potForm) readAway(r string) leave.Away {
	a := leave.Away{Weeks: p.count(r + "weeks"), Months: p.ticked(r + "months"), Amount: p.Amount(p.pre+r+"amount", p.unit)}
	for _, who := range p.Values[p.pre+r+"who"] {
		if who == whoSick {
			a.Sick = true
		} else {
			a.Types = append(a.Types, who)
		}
	}
	return a
}

func (p potForm) readLonger(r string) leave.Longer {
	x := leave.Longer{Term: p.term(r + "term"), Most: p.amount(r + "most")}
	if p.OneOf(p.pre+r+"who", whoSick, whoLeave) == whoLeave {
		if x.Types = slices.Clone(p.Values[p.pre+r+"types"]); len(x.Types) == 0 {
			p.Refuse(missingTypes(p.pre + r + "types"))
		}
	}
	return x
}

// The names of the buttons that add a line or a pot to the form, or take one out:
// "+pot1_level" and "-pot1_level2", "+pot" and "-pot2".
const rowButton = "row"

// tryButton is the button that has the example worked out.
const tryButton = "+try"

// editRows adds or takes out what a button of the form asks for, and reports whether
// one did: then nothing is saved. It names the field to go on with, or the button: that which adds
// a line, where one was taken out.
func editRows(f *page.Form, u leave.Unit) (field string, asked bool) {
	what := f.Text(rowButton)
	if what == tryButton {
		return tryButton, true
	}
	name, add := strings.CutPrefix(what, "+")
	name, drop := strings.CutPrefix(name, "-")
	if !add && !drop {
		return "", false
	}
	n := furtherPots(f)
	if name == "pot" && add && n < mostPots {
		return addPot(f, n+1, u), true
	}
	for k := range n + 1 {
		p := potFormOf(f, k, u)
		if k > 0 && drop && name+"_" == p.pre {
			dropPot(f, k, n, u)
			return "+pot", true
		}
		if field, done := p.editRow(name, add); done {
			return field, true
		}
	}
	return "", true
}

// editRow adds or takes out a line of one of the lists of a pot.
func (p potForm) editRow(name string, add bool) (field string, done bool) {
	rest, own := strings.CutPrefix(name, p.pre)
	for _, k := range rowKinds {
		number, ok := strings.CutPrefix(rest, k.name)
		if !own || !ok {
			continue
		}
		if add && number == "" {
			p.compact()
			field := p.pre + rowName(k.name, min(p.rows(k), mostRows-1)) + k.tells[0]
			p.Values[field] = append(p.Values[field], "")
			return field, true
		}
		if i, err := strconv.Atoi(number); !add && err == nil {
			for _, part := range k.tells {
				p.Values.Del(p.pre + rowName(k.name, i) + part)
			}
			p.compact()
			return "+" + p.pre + k.name, true
		}
	}
	return "", false
}

// addPot adds a further pot, the k-th.
func addPot(f *page.Form, k int, u leave.Unit) (field string) {
	p := potFormOf(f, k, u)
	p.fill(&leave.Terms{Class: leave.Extra, CarryOver: leave.CarryOver{Max: exact.Rat{}}})
	p.set("amount", "")
	return p.pre + "amount"
}

// dropPot takes out the k-th of n further pots; those behind it move up.
func dropPot(f *page.Form, k, n int, u leave.Unit) {
	for name := range f.Values {
		if strings.HasPrefix(name, potFormOf(f, k, u).pre) {
			f.Values.Del(name)
		}
	}
	for ; k < n; k++ {
		here, next := potFormOf(f, k, u).pre, potFormOf(f, k+1, u).pre
		for name, values := range f.Values {
			if rest, ok := strings.CutPrefix(name, next); ok {
				f.Values[here+rest] = values
				f.Values.Del(name)
			}
		}
	}
}
