// SPDX-License-Identifier: Apache-2.0

package web

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"verlof/calendar"
	"verlof/errs"
	"verlof/events"
	"verlof/internal/lang"
	"verlof/leave"
	"verlof/people"
	"verlof/web/page"
)

// typing is a form in a tab: what a browser would send of it.
type typing struct {
	*browser
	path string
	url.Values
}

var (
	fieldTag  = regexp.MustCompile(`<input[^>]*>|<option[^>]*>|<select[^>]*>|<textarea[^>]*>[^<]*`)
	attribute = regexp.MustCompile(`(\w[\w-]*)(?:="([^"]*)")?`)
)

// open draws the form of a path in a tab of its own.
func (b *browser) open(t *testing.T, path string) *typing {
	t.Helper()
	return b.openAt(t, path, path)
}

// openAt draws the form of a path that stands on another page.
func (b *browser) openAt(t *testing.T, at, path string) *typing {
	t.Helper()
	f := &typing{browser: b, path: path}
	f.read(t, b.get(at))
	return f
}

// read takes the form out of an answer.
func (f *typing) read(t *testing.T, a *httptest.ResponseRecorder) {
	t.Helper()
	_, body, found := strings.Cut(bodyOf(a), `action="`+f.path+`"`)
	if !found {
		t.Fatalf("%s answers %d without its form: %s", f.path, a.Code, bodyOf(a))
	}
	body, _, _ = strings.Cut(body, "</form>")
	f.Values = url.Values{}
	choice := ""
	for _, tag := range fieldTag.FindAllString(body, -1) {
		tag, text, _ := strings.Cut(tag, ">")
		at := map[string]string{}
		for _, x := range attribute.FindAllStringSubmatch(tag[1:], -1) {
			at[x[1]] = html.UnescapeString(x[2])
		}
		_, checked := at["checked"]
		_, selected := at["selected"]
		switch {
		case strings.HasPrefix(tag, "<select"):
			choice = at["name"]
		case strings.HasPrefix(tag, "<option"):
			if selected || !f.Has(choice) {
				f.Set(choice, at["value"])
			}
		case strings.HasPrefix(tag, "<textarea"):
			f.Add(at["name"], html.UnescapeString(text))
		case (at["type"] == "checkbox" || at["type"] == "radio") && !checked:
		case at["name"] != "":
			f.Add(at["name"], at["value"])
		}
	}
}

// send sends the form as it stands.
func (f *typing) send() *httptest.ResponseRecorder {
	var pairs []string
	for name, values := range f.Values {
		for _, value := range values {
			pairs = append(pairs, name, value)
		}
	}
	return f.agrees(f.path, f.post(f.path, pairs...))
}

// saved sends a form that is taken.
func (f *typing) saved(t *testing.T) {
	t.Helper()
	if a := f.send(); a.Code != http.StatusSeeOther {
		t.Fatalf("%s: %d %s", f.path, a.Code, bodyOf(a))
	}
}

// meanwhile sends a form that somebody else was faster with; it says each of these, and stands there to be
// sent again.
func (f *typing) meanwhile(t *testing.T, says ...string) {
	t.Helper()
	a := f.send()
	text := html.UnescapeString(bodyOf(a))
	if a.Code != http.StatusConflict {
		t.Fatalf("%s: %d %s", f.path, a.Code, text)
	}
	for _, s := range append(says, "nothing was saved yet") {
		if !strings.Contains(text, s) {
			t.Errorf("does not say %q: %s", s, problem.FindString(bodyOf(a)))
		}
	}
	f.read(t, a)
}

