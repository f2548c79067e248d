// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"encoding/json"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/internal/exact"
)

// mails drains one row and returns what was sent.
func mails(t *testing.T, dir *fakeDirectory, kind string, payload any) []Message {
	t.Helper()
	q, box, c := &fakeQueue{}, &Memory{}, &clock{start}
	q.put("k", kind, payload)
	drain(t, &Mailer{Transport: box, Now: c.now}, q, dir)
	if len(box.Messages()) == 0 {
		t.Fatalf("nothing sent; rows: %s", q.states())
	}
	return box.Messages()
}

// letters are the mails of each kind, by their subjects and links.
var letters = []struct {
	kind   string
	event  Event
	en, nl string // subjects to ana and bob, or mia and noor
	link   string
}{
	{"leave.requested", Event{Request: "r1", Person: "ana", By: "ana"},
		"Ana Example asks for leave: 6–10 Apr 2026", "Ana Example vraagt verlof aan: 6–10 apr 2026", "/requests/r1"},
	{"leave.requested", Event{Request: "r1", Person: "ana", By: "bob"},
		"Leave is asked for Ana Example: 6–10 Apr 2026", "Verlof aangevraagd voor Ana Example: 6–10 apr 2026", "/requests/r1"},
	{"leave.revised", Event{Request: "r1", Person: "ana", By: "ana"},
		"Ana Example changed a request for leave: 6–10 Apr 2026", "Ana Example heeft een verlofaanvraag gewijzigd: 6–10 apr 2026", "/requests/r1"},
	{"leave.unasked", Event{Request: "r1", Person: "ana", By: "ana"},
		"Ana Example changed a request for leave: 6–10 Apr 2026", "Ana Example heeft een verlofaanvraag gewijzigd: 6–10 apr 2026", "/inbox"},
	{"leave.forwarded", Event{Request: "r1", Person: "ana", By: "bob"},
		"Ana Example asks for leave: 6–10 Apr 2026", "Ana Example vraagt verlof aan: 6–10 apr 2026", "/requests/r1"},
	{"leave.reminder", Event{Request: "r1", Person: "ana"},
		"Still waiting for an answer: Ana Example, 6–10 Apr 2026", "Wacht nog op antwoord: Ana Example, 6–10 apr 2026", "/requests/r1"},
	{"leave.stand_in", Event{Request: "r1", Person: "ana", By: "ana"},
		"You stand in for Ana Example", "Je vervangt Ana Example", "/inbox"},
	{"leave.by_clock", Event{Request: "r1", Person: "zoe"},
		"No answer in time, so this leave goes ahead: Ana Example, 6–10 Apr 2026", "Geen antwoord op tijd, dus dit verlof staat vast: Ana Example, 6–10 apr 2026", "/requests/r1"},
	{"leave.approved", Event{Request: "r2", By: "mia"},
		"Your leave is approved: 7 Apr 2026, morning", "Je verlof is goedgekeurd: 7 apr 2026, ochtend", "/requests/r2"},
	{"leave.refused", Event{Request: "r1", By: "mia"},
		"Your leave is not approved: 6–10 Apr 2026", "Je verlof is niet goedgekeurd: 6–10 apr 2026", "/requests/r1"},
	{"leave.withdrawn", Event{Request: "r1", Person: "ana", By: "ana"},
		"Ana Example withdrew a request for leave: 6–10 Apr 2026", "Ana Example heeft een verlofaanvraag ingetrokken: 6–10 apr 2026", "/requests/r1"},
	{"leave.cancelled", Event{Request: "r1", Person: "ana", By: "ana"},
		"Ana Example will not be on leave: 6–10 Apr 2026", "Ana Example gaat niet met verlof: 6–10 apr 2026", "/requests/r1"},
	{"claim.asked", Event{Request: "c1", Person: "ana", By: "ana"},
		"Ana Example has something for you to decide", "Ana Example wacht op je beslissing", "/inbox?claim=c1"},
	{"claim.approved", Event{Request: "c1", By: "mia"},
		"Approved: what you reported for 7 Mar 2026", "Goedgekeurd: wat je meldde voor 7 mrt 2026", "/claims?claim=c1"},
	{"claim.refused", Event{Request: "c1", By: "mia"},
		"Not approved: what you reported for 7 Mar 2026", "Niet goedgekeurd: wat je meldde voor 7 mrt 2026", "/claims?claim=c1"},
	{"claim.withdrawn", Event{Request: "c1", Person: "ana", By: "ana"},
		"Ana Example withdrew something that was waiting for you", "Ana Example heeft iets ingetrokken dat op je wachtte", "/inbox"},
	{"claim.cancelled", Event{Request: "c1", By: "mia"},
		"Taken back: what you reported for 7 Mar 2026", "Teruggenomen: wat je meldde voor 7 mrt 2026", "/claims?claim=c1"},
	{"bureau.ending", Event{Request: "b1"}, "A bureau's admission ends soon", "De toelating van een bureau loopt af", "/manage/bureaus/b1"},
	{"tenant.closing", Event{Request: "2026-12-31"}, "Acme closes on 31 Dec 2026", "Acme sluit op 31 dec 2026", "/"},
	{"webhook.broken", Event{Request: "h1"}, "A webhook has stopped", "Een webhook is gestopt", "/manage/webhooks/h1"},
	{"leave.digest", Event{Request: "2026-03-02"}, "Who is away on 2 Mar 2026", "Wie er afwezig is op 2 mrt 2026", "/calendar"},
	{"leave.changed", Event{}, "Your leave balance was changed", "Je verlofsaldo is gewijzigd", "/balance"},
	{"leave.adjusted", Event{Request: "l1", By: "mia"}, "Your leave balance was adjusted", "Je verlofsaldo is gecorrigeerd", "/balance"},
	{"leave.adjusted", Event{Request: "l2", By: "mia"},
		"An adjustment of your leave balance was taken back", "Een correctie van je verlofsaldo is teruggenomen", "/balance"},
	{"leave.notice", Event{Request: "n1"}, "Take your leave by 30 Jun 2026", "Neem je verlof uiterlijk 30 jun 2026 op", "/notices/n1"},
	{"leave.substitute_asked", Event{Request: "r1", Person: "ana", By: "ana"},
		"Can you take over for Ana Example? 6–10 Apr 2026", "Kun je waarnemen voor Ana Example? 6–10 apr 2026", "/inbox?duty=r1"},
	{"leave.substitute_agreed", Event{Request: "r1", By: "mia"},
		"Mia Manager takes over your work: 6–10 Apr 2026", "Mia Manager neemt voor je waar: 6–10 apr 2026", "/requests/r1"},
	{"leave.substitute_declined", Event{Request: "r1", By: "mia"},
		"Mia Manager cannot take over your work: 6–10 Apr 2026", "Mia Manager kan niet voor je waarnemen: 6–10 apr 2026", "/requests/r1"},
	{"leave.substitute_sure", Event{Request: "r1", Person: "ana", By: "bob"},
		"You take over for Ana Example: 6–10 Apr 2026", "Je neemt waar voor Ana Example: 6–10 apr 2026", "/inbox?duty=r1"},
	{"leave.substitute_free", Event{Request: "r2", Person: "bob", By: "ana"},
		"You do not need to take over for Bob Voorbeeld: 7 Apr 2026, morning", "Je hoeft niet waar te nemen voor Bob Voorbeeld: 7 apr 2026, ochtend", "/inbox"},
	{"leave.collective", Event{Request: "r1", By: "mia"},
		"Leave was booked for you: 6–10 Apr 2026", "Er is verlof voor je geboekt: 6–10 apr 2026", "/requests/r1"},
	{"leave.collective-undone", Event{Request: "r1", By: "mia"},
		"You will not be on leave: 6–10 Apr 2026", "Je gaat niet met verlof: 6–10 apr 2026", "/requests/r1"},
	{"sick.reported", Event{Request: "s1", Person: "ana", By: "ana"}, "Ana Example is away from 2 Mar 2026", "Ana Example is afwezig vanaf 2 mrt 2026", "/absences/s1"},
	{"sick.recovered", Event{Request: "s2", Person: "ana", By: "ana"}, "Ana Example is back from 7 Mar 2026", "Ana Example is terug vanaf 7 mrt 2026", "/absences/s2"},
	{"sick.withdrawn", Event{Request: "s1", Person: "ana", By: "ana"}, "Ana Example is not away after all", "Ana Example is toch niet afwezig", "/absences/s1"},
	{"identity.invited", Event{}, "Your account for leave at Acme", "Je account voor verlof bij Acme", "/invitation/secret"},
	{"identity.reset", Event{}, "Choose a new password", "Kies een nieuw wachtwoord", "/reset/secret"},
	{"identity.changed", Event{}, "Your password was changed", "Je wachtwoord is gewijzigd", "/sign-in"},
	{"identity.factor-added", Event{}, "A second factor was added to your account", "Er is een tweede factor aan je account toegevoegd", "/account"},
	{"identity.factor-removed", Event{}, "A second factor was removed from your account", "Er is een tweede factor van je account verwijderd", "/account"},
	{"identity.sessions-ended", Event{}, "You were signed out everywhere", "Je bent overal uitgelogd", "/sign-in"},
	{"identity.factors-reset", Event{}, "Your second factors were reset", "Je tweede factoren zijn gewist", "/sign-in"},
	{"identity.readdressed", Event{}, "Your email address was changed", "Je e-mailadres is gewijzigd", "/sign-in"},
	{"identity.elsewhere", Event{}, "New sign-in to your account", "Nieuwe inlog op je account", "/account"},
	{"identity.code-used", Event{}, "A recovery code was used", "Er is een herstelcode gebruikt", "/account"},
}

