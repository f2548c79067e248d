// SPDX-License-Identifier: Apache-2.0

package web

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"verlof/calendar"
	"verlof/errs"
	"verlof/identity"
	"verlof/identity/bureau"
	"verlof/people"
	"verlof/tenant"
)

func init() { maps.Copy(sheets, bureauSheets) }

var admissionBoxes = []box{{name: "reason", value: "Keeps our leave"}, {name: "roles", value: "payroll", kind: pick}, {name: "whom", value: "some", kind: pick},
	{name: "mails", value: "someone@bureau.example.test"}, {name: "until", value: "2026-12-31", kind: day}}

// bureauSheets are the forms of both sides.
var bureauSheets = map[string]sheet{
	"/manage/bureaus/new": {who: "ana", path: "/manage/bureaus/new", boxes: append([]box{{name: "host", value: "other.example.test"}}, admissionBoxes...),
		also: []slip{{"asked_already", map[string]string{"host": "bureau.example.test"}}, {"own", map[string]string{"host": "{host}"}}}},
	"/manage/bureaus/{id}":      {who: "ana", path: "/manage/bureaus/{bureau}", boxes: admissionBoxes},
	"/manage/bureaus/{id}/end":  {who: "ana", path: "/manage/bureaus/{bureau}/end"},
	"/manage/served/{id}":       {who: "ana", path: "/manage/served/{served}", boxes: []box{{name: "sent", value: "some", kind: pick}, {name: "people", value: "{carla}", kind: pick}}},
	"/manage/served/{id}/leave": {who: "ana", path: "/manage/served/{served}/leave"},
}

// firm is a world in which acme admits globex: globex is the bureau.
type firm struct {
	*world
	id    string // of the admission
	clock time.Time
}

// newFirm has acme admit globex and globex accept, both as change says.
func newFirm(t *testing.T, change func(*bureau.Admission)) *firm {
	t.Helper()
	f := &firm{clock: now}
	f.world = newWorldAt(t, nil, func() time.Time { return f.clock })
	f.dir.ServedBy(f.handler)
	f.id = f.admit(f.acme, f.globex, change)
	f.choose(f.globex, f.id, true)
	return f
}

// admit has one customer offer an admission to another.
func (f *firm) admit(c, b *customer, change func(*bureau.Admission)) string {
	f.Helper()
	a := bureau.Admission{Host: b.host, Roles: people.Administrator, Whom: bureau.Whom{All: true}, Reason: "Keeps our leave", Until: calendar.On(2026, 6, 30)}
	if change != nil {
		change(&a)
	}
	id, err := c.Bureaus.Admit(f.Context(), f.fresh(c, "ana"), a)
	if err != nil {
		f.Fatal(err)
	}
	f.carry()
	return id
}

// choose has a bureau accept, for everybody or for some.
func (f *firm) choose(b *customer, id string, all bool, who ...string) {
	f.Helper()
	var chosen []people.ID
	for _, name := range who {
		chosen = append(chosen, people.ID(b.id(name)))
	}
	if err := b.Bureaus.Choose(f.Context(), f.fresh(b, "ana"), id, all, chosen); err != nil {
		f.Fatal(err)
	}
	f.carry()
}

func (f *firm) fresh(c *customer, who string) identity.Session {
	return identity.Session{Person: people.ID(c.id(who)), Proven: f.clock}
}

// carry does what the worker does with what the two tell each other.
func (f *firm) carry() {
	f.Helper()
	for _, c := range []*customer{f.acme, f.globex} {
		rows, err := c.Queue().Claim(f.Context(), time.Now().Add(time.Minute), time.Now().Add(time.Hour), 1000)
		if err != nil {
			f.Fatal(err)
		}
		for _, r := range rows {
			if r.Kind == bureau.KindTerms || r.Kind == bureau.KindAnswer {
				if err := f.dir.Carry(f.Context(), c.Tenant, r.Kind, r.Payload); err != nil {
					f.Fatal(err)
				}
			}
		}
	}
}