func orgOf(w *world, c *customer) *people.Organisation {
	w.Helper()
	o, err := c.People.Organisation(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return o
}

func teamOf(w *world, c *customer, id string) people.Team {
	w.Helper()
	for _, x := range orgOf(w, c).Teams {
		if x.ID == id {
			return x
		}
	}
	w.Fatalf("no team %s", id)
	return people.Team{}
}

// TestPersonMeanwhile: a form that somebody else was faster with lets nobody in who was shut out, gives no
// role back that was taken away, and can be sent once more with what was typed.
func TestPersonMeanwhile(t *testing.T) {
	w := newWorld(t, nil)
	c := w.acme
	noor := people.ID(c.id("noor"))
	path := "/manage/people/" + string(noor) + "/edit"
	first := w.at(c, "ana").open(t, path)
	first.Set("payroll", "yes")
	first.saved(t)
	late, fresh := w.at(c, "ana").open(t, path), w.at(c, "ana").open(t, path)
	fresh.Del("active")
	fresh.Del("payroll")
	fresh.Set("family", "Bakker-Jansen")
	fresh.Set("given", "Eleonora")
	fresh.saved(t)
	late.Set("number", "N77")
	late.Set("given", "Noortje")
	late.meanwhile(t, "Somebody else changed this", "Family name is now: Bakker-Jansen. You left this field alone", "Given name is now: Eleonora. The form keeps",
		"Active is now: not ticked", "Payroll is now: not ticked")
	p := orgOf(w, c).Person(noor)
	if p.Active || p.Number == "N77" || p.Roles.Has(people.Payroll) {
		t.Errorf("it was saved all the same: %+v", p)
	}
	late.saved(t)
	p = orgOf(w, c).Person(noor)
	if p.Active || p.Roles.Has(people.Payroll) || p.FamilyName != "Bakker-Jansen" || p.GivenName != "Noortje" || p.Number != "N77" {
		t.Errorf("sent again: %+v", p)
	}
}

// TestPersonWithoutMark: nobody knows what a form that carries no mark was drawn from.
func TestPersonWithoutMark(t *testing.T) {
	w := newWorld(t, nil)
	c := w.acme
	noor := people.ID(c.id("noor"))
	f := w.at(c, "ana").open(t, "/manage/people/"+string(noor)+"/edit")
	f.Del("drawn")
	f.Del("active")
	f.meanwhile(t, "no longer known", "Active is now: ticked. The form keeps")
	if f.Has("active") || !orgOf(w, c).Person(noor).Active {
		t.Error("what was typed is gone, or was saved")
	}
	f.saved(t)
	if orgOf(w, c).Person(noor).Active {
		t.Error("sent again, and not saved")
	}
}

// TestTeamMeanwhile: who stopped leading a team does not begin again, and who joined it stays; what was ticked
// for others is kept.
func TestTeamMeanwhile(t *testing.T) {
	w := newWorld(t, nil)
	c := w.acme
	path := "/manage/teams/" + c.id("sales")
	late, fresh := w.at(c, "ana").open(t, path), w.at(c, "ana").open(t, path)
	fresh.Values["managers"] = []string{c.id("esra")}
	fresh.Add("members", c.id("noor"))
	fresh.saved(t)
	late.Set("name", "Sales and service")
	late.Add("managers", c.id("ana"))
	late.meanwhile(t, "Manager, taken away meanwhile: Bram", "Member, added meanwhile: Noor")
	late.saved(t)
	got := teamOf(w, c, c.id("sales"))
	slices.Sort(got.Managers)
	if got.Name != "Sales and service" || !slices.Equal(got.Managers, []people.ID{people.ID(c.id("ana")), people.ID(c.id("esra"))}) || !slices.Contains(got.Members, people.ID(c.id("noor"))) {
		t.Errorf("%+v", got)
	}
}

// TestSicknessMeanwhile: who was reported well while somebody corrects the report stays well.
func TestSicknessMeanwhile(t *testing.T) {
	w := newWorld(t, nil)
	c := w.acme
	carla, ana := people.ID(c.id("carla")), people.ID(c.id("ana"))
	r, err := c.Leave.ReportSick(t.Context(), carla, leave.SickAsk{Person: carla, From: calendar.MustParse("2026-03-09")})
	if err != nil {
		t.Fatal(err)
	}
	late := w.at(c, "ana").open(t, "/absences/"+r.ID+"/correct")
	late.Set("certified", "yes")
	last := calendar.MustParse("2026-03-12")
	if err := c.Leave.RecoverSick(t.Context(), carla, r.ID, last); err != nil {
		t.Fatal(err)
	}
	late.meanwhile(t, "Carla Fonseca changed this", "Last day sick is now: 12 Mar 2026. You left")
	late.saved(t)
	d, err := c.Leave.SickDetail(t.Context(), ana, r.ID)
	if err != nil || d.Report.To != last || !d.Report.Certified {
		t.Errorf("%v: last day %v, certified %t", err, d.Report.To, d.Report.Certified)
	}
}

// TestCorrectionKeepsSteps: a correction loses no step of recovery that a program said.
func TestCorrectionKeepsSteps(t *testing.T) {
	w := newWorld(t, nil)
	c := w.acme
	carla, ana := people.ID(c.id("carla")), people.ID(c.id("ana"))
	r, err := c.Leave.ReportSick(t.Context(), carla, leave.SickAsk{Person: carla, From: calendar.MustParse("2026-01-05")})
	if err != nil {
		t.Fatal(err)
	}
	steps := func() leave.SickDetail {
		d, err := c.Leave.SickDetail(t.Context(), ana, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for i := range 8 {
		r.Recovery = append(r.Recovery, leave.Recovery{From: r.From.AddDays(7 * (i + 1)), Percent: 10 * (i + 1)})
	}
	d := steps()
	if err := c.Leave.CorrectSick(t.Context(), ana, r.ID, d.Last(), r); err != nil {
		t.Fatal(err)
	}
	f := w.at(c, "ana").open(t, "/absences/"+r.ID+"/correct")
	f.Set("certified", "yes")
	f.saved(t)
	if got := steps().Report.Recovery; len(got) != 8 {
		t.Errorf("%d steps are left: %v", len(got), got)
	}
	f = w.at(c, "ana").open(t, "/absences/"+r.ID+"/correct")
	f.Set("step8", r.From.AddDays(7*9).String())
	f.Set("percent8", "90")
	f.saved(t)
	if got := steps().Report.Recovery; len(got) != 9 || got[8].Percent != 90 {
		t.Errorf("a ninth step does not stay: %v", got)
	}
	for len(r.Recovery) < leave.MaxRecovery {
		r.Recovery = append(r.Recovery, leave.Recovery{From: r.From.AddDays(7 * (len(r.Recovery) + 1)), Percent: 90})
	}
	d = steps()
	if err := c.Leave.CorrectSick(t.Context(), ana, r.ID, d.Last(), r); err != nil {
		t.Fatal(err)
	}
	d = steps()
	r.Recovery = append(r.Recovery, leave.Recovery{From: r.From.AddDays(300), Percent: 95})
	if err := c.Leave.CorrectSick(t.Context(), ana, r.ID, d.Last(), r); !errs.Is(err, errs.Invalid) {
		t.Errorf("more steps than a report has room for: %v", err)
	}
}

// TestDrawnBetween: what somebody changes after the record was compared, and before it is saved, has it
// compared once more.
func TestDrawnBetween(t *testing.T) {
	w := newWorld(t, nil)
	c, ana := w.acme, people.ID(w.acme.id("ana"))
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	rename := func(id, name string) func() {
		return func() {
			if _, err := c.People.SaveTeam(t.Context(), ana, people.Team{ID: c.id(id), Name: name}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tt := range map[string]struct {
		between func()
		fine    bool
		ends    string
	}{
		"another": {rename("workshop", "Shed"), true, "Ours"},
		"this":    {rename("sales", "Theirs"), false, "Theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			rename("sales", "Sales")()
			team := func() string { return teamOf(w, c, c.id("sales")).Name }
			draw := func() (*page.Drawn, error) {
				d := page.Draw(lang.For("en"))
				d.Text("name", "", team())
				return d, nil
			}
			d, _ := draw()
			f, tries := d.Form(), 0
			err := page.AsDrawn(r, c.Tenant, f, draw, func(r *http.Request) error {
				if tries++; tries == 1 {
					tt.between()
				}
				_, err := f.Attempt(func() error {
					_, err := c.People.SaveTeam(r.Context(), ana, people.Team{ID: c.id("sales"), Name: "Ours"})
					return err
				})
				return err
			})
			if err != nil || tries != 2 || f.Fine() != tt.fine || team() != tt.ends {
				t.Errorf("%v, %d tries, fine %t: the team is %s", err, tries, f.Fine(), team())
			}
		})
	}
}

// TestRulesMeanwhile: what somebody else changed in the settings, a role or a leave type stays; what was typed is
// saved beside it.
func TestRulesMeanwhile(t *testing.T) {
	for name, tt := range map[string]struct {
		path        string
		fresh, late [2]string // what is changed; no value: nothing is ticked or chosen
		says        string
	}{
		"settings": {"/manage/settings", [2]string{"sick_figures", "yes"}, [2]string{"name", "Acme Cycles"}, "is now: ticked. You left"},
		"role":     {"/manage/roles/{sales}", [2]string{"rights", "see-events"}, [2]string{"name", "Lookers"}, ", added meanwhile: "},
		"type":     {"/manage/types/special", [2]string{"retired", "yes"}, [2]string{"name", "Special days"}, "is now: ticked. You left"},
		"webhook":  {"/manage/webhooks/{hook}", [2]string{"off", "yes"}, [2]string{"description", "Wages"}, "is now: ticked. You left"},
		"colour":   {"/manage/types/special", [2]string{"colour", "7"}, [2]string{"name", "Special days"}, "Colour is now: "},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			c := w.acme
			path := strings.NewReplacer("{sales}", c.id("sales"), "{hook}", c.hook).Replace(tt.path)
			late, fresh := w.at(c, "ana").open(t, path), w.at(c, "ana").open(t, path)
			if tt.fresh[0] == "rights" {
				fresh.Add(tt.fresh[0], tt.fresh[1])
			} else {
				fresh.Set(tt.fresh[0], tt.fresh[1])
			}
			fresh.saved(t)
			late.Set(tt.late[0], tt.late[1])
			late.meanwhile(t, "Somebody else changed this", tt.says)
			late.saved(t)
			got := w.at(c, "ana").open(t, path)
			if !slices.Contains(got.Values[tt.fresh[0]], tt.fresh[1]) || got.Get(tt.late[0]) != tt.late[1] {
				t.Errorf("%v", got.Values)
			}
		})
	}
}

// TestWebhookBetween: what somebody else saves of a webhook between the look and the save is not written over.
func TestWebhookBetween(t *testing.T) {
	w := newWorld(t, nil)
	c, ana := w.acme, people.ID(w.acme.id("ana"))
	seen, err := c.Events.Webhook(t.Context(), ana, c.hook)
	if err != nil {
		t.Fatal(err)
	}
	wish := events.Wish{URL: seen.URL, Description: "Theirs", Types: seen.Types, Seen: &seen}
	if err := c.Events.Save(t.Context(), ana, c.hook, wish); err != nil {
		t.Fatal(err)
	}
	wish.Description = "Ours"
	if err := c.Events.Save(t.Context(), ana, c.hook, wish); !errs.Is(err, errs.Conflict) {
		t.Errorf("written over: %v", err)
	}
}