// toOne are the kinds that name the one who gets the mail.
var toOne = []string{"leave.unasked", "leave.stand_in", "leave.substitute_asked", "leave.substitute_sure", "leave.substitute_free"}

// TestSubstituteKnowsNoReason: who does the work learns the days, and neither the type nor what
// was written.
func TestSubstituteKnowsNoReason(t *testing.T) {
	for _, kind := range []string{"leave.substitute_asked", "leave.substitute_sure", "leave.substitute_free"} {
		dir := acme()
		dir.requests["r1"] = Request{ID: "r1", Person: "ana", From: calendar.MustParse("2026-04-06"), To: calendar.MustParse("2026-04-10"),
			Type: "Holiday", Reason: "Moving house", Substitute: map[bool]string{true: "mia"}[kind != "leave.substitute_free"]}
		for _, m := range mails(t, dir, kind, Event{Request: "r1", Person: "ana", By: "ana", To: "mia"}) {
			all := m.Subject + m.Text + m.HTML
			if strings.Contains(all, "Holiday") || strings.Contains(all, "Moving") || !strings.Contains(all, "6–10 Apr 2026") {
				t.Errorf("%s: tells too much, or no days:\n%s", kind, m.Text)
			}
		}
	}
}

// TestLetters renders every kind in both languages: a missing sentence or
// variable panics in tests.
func TestLetters(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range letters {
		t.Run(tt.kind, func(t *testing.T) {
			seen[tt.kind] = true
			dir := acme()
			var got []Message
			switch {
			case slices.Contains(toOne, tt.kind):
				for _, to := range []string{"mia", "noor"} {
					tt.event.To = to
					r := dir.requests["r1"]
					r.Substitute = to
					dir.requests["r1"] = r
					got = append(got, mails(t, dir, tt.kind, tt.event)...)
				}
			case tt.event.Person != "":
				got = mails(t, dir, tt.kind, tt.event)
			default:
				for _, p := range []string{"ana", "bob"} {
					tt.event.Person = p
					got = append(got, mails(t, dir, tt.kind, tt.event)...)
				}
			}
			for i, want := range []string{tt.en, tt.nl} {
				m := got[i]
				if m.Subject != want || m.Locale != []string{"en", "nl"}[i] {
					t.Errorf("subject %q (%s), want %q", m.Subject, m.Locale, want)
				}
				link := "https://acme.example:8443" + tt.link
				if !strings.Contains(m.Text, link) || !strings.Contains(m.HTML, `href="`+link) {
					t.Errorf("no link to %s in\n%s\n%s", link, m.Text, m.HTML)
				}
			}
		})
	}
	for kind := range kinds {
		if !seen[kind] && kind != "leave.clock" && kind != "leave.digests" { // they write to nobody
			t.Errorf("%s has no test", kind)
		}
	}
}