// steps has somebody of the bureau step over to acme, and returns the browser there with the
// last answer.
func (f *firm) steps(who string) (*browser, *httptest.ResponseRecorder) {
	f.Helper()
	return f.stepsTo(f.acme, f.id, f.at(f.globex, who))
}

func (f *firm) stepsTo(c *customer, id string, there *browser) (*browser, *httptest.ResponseRecorder) {
	f.Helper()
	here := f.at(c, "")
	a := here.get("/sso/" + id + "?next=%2Finbox")
	if a.Code != http.StatusSeeOther {
		return here, a
	}
	a = there.get(local(f.T, a, there.host))
	if a.Code != http.StatusSeeOther {
		return here, a
	}
	return here, here.get(local(f.T, a, here.host))
}

// local returns the path to which an answer sends a browser, on a host.
func local(t *testing.T, a *httptest.ResponseRecorder, host string) string {
	t.Helper()
	u, err := url.Parse(a.Header().Get("Location"))
	if err != nil || u.Host != host {
		t.Fatalf("sent to %q, want %s", a.Header().Get("Location"), host)
	}
	return u.RequestURI()
}

// steppedOver reports whether somebody stepped over.
func steppedOver(a *httptest.ResponseRecorder) bool {
	return a.Code == http.StatusSeeOther && a.Header().Get("Location") == "/inbox"
}

// TestBureau: somebody of a bureau steps over, is shown with the bureau's name, decides on a
// request in that name, and is in no list of people.
func TestBureau(t *testing.T) {
	f := newFirm(t, nil)
	b, a := f.steps("carla")
	if !steppedOver(a) {
		t.Fatalf("%d\n%s", a.Code, bodyOf(a))
	}
	holds(t, b.get("/inbox"), 200, "Carla Fonseca (Globex Gardens)", "Back to Globex Gardens", "http://"+f.globex.host+"/serve")
	if a := b.get("/"); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/inbox" {
		t.Errorf("home: %d to %q", a.Code, a.Header().Get("Location"))
	}
	if a := b.get("/account"); a.Code != http.StatusForbidden {
		t.Errorf("account: %d", a.Code)
	}
	if a := b.post("/requests/"+f.acme.pending+"/approve", "note", ""); a.Code != http.StatusSeeOther {
		t.Fatalf("approve: %d\n%s", a.Code, bodyOf(a))
	}
	ana := f.at(f.acme, "ana")
	holds(t, ana.get("/manage/bureaus"), 200, "Globex Gardens", "Administrator", "Admitted")
	holds(t, ana.get("/manage/bureaus/"+f.id), 200, "Carla Fonseca (Globex Gardens)", "carla@globex.example.test")
	holds(t, f.at(f.globex, "ana").get("/manage/served"), 200, "Acme Bikes", "Everybody admitted")
	holds(t, f.at(f.globex, "carla").get("/serve"), 200, "Acme Bikes", "http://"+f.acme.host+"/sso/"+f.id+"?next=%2F", "requests to decide")
	holds(t, f.at(f.globex, "esra").get("/serve"), 200, "You have not been there yet")
	holds(t, ana.get("/requests/"+f.acme.pending), 200, "Carla Fonseca (Globex Gardens)")
	holds(t, ana.get("/manage/rights"), 200)
	for _, path := range []string{"/manage/people", "/people", "/calendar", "/manage/teams/new"} {
		if strings.Contains(bodyOf(ana.get(path)), "Globex Gardens") {
			t.Errorf("%s counts somebody of a bureau among the people", path)
		}
	}
	// They come again as the same, and both visits are kept.
	if _, a := f.steps("carla"); !steppedOver(a) {
		t.Fatalf("a second time: %d", a.Code)
	}
	visits, guests, err := f.acme.Bureaus.Visits(t.Context(), people.ID(f.acme.id("ana")), f.id)
	if err != nil || len(visits) != 2 || len(guests) != 1 || guests[0].Visits != 2 {
		t.Errorf("visits %v, guests %v, %v", visits, guests, err)
	}
}

