// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
	"verlof/internal/lang"
)

// letter is a mail before it has a form: what both of its parts say.
type letter struct {
	Lang     string
	Subject  string
	Greeting string
	Body     string
	Facts    []fact
	Also     string // above more of them; may be empty
	More     []fact
	Rest     string // below them: what they leave out; may be empty
	Action   string // what the link does
	Link     string
	After    string // below the link; may be empty
	Stop     string // address of the page where such mails are stopped, which After tells of; empty: they cannot be
	Footer   string
}

// fact is a labelled line.
type fact struct{ Label, Value string }

// desk writes letters for one customer.
type desk struct {
	dir  Directory
	site Site
}

// about writes the letter about e, leave of a person, to a person.
func (d desk) about(ctx context.Context, k kind, e Event, to Person) (letter, error) {
	l := lang.For(to.Locale, d.site.Locale)
	if k.sick {
		return d.sick(ctx, l, k, e, to)
	}
	if k.byHand {
		return d.byHand(ctx, l, k, e, to)
	}
	if k.digest {
		return d.digest(ctx, l, k, e, to)
	}
	if k.day {
		day, err := calendar.Parse(e.Request)
		w := d.letter(l, k.key, to, []any{"site", line(d.site.Name), "date", l.Date(day)})
		w.Link = d.site.URL + "/"
		return w, err
	}
	if k.plain {
		w := d.letter(l, k.key, to, nil)
		w.Link = d.site.URL + k.path + url.PathEscape(e.Request)
		return w, nil
	}
	facts, args, err := d.leave(ctx, l, k, e, to)
	if err != nil {
		return letter{}, err
	}
	key := k.key
	if own, others := key+".own", key+".by"; to.ID == e.Person && l.Has(own+".subject") {
		key = own
	} else if e.By != e.Person && l.Has(others+".subject") { // in their name
		key = others
	}
	w := d.letter(l, key, to, args)
	w.Facts = facts
	if k.decides && to.ID != e.Person {
		if err := d.weigh(ctx, l, &w, e.Request, to); err != nil {
			return letter{}, err
		}
	}
	w.Link = d.site.URL + k.path + url.PathEscape(e.Request)
	if k.page != "" {
		w.Link = d.site.URL + k.page
	}
	return w, nil
}

// sick writes the letter about a report of sickness: who is away and from when, or back. That
// it is sickness it says to the person alone, and to others where the customer lets them know.
func (d desk) sick(ctx context.Context, l *lang.Locale, k kind, e Event, to Person) (letter, error) {
	s, err := d.dir.Sick(ctx, e.Request)
	if err != nil {
		return letter{}, fmt.Errorf("sick report %s: %w", e.Request, err)
	}
	who, err := d.name(ctx, l, s.Person)
	if err != nil {
		return letter{}, err
	}
	by, err := d.name(ctx, l, e.By)
	if err != nil {
		return letter{}, err
	}
	key := k.key
	switch {
	case to.ID == s.Person:
		key += ".own"
	case s.Known && l.Has(key+".known.subject"):
		key += ".known"
	}
	back := s.To.AddDays(1)
	w := d.letter(l, key, to, []any{"person", who, "by", by, "date", l.Date(s.From), "back", l.Date(back)})
	w.Link = d.site.URL + k.path + url.PathEscape(e.Request)
	if to.ID != s.Person {
		w.Facts = append(w.Facts, fact{l.T("mail.fact.person"), who})
	}
	w.Facts = append(w.Facts, fact{l.T("mail.fact.away_from"), l.Date(s.From)})
	switch {
	case !s.To.IsZero():
		w.Facts = append(w.Facts, fact{l.T("mail.fact.away_until"), l.Date(s.To)})
	case !s.Expected.IsZero():
		w.Facts = append(w.Facts, fact{l.T("mail.fact.expected"), l.Date(s.Expected)})
	}
	return w, nil
}

// account writes the letter about an account. A link's life is counted from now.
func (d desk) account(k kind, a Account, now time.Time) letter {
	l := lang.For(a.Person.Locale, d.site.Locale)
	args := []any{"site", line(d.site.Name), "life", life(l, a.Expires.Sub(now)), "at", l.DateTime(a.At.UnixMicro(), a.At.Location())}
	w := d.letter(l, k.key, a.Person, args)
	w.Link = d.site.URL + k.path + url.PathEscape(a.Token)
	if after := k.key + ".after"; l.Has(after) {
		w.After = l.T(after, args...)
	}
	return w
}

// letter writes what is the same in all letters.
func (d desk) letter(l *lang.Locale, key string, to Person, args []any) letter {
	return letter{
		Lang:     l.Tag(),
		Subject:  l.T(key+".subject", args...),
		Greeting: l.T("mail.greeting", "name", line(to.Name)),
		Body:     l.T(key+".body", args...),
		Action:   l.T(key+".action", args...),
		Footer:   l.T("mail.footer", "site", line(d.site.Name)),
	}
}

// life says how long a link works, in whole days or else in whole hours.
func life(l *lang.Locale, d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day {
		return l.T("unit.days", "count", int((d+day/2)/day))
	}
	return l.T("unit.hours", "count", max(1, int((d+time.Hour/2)/time.Hour)))
}