// TestLetterOfChange: who decides on a changed request reads what was asked for before, and what is
// now; of a private type the days alone. Once it is decided nobody is told.
func TestLetterOfChange(t *testing.T) {
	day := calendar.MustParse
	for _, tt := range []struct{ typ, want string }{
		{"Holiday", "Before: 1–3 Apr 2026 · Holiday · 3 days\nWhen: 6–10 Apr 2026\n"},
		{"", "Before: 1–3 Apr 2026\nWhen: 6–10 Apr 2026\n"},
	} {
		dir := acme()
		r := dir.requests["r1"]
		r.Was = &Request{From: day("2026-04-01"), To: day("2026-04-03"), Type: tt.typ}
		if tt.typ != "" {
			r.Was.Amount = exact.Int(3)
		}
		dir.requests["r1"] = r
		if got := mails(t, dir, "leave.revised", Event{Request: "r1", Person: "ana", By: "ana"}); len(got) != 2 || !strings.Contains(got[0].Text, tt.want) {
			t.Errorf("%d mails, want %q in\n%s", len(got), tt.want, got[0].Text)
		}
		if got := mails(t, dir, "leave.revised", Event{Request: "r1", Person: "ana", By: "bob"}); len(got) != 3 || !strings.Contains(got[0].Text, "Bob Voorbeeld changed your request") ||
			!strings.Contains(got[1].Text, "Bob Voorbeeld has changed a request of Ana Example") {
			t.Errorf("in the person's name: %d mails\n%s", len(got), got[0].Text)
		}
		r.Pending = false
		dir.requests["r1"] = r
		if ids, err := recipients(t.Context(), dir, kinds["leave.revised"], Event{Request: "r1", Person: "ana", By: "bob"}); len(ids) > 0 || err != nil {
			t.Errorf("of what is decided %v are told, %v", ids, err)
		}
	}
}