// TestBureauEnds: what ends is over with the next request.
func TestBureauEnds(t *testing.T) {
	f := newFirm(t, nil)
	ctx, why := t.Context(), tenant.Why{By: "op", Reason: "test"}
	ana := people.ID(f.acme.id("ana"))
	for name, end := range map[string]struct {
		end, again func() error
	}{
		"the customer ends it": {end: func() error { return f.acme.Bureaus.End(ctx, ana, f.id) }, again: func() error {
			f.id = f.admit(f.acme, f.globex, nil)
			f.choose(f.globex, f.id, true)
			return nil
		}},
		"the bureau gives it up": {end: func() error { return f.globex.Bureaus.Leave(ctx, people.ID(f.globex.id("ana")), f.id) }, again: func() error {
			f.carry()
			f.id = f.admit(f.acme, f.globex, nil)
			f.choose(f.globex, f.id, true)
			return nil
		}},
		"the bureau sends others": {end: func() error {
			return f.globex.Bureaus.Choose(ctx, f.fresh(f.globex, "ana"), f.id, false, []people.ID{people.ID(f.globex.id("esra"))})
		}, again: func() error { f.choose(f.globex, f.id, true); return nil }},
		"the customer admits others": {end: func() error {
			return f.change(func(a *bureau.Admission) { a.Whom = bureau.Whom{Mails: []string{"x@globex.test"}} })
		},
			again: func() error { return f.change(func(a *bureau.Admission) { a.Whom = bureau.Whom{All: true} }) }},
		"the person leaves the bureau": {end: func() error { return f.active(f.globex, "carla", false) }, again: func() error { return f.active(f.globex, "carla", true) }},
		"the bureau is suspended":      {end: func() error { return f.dir.Suspend(ctx, "globex", why) }, again: func() error { return f.dir.Resume(ctx, "globex", why) }},
		"the last day is over": {end: func() error { f.clock = time.Date(2026, 6, 30, 22, 0, 0, 0, time.UTC); return nil },
			again: func() error { f.clock = now; return nil }},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			f.T = t
			f.world.T = t
			b, a := f.steps("carla")
			if !steppedOver(a) {
				t.Fatalf("%d\n%s", a.Code, bodyOf(a))
			}
			holds(t, b.get("/calendar"), 200)
			if err := end.end(); err != nil {
				t.Fatal(err)
			}
			if a := b.get("/calendar"); a.Code != http.StatusSeeOther || !strings.HasPrefix(a.Header().Get("Location"), "/sign-in") {
				t.Errorf("a page: %d", a.Code)
			}
			if a := b.post("/requests/"+f.acme.pending+"/approve", "note", ""); a.Code == http.StatusOK || a.Header().Get("Location") != "" && !strings.HasPrefix(a.Header().Get("Location"), "/sign-in") {
				t.Errorf("an act: %d to %q", a.Code, a.Header().Get("Location"))
			}
			if name != "the bureau is suspended" && name != "the person leaves the bureau" { // who cannot sign in there
				if _, a := f.steps("carla"); steppedOver(a) {
					t.Error("came in again")
				}
			}
			if err := end.again(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestBureauServedSuspended: while the customer is suspended its site is nobody's, and its bureau
// comes in again when it is resumed.
func TestBureauServedSuspended(t *testing.T) {
	f := newFirm(t, nil)
	why := tenant.Why{By: "op", Reason: "test"}
	if err := f.dir.Suspend(t.Context(), "acme", why); err != nil {
		t.Fatal(err)
	}
	if _, a := f.steps("carla"); steppedOver(a) || strings.Contains(bodyOf(a), "Acme Bikes") {
		t.Errorf("to a suspended customer: %d\n%s", a.Code, bodyOf(a))
	}
	lacks(t, f.at(f.globex, "carla").get("/serve"), "requests to decide")
	if err := f.dir.Resume(t.Context(), "acme", why); err != nil {
		t.Fatal(err)
	}
	if _, a := f.steps("carla"); !steppedOver(a) {
		t.Errorf("after it was resumed: %d", a.Code)
	}
}

// TestBureauDemands: what the served customer demands at sign-in is proved at the bureau, or
// nobody comes in.
func TestBureauDemands(t *testing.T) {
	f := newFirm(t, nil)
	demand := func(p identity.Policy) {
		if err := f.acme.Identity.Store.Update(t.Context(), func(tx identity.Tx) error { return tx.SaveSignInPolicy(p) }); err != nil {
			t.Fatal(err)
		}
	}
	demand(identity.DefaultPolicy().Demand("administrator"))
	if _, a := f.steps("carla"); steppedOver(a) || !strings.Contains(bodyOf(a), "You need a second factor here") {
		t.Errorf("with a password alone: %d\n%s", a.Code, bodyOf(a))
	}
	g := f.globex.guard(f.world)
	mila := f.at(f.globex, "")
	g.signIn(mila)
	if a := mila.post("/sign-in/second", "code", g.next()); a.Code != http.StatusSeeOther {
		t.Fatalf("with the app: %d", a.Code)
	}
	if _, a := f.stepsTo(f.acme, f.id, mila); !steppedOver(a) {
		t.Errorf("with two factors: %d\n%s", a.Code, bodyOf(a))
	}
	demand(identity.DefaultPolicy().DemandPasskey("administrator"))
	if _, a := f.stepsTo(f.acme, f.id, mila); steppedOver(a) || !strings.Contains(bodyOf(a), "You need a passkey here") {
		t.Errorf("with an app where a passkey is demanded: %d\n%s", a.Code, bodyOf(a))
	}
	keyed := f.at(f.globex, "")
	asked := keyed.post("/sign-in/passkey/ask")
	if a := keyed.post("/sign-in/passkey", "answer", string(g.key.Get(asked.Body.Bytes()))); a.Code != http.StatusSeeOther {
		t.Fatalf("with the passkey: %d", a.Code)
	}
	if _, a := f.stepsTo(f.acme, f.id, keyed); !steppedOver(a) {
		t.Errorf("with a passkey: %d\n%s", a.Code, bodyOf(a))
	}
}

// TestBureauReminds: two weeks before an admission ends, those who may let the bureau stay are
// told; not before, and not once it was prolonged or ended.
func TestBureauReminds(t *testing.T) {
	f := newFirm(t, nil)
	told := func(at time.Time) int {
		t.Helper()
		f.clock = at
		defer func() { f.clock = now }()
		who, err := f.acme.Bureaus.Ending(t.Context(), f.id)
		if err != nil {
			t.Fatal(err)
		}
		return len(who)
	}
	waits := func(at time.Time) (n int) {
		t.Helper()
		rows, err := f.acme.Queue().Claim(t.Context(), at, at, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Kind == bureau.KindEnding {
				n++
			}
		}
		return n
	}
	soon := time.Date(2026, 6, 20, 12, 0, 0, 0, time.UTC)
	if told(now) != 0 || told(soon) == 0 || told(soon.AddDate(0, 1, 0)) != 0 {
		t.Errorf("told %d now, %d soon before the end, %d after it", told(now), told(soon), told(soon.AddDate(0, 1, 0)))
	}
	_, err := f.acme.Bureaus.Admit(t.Context(), f.fresh(f.acme, "ana"), bureau.Admission{Host: "third.example.test", Roles: people.Payroll,
		Whom: bureau.Whom{All: true}, Reason: "x", Until: calendar.On(2026, 6, 30)})
	if err != nil {
		t.Fatal(err)
	}
	if early, late := waits(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)), waits(soon); early != 0 || late != 1 {
		t.Errorf("%d letters wait early, %d in time", early, late)
	}
	if err := f.change(func(a *bureau.Admission) { a.Until = calendar.On(2026, 9, 30) }); err != nil {
		t.Fatal(err)
	}
	if told(soon) != 0 {
		t.Error("told though it was prolonged")
	}
}

// TestBureauMoves: a bureau that gets another host name tells the customers that it serves, whose
// people's way it is.
func TestBureauMoves(t *testing.T) {
	f := newFirm(t, nil)
	if _, err := f.dir.Rename(t.Context(), "globex", tenant.Names{Main: "gardens.example.test"}, tenant.Why{By: "op", Reason: "test"}); err != nil {
		t.Fatal(err)
	}
	moved, release, err := f.dir.ByHost(t.Context(), "gardens.example.test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	f.globex.Tenant, f.globex.host = moved, "gardens.example.test"
	f.carry()
	a, err := f.acme.Bureaus.Admission(t.Context(), people.ID(f.acme.id("ana")), f.id)
	if err != nil || a.Site != moved.Site {
		t.Errorf("known at %s, is at %s, %v", a.Site, moved.Site, err)
	}
	if there := f.at(f.acme, "").get("/sso/" + f.id); !strings.HasPrefix(there.Header().Get("Location"), moved.Site+"/") {
		t.Errorf("sent to %s", there.Header().Get("Location"))
	}
}

// change changes acme's admission.
func (f *firm) change(how func(*bureau.Admission)) error {
	ctx := f.Context()
	a, err := f.acme.Bureaus.Admission(ctx, people.ID(f.acme.id("ana")), f.id)
	if err != nil {
		return err
	}
	how(&a)
	if err := f.acme.Bureaus.Change(ctx, f.fresh(f.acme, "ana"), a); err != nil {
		return err
	}
	f.carry()
	return nil
}

// active has somebody work for a customer or no longer.
func (f *firm) active(c *customer, who string, is bool) error {
	r, err := c.People.Record(f.Context(), people.ID(c.id("ana")), people.ID(c.id(who)))
	if err != nil {
		return err
	}
	r.Person.Active = is
	return c.People.SavePerson(f.Context(), people.ID(c.id("ana")), r.Person)
}

// TestBureauMay: nobody admits more than they could give, people of a bureau may less than
// whoever admits them, and neither they nor a bureau can pass it on.
func TestBureauMay(t *testing.T) {
	f := newFirm(t, nil)
	ctx := t.Context()
	carla, a := f.steps("carla")
	if !steppedOver(a) {
		t.Fatalf("%d", a.Code)
	}
	for _, path := range []string{"/manage/roles/new", "/manage/sso", "/manage/applications", "/manage/webhooks", "/manage/import", "/manage/provisioning", "/manage/pasts", "/manage/export"} {
		if a := carla.get(path); a.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
	guests, err := f.guests(f.acme)
	if err != nil || len(guests) != 1 {
		t.Fatalf("%v, %v", guests, err)
	}
	guest := identity.Session{Person: guests[0].ID, Proven: now}
	if _, err := f.acme.Pasts(ctx, guest.Person); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a guest sees past states: %v", err)
	}
	if _, err := f.acme.TakeAlong(ctx, guest.Person); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a guest takes everything along: %v", err)
	}
	offer := bureau.Admission{Host: "third.example.test", Roles: people.Payroll, Whom: bureau.Whom{All: true}, Reason: "x", Until: calendar.On(2026, 6, 30)}
	if _, err := f.acme.Bureaus.Admit(ctx, guest, offer); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a guest admits a bureau: %v", err)
	}
	if err := f.acme.Bureaus.End(ctx, guest.Person, f.id); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a guest ends an admission: %v", err)
	}
	if _, err := f.acme.People.SaveTeam(ctx, people.ID(f.acme.id("ana")), people.Team{Name: "T", Managers: []people.ID{guest.Person}}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a guest leads a team: %v", err)
	}
	offer.Host = f.globex.host
	if _, err := f.acme.Bureaus.Admit(ctx, f.fresh(f.acme, "ana"), offer); !errs.Is(err, errs.Conflict) {
		t.Errorf("admitted twice: %v", err)
	}
	if _, err := f.acme.Bureaus.Admit(ctx, identity.Session{Person: people.ID(f.acme.id("ana"))}, offer); err == nil {
		t.Error("admitted without a fresh proof")
	}
	if _, err := f.acme.Bureaus.Admit(ctx, f.fresh(f.acme, "bram"), offer); !errs.Is(err, errs.Forbidden) {
		t.Errorf("bram admits: %v", err)
	}
	offer.Host = "x"
	offer.Reason, offer.Until, offer.Roles, offer.Whom = "", calendar.On(2027, 6, 30), 0, bureau.Whom{}
	_, err = f.acme.Bureaus.Admit(ctx, f.fresh(f.acme, "ana"), offer)
	var fields []string
	for _, one := range errs.All(err) {
		fields = append(fields, errs.As(one).Field)
	}
	slices.Sort(fields)
	if !slices.Equal(fields, []string{"host", "mails", "reason", "roles", "until"}) {
		t.Errorf("wrong at %v: %v", fields, err)
	}
}