// leave returns what a letter to a person says of the request, and what its
// sentences need. Of a private type it tells the dates alone.
func (d desk) leave(ctx context.Context, l *lang.Locale, k kind, e Event, to Person) ([]fact, []any, error) {
	if k.page != "" && !k.dates { // about a person, and why they are away is nobody's business
		who, err := d.name(ctx, l, e.Person)
		return nil, []any{"person", who}, err
	}
	r, err := d.dir.Request(ctx, e.Request)
	if err != nil {
		return nil, nil, fmt.Errorf("request %s: %w", e.Request, err)
	}
	who, err := d.name(ctx, l, r.Person)
	if err != nil {
		return nil, nil, err
	}
	by, err := d.name(ctx, l, e.By)
	if err != nil {
		return nil, nil, err
	}
	if r.Claim == "notice" {
		facts, args := ending(l, r)
		return facts, args, nil
	}
	dates := l.Span(r.From, r.To, r.First, r.Last)
	var facts []fact
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, fact{l.T(key), value})
		}
	}
	if r.Claim != "" {
		add("mail.fact.claim", l.T("mail.claim."+r.Claim))
	}
	if to.ID != r.Person {
		add("mail.fact.person", who)
	}
	add("mail.fact.was", before(l, r.Was))
	add("mail.fact.dates", dates)
	if k.dates {
		return facts, []any{"person", who, "by", by, "dates", dates}, nil
	}
	add("mail.fact.type", line(r.Type))
	add("mail.fact.amount", amount(l, r))
	if k.decision {
		add("mail.fact.by", by)
		if r.Type != "" {
			add("mail.fact.reason", lines(r.Reason))
		}
	}
	return facts, []any{"person", who, "by", by, "dates", dates}, nil
}

// ending returns what a letter says of leave that ends.
func ending(l *lang.Locale, r Request) ([]fact, []any) {
	left, date := amount(l, r), l.Date(r.To)
	facts := []fact{{l.T("mail.fact.left"), left}, {l.T("mail.fact.ends"), date}, {l.T("mail.fact.rest"), l.T("mail.rest." + cmp.Or(r.Rest, "lapses"))}}
	if r.Type != "" {
		facts = append(facts, fact{l.T("mail.fact.type"), line(r.Type)})
	}
	return facts, []any{"amount", left, "date", date}
}

// before writes what was asked for before it was changed; empty where nothing was.
func before(l *lang.Locale, was *Request) string {
	if was == nil {
		return ""
	}
	parts := []string{l.Span(was.From, was.To, was.First, was.Last), line(was.Type), amount(l, *was)}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// amount writes what a claim is about; empty where it has none.
func amount(l *lang.Locale, r Request) string {
	if r.Amount.IsZero() {
		return ""
	}
	text := quantity(l, r.Amount, r.InMinutes)
	if r.Percent != 0 && r.Percent != 100 {
		text += " · " + l.T("web.percent", "percent", r.Percent)
	}
	return text
}

// quantity writes so many days, or minutes as hours.
func quantity(l *lang.Locale, v exact.Rat, minutes bool) string {
	if minutes {
		return l.T("explain.hours", "time", l.HoursOf(v))
	}
	return l.DaysExact(v)
}

// name returns a person's name, or "somebody" for one who is not there.
func (d desk) name(ctx context.Context, l *lang.Locale, id string) (string, error) {
	p, err := d.dir.Person(ctx, id)
	if errs.Is(err, errs.NotFound) {
		return l.T("mail.somebody"), nil
	}
	if err != nil {
		return "", fmt.Errorf("person %s: %w", id, err)
	}
	return line(p.Name), nil
}

// text writes the plain part.
func (w letter) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\n", w.Greeting, w.Body)
	listed(&b, w.Facts)
	if w.Also != "" {
		fmt.Fprintf(&b, "%s\n\n", w.Also)
	}
	listed(&b, w.More)
	if w.Rest != "" {
		fmt.Fprintf(&b, "%s\n\n", w.Rest)
	}
	fmt.Fprintf(&b, "%s:\n%s\n\n", w.Action, w.Link)
	switch {
	case w.Stop != "":
		fmt.Fprintf(&b, "%s:\n%s\n\n", w.After, w.Stop)
	case w.After != "":
		fmt.Fprintf(&b, "%s\n\n", w.After)
	}
	fmt.Fprintf(&b, "-- \n%s\n", w.Footer)
	return b.String()
}

// listed writes labelled lines.
func listed(b *strings.Builder, facts []fact) {
	for _, f := range facts {
		fmt.Fprintf(b, "%s: %s\n", f.Label, strings.ReplaceAll(f.Value, "\n", "\n  "))
	}
	if len(facts) > 0 {
		b.WriteString("\n")
	}
}

// html writes the HTML part.
func (w letter) html(ctx context.Context) (string, error) {
	var b bytes.Buffer
	err := page(w).Render(ctx, &b)
	return b.String(), err
}

// line makes one line of a name: control characters and runs of spaces become
// one space, so that nothing in it can end a header field or start a sentence
// on a line of its own.
func line(s string) string { return strings.Join(strings.Fields(printable(s)), " ") }

// lines keeps the line breaks of a text and drops other control characters.
func lines(s string) string {
	var kept []string
	for part := range strings.Lines(strings.ReplaceAll(s, "\r\n", "\n")) {
		if part = line(part); part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "\n")
}

// printable replaces what has no shape, bidirectional overrides among it, by a
// space; letters, marks, digits, signs and spaces stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) || r == '\u200d' || r == '\u200c' { // joiners of Indic and Persian names
			return r
		}
		return ' '
	}, s)
}