// TestLetterWeighs: who decides reads what is left afterwards, which limits the leave goes beyond, until when to answer, and
// who else is away, as many as the page names; the person reads none of it.
func TestLetterWeighs(t *testing.T) {
	day := calendar.MustParse
	dir := acme()
	away := func(name string) Away {
		return Away{Name: name, From: day("2026-04-07"), To: day("2026-04-08"), Pending: name == "Bob Voorbeeld"}
	}
	dir.weighing = Weighing{Left: []Left{{2026, exact.Int(0), false}, {2027, exact.Int(90), true}}, AnswerBy: day("2026-03-20"), Due: day("2026-03-10"),
		Limits: []Sentence{{"approval.breach.away", []any{"name", "Two at the desk", "date", day("2026-04-07"), "away", 3, "of", 4}}},
		Away:   []Away{away("Bob Voorbeeld"), away("Cleo"), away("Dora"), away("Ed"), away("Finn"), away("Gus")}}
	for _, kind := range []string{"leave.requested", "leave.revised", "leave.forwarded", "leave.reminder"} {
		got := mails(t, dir, kind, Event{Request: "r1", Person: "ana", By: "bob"})
		for _, m := range got {
			switch m.To.Address {
			case "ana@acme.example":
				if strings.Contains(m.Text, "After this: ") || strings.Contains(m.Text, "Cleo") {
					t.Errorf("%s to the person:\n%s", kind, m.Text)
				}
			case "noor@acme.example": // of whom is known nothing
				if !strings.Contains(m.Text, "Verder is niemand van het team afwezig.") {
					t.Errorf("%s:\n%s", kind, m.Text)
				}
			default:
				for _, want := range []string{"After this: 0 days left of 2026\n  1:30 h left of 2027\n", "Mind: Two at the desk: on 7 Apr 2026 3 of 4 would be away.\n",
					"Answer due: By 20 Mar 2026. Without", "Also away then:\n\nBob Voorbeeld: 7–8 Apr 2026, pending\nCleo: 7–8 Apr 2026\nDora: 7–8 Apr 2026\nEd: 7–8 Apr 2026\n\n2 more\n"} {
					if !strings.Contains(m.Text, want) {
						t.Errorf("%s: no %q in\n%s", kind, want, m.Text)
					}
				}
				if !strings.Contains(m.HTML, "2 more") || !strings.Contains(m.HTML, "Two at the desk") || strings.Contains(m.Text+m.HTML, "Finn") {
					t.Errorf("%s: %s", kind, m.HTML)
				}
			}
		}
	}
	dir.weighing = Weighing{Due: day("2026-03-10")}
	if m := mails(t, dir, "leave.requested", Event{Request: "r1", Person: "ana", By: "ana"})[0]; !strings.Contains(m.Text, "Answer due: After 10 Mar 2026 the next in line can decide too.") ||
		!strings.Contains(m.Text, "Nobody else in the team is away.") || strings.Contains(m.Text, "Left after") {
		t.Errorf("little to tell:\n%s", m.Text)
	}
}