func (f *firm) guests(c *customer) ([]people.Person, error) {
	org, err := c.People.Organisation(f.Context())
	if err != nil {
		return nil, err
	}
	return org.Guests, nil
}

// TestBureauWho: a person who works for the customer too comes in as themselves; who is not
// sent is refused at the bureau, and nothing of them is told.
func TestBureauWho(t *testing.T) {
	f := newFirm(t, func(a *bureau.Admission) {
		a.Whom = bureau.Whom{Mails: []string{"carla@globex.example.test", "finn@globex.example.test"}}
	})
	f.choose(f.globex, f.id, false, "carla", "esra")
	if _, a := f.steps("carla"); !steppedOver(a) {
		t.Fatalf("%d\n%s", a.Code, bodyOf(a))
	}
	for _, who := range []string{"finn", "esra", "gita"} { // not sent, not admitted, neither
		if _, a := f.steps(who); steppedOver(a) {
			t.Errorf("%s came in", who)
		}
	}
	if guests, err := f.guests(f.acme); err != nil || len(guests) != 1 {
		t.Errorf("%v, %v", guests, err)
	}
	record, err := f.acme.People.Record(t.Context(), people.ID(f.acme.id("ana")), people.ID(f.acme.id("kim")))
	if err != nil {
		t.Fatal(err)
	}
	record.Person.Email = "carla@globex.example.test"
	if err := f.acme.People.SavePerson(t.Context(), people.ID(f.acme.id("ana")), record.Person); err != nil {
		t.Fatal(err)
	}
	if _, a := f.steps("carla"); steppedOver(a) {
		t.Error("one of the customer's own came in as somebody of a bureau")
	}
}

// TestBureaus: two bureaus of one customer, and a bureau that is served by another, are told
// apart; a customer that is none of theirs opens to neither.
func TestBureaus(t *testing.T) {
	f := newFirm(t, nil)
	back := f.admit(f.globex, f.acme, func(a *bureau.Admission) { a.Roles = people.Payroll })
	f.choose(f.acme, back, true)
	b, a := f.stepsTo(f.globex, back, f.at(f.acme, "esra"))
	if !steppedOver(a) {
		t.Fatalf("%d\n%s", a.Code, bodyOf(a))
	}
	// Somebody of acme who is at globex is not somebody of globex.
	if _, a := f.stepsTo(f.acme, f.id, b); steppedOver(a) {
		t.Error("a guest of the bureau was sent on")
	}
	// The admission of one customer opens no other.
	if a := f.at(f.globex, "").get("/sso/" + f.id); a.Code != http.StatusNotFound {
		t.Errorf("another customer: %d", a.Code)
	}
}