func TestLetterToThePersonWhenAnotherDidIt(t *testing.T) {
	for _, kind := range []string{"leave.withdrawn", "leave.cancelled"} {
		got := mails(t, acme(), kind, Event{Request: "r1", Person: "ana", By: "mia"})
		if m := got[0]; m.To.Address != "ana@acme.example" || !strings.Contains(m.Text, "Mia Manager") || strings.Contains(m.Text, "Who:") {
			t.Errorf("%s: %s\n%s", kind, m.To.Address, m.Text)
		}
	}
}

// TestLetterKeepsSicknessPrivate: those who lead read that somebody is away; that it is
// sickness only where the customer lets them know. No subject says it.
func TestLetterKeepsSicknessPrivate(t *testing.T) {
	for _, known := range []bool{false, true} {
		for _, kind := range []string{"sick.reported", "sick.recovered", "sick.withdrawn"} {
			dir := acme()
			dir.known = known
			report := map[bool]string{true: "s2", false: "s1"}[kind == "sick.recovered"]
			sent := mails(t, dir, kind, Event{Request: report, Person: "ana", By: "noor"})
			if len(sent) != 2 { // mia, and ana, whom noor reported
				t.Fatalf("%s: %d mails", kind, len(sent))
			}
			for _, m := range sent {
				text := strings.ToLower(m.Text + m.HTML)
				says := strings.Contains(text, "sick") || strings.Contains(text, "ziek")
				if may := known || m.To.Address == "ana@acme.example"; says && !may {
					t.Errorf("%s tells %s of sickness, known %v:\n%s", kind, m.To.Address, known, m.Text)
				}
				if strings.Contains(strings.ToLower(m.Subject), "sick") {
					t.Errorf("the subject tells: %s", m.Subject)
				}
			}
		}
	}
	if text := mails(t, acme(), "sick.reported", Event{Request: "s1", Person: "ana", By: "ana"})[0].Text; !strings.Contains(text, "9 Mar 2026") {
		t.Errorf("the expected return is missing:\n%s", text)
	}
}

func TestLetterTellsTheLifeOfALink(t *testing.T) {
	if m := mails(t, acme(), "identity.reset", Event{Person: "bob"})[0]; !strings.Contains(m.Text, "binnen 1 uur") {
		t.Error(m.Text)
	}
}

// TestLetterKeepsPrivateTypesPrivate: no mail says more than the dates.
func TestLetterKeepsPrivateTypesPrivate(t *testing.T) {
	dir := acme()
	r := dir.requests["r1"]
	r.Type, r.Reason = "", "too often ill"
	dir.requests["r1"] = r
	m := mails(t, dir, "leave.refused", Event{Request: "r1", Person: "ana", By: "mia"})[0]
	if all := m.Subject + m.Text + m.HTML; strings.Contains(all, "ill") && strings.Contains(all, "too often") || strings.Contains(all, "Type of leave") {
		t.Errorf("the mail tells a private reason:\n%s", m.Text)
	}
	r.Type = "Holiday"
	dir.requests["r1"] = r
	m = mails(t, dir, "leave.refused", Event{Request: "r1", Person: "ana", By: "mia"})[0]
	if !strings.Contains(m.Text, "too often ill") || !strings.Contains(m.Text, "Holiday") || strings.Contains(m.Subject, "Holiday") {
		t.Errorf("the mail lacks type and reason, or its subject tells them:\n%s", m.Text)
	}
	m = mails(t, dir, "leave.requested", asked)[0]
	if strings.Contains(m.Text, "too often ill") {
		t.Error("a request's mail tells a decider's reason")
	}
}

// TestLetterAboutAClaim: it says how much and of what type, and of an event nothing
// but that there is one.
func TestLetterAboutAClaim(t *testing.T) {
	dir := acme()
	m := mails(t, dir, "claim.asked", Event{Request: "c1", Person: "ana", By: "ana"})[0]
	if !strings.Contains(m.Text, "How much: 2:30 h · 150 %") || !strings.Contains(m.Text, "Time off in lieu") || !strings.Contains(m.Text, "About: overtime") {
		t.Errorf("the mail does not say what it is about:\n%s", m.Text)
	}
	dir.requests["c1"] = Request{ID: "c1", Person: "ana", From: dir.requests["c1"].From, To: dir.requests["c1"].To, Claim: "event", Pending: true, Reason: "funeral"}
	m = mails(t, dir, "claim.refused", Event{Request: "c1", Person: "ana", By: "mia"})[0]
	if strings.Contains(m.Text+m.HTML, "funeral") || !strings.Contains(m.Text, "an event") {
		t.Errorf("the mail about an event:\n%s", m.Text)
	}
}

func TestLetterEscapes(t *testing.T) {
	dir := acme()
	dir.people["ana"] = Person{ID: "ana", Name: `<script>alert("x")</script> & Söhne`, Mail: "ana@acme.example"}
	r := dir.requests["r1"]
	r.Type = "<b>Holiday</b>"
	dir.requests["r1"] = r
	m := mails(t, dir, "leave.requested", asked)[0]
	if strings.Contains(m.HTML, "<script>") || strings.Contains(m.HTML, "<b>") {
		t.Errorf("markup in a name reaches the page:\n%s", m.HTML)
	}
	if !strings.Contains(m.HTML, "&lt;script&gt;") || !strings.Contains(m.Text, `<script>alert("x")</script> & Söhne`) {
		t.Error("the name is not shown as it is")
	}
}

func TestLetterMakesOneLineOfNames(t *testing.T) {
	const evil = "Ana\r\nBcc: eve@evil.example\r\n\r\n\u202eHello\x00"
	dir := acme()
	dir.people["ana"] = Person{ID: "ana", Name: evil, Mail: "ana@acme.example"}
	for _, kind := range []string{"leave.requested", "leave.approved"} {
		m := mails(t, dir, kind, Event{Request: "r1", Person: "ana", By: "bob"})[0]
		raw := wire(t, m)
		head, _, _ := strings.Cut(raw, "\r\n\r\n")
		if strings.Contains(head, "\nBcc") || strings.ContainsAny(m.Subject+m.To.Name, "\r\n\x00\u202e") {
			t.Errorf("a name adds a header field:\n%s", head)
		}
		if strings.Contains(m.Text, "\nBcc") || !strings.Contains(m.Text, "Ana Bcc: eve@evil.example Hello") {
			t.Errorf("a name begins a line:\n%s", m.Text)
		}
	}
}

// TestBuildRefuses plants what the letters never write.
func TestBuildRefuses(t *testing.T) {
	good := mails(t, acme(), "leave.requested", asked)[0]
	tests := map[string]func(m *Message){
		"subject":      func(m *Message) { m.Subject += "\r\nBcc: eve@evil.example" },
		"id":           func(m *Message) { m.ID += ">\nX: y" },
		"sender":       func(m *Message) { m.From.Name = "A\nB" },
		"recipient":    func(m *Message) { m.To = mail.Address{Address: "ana@acme.example>\nX: y"} },
		"no_sender":    func(m *Message) { m.From = mail.Address{} },
		"no_recipient": func(m *Message) { m.To = mail.Address{} },
		"list":         func(m *Message) { m.ListID = "a\nb" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			m := good
			spoil(&m)
			if _, err := build(m); !errs.Is(err, errs.Invalid) {
				t.Errorf("error %v, want errs.Invalid", err)
			}
		})
	}
}

func wire(t *testing.T, m Message) string {
	t.Helper()
	g, err := build(m)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := g.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHeaderFields(t *testing.T) {
	raw := wire(t, mails(t, acme(), "leave.requested", asked)[1])
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"From":             `"Acme" <leave@acme.example>`,
		"To":               `"Noor Manager" <noor@acme.example>`,
		"Date":             "Mon, 02 Mar 2026 09:00:00 +0000",
		"Auto-Submitted":   "auto-generated",
		"List-Id":          "<acme.example>",
		"Content-Language": "nl",
	} {
		if got := m.Header.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if id := m.Header.Get("Message-ID"); !strings.HasSuffix(id, "@acme.example>") || strings.Contains(id, "r1") || strings.Contains(id, "noor") {
		t.Errorf("Message-ID: %s", id)
	}
	if strings.Contains(strings.ToLower(raw), "go-mail") {
		t.Error("the mail names the library that made it")
	}
}

func TestNoPersonalDataInTheOutbox(t *testing.T) {
	q, c := &fakeQueue{}, &clock{start}
	q.put("k", "leave.requested", asked)
	drain(t, &Mailer{Transport: &Memory{}, Now: c.now}, q, acme())
	for _, r := range q.rows {
		var fields map[string]string
		if err := json.Unmarshal(r.Payload, &fields); err != nil {
			t.Fatal(err)
		}
		for name := range fields {
			if !strings.Contains(" request person by to ", " "+name+" ") {
				t.Errorf("payload holds %s", name)
			}
		}
	}
	if len(q.rows) != 3 {
		t.Errorf("%d rows, want the event and two parts", len(q.rows))
	}
}
