// SPDX-License-Identifier: Apache-2.0

//go:build !race

package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"verlof/calendar"
	"verlof/internal/browsertest"
	"verlof/internal/lang"
	"verlof/operate"
)

// walk is the main job as three people do it, seen in one way: an employee asks
// for leave, the manager decides, the employee sees what became of it.
type walk struct {
	*running
	*lang.Locale
	slug     string
	view     browsertest.View
	me, boss *tab
	days     []calendar.Date // on which the employee works, two years from now, when nobody has plans yet
}

// TestWalk takes the whole flow, on a desk and on a phone, with JavaScript and
// without, in English and in Dutch.
func TestWalk(t *testing.T) {
	t.Parallel()
	for _, w := range []struct {
		slug string
		view browsertest.View
	}{
		{"acme", browsertest.Desk},
		{"birch", browsertest.Phone.InDark().In("nl")},
		{"birch", browsertest.Desk.WithoutScript().In("nl")},
		{"acme", browsertest.Phone.WithoutScript()},
	} {
		t.Run(w.slug+"-"+w.view.String(), func(t *testing.T) {
			t.Parallel()
			newWalk(t, w.slug, w.view).all()
		})
	}
}

func newWalk(t *testing.T, slug string, v browsertest.View) *walk {
	t.Helper()
	w := &walk{running: newRunning(t), Locale: lang.For(v.Language), slug: slug, view: v}
	w.boss = w.tab(t, v, slug, manager)
	w.findDays()
	return w
}

func (w *walk) all() {
	w.enter()
	first := w.ask()
	w.overlap(first)
	w.tooMuch()
	w.chart(first, true)
	refused, second, third, withdrawn := w.quick(2), w.quick(3), w.quick(4), w.quick(5)
	w.withdraw(withdrawn)
	w.approve(first)
	w.refuse(refused)
	w.approveBoth(second, third)
	w.seesDecisions(first, refused, second, third)
	w.mail()
	w.chart(first, false)
	w.balance()
	w.cancel(first)
	w.leave()
	w.takesOver()
}

// t is a sentence of the catalogue; the walk's reader is its language.
func (w *walk) t(key string, args ...any) string { return w.Locale.T(key, args...) }

// month is the first of the month in which the walk takes leave.
func (w *walk) month() calendar.Date {
	return calendar.On(calendar.DateOf(time.Now()).Year()+1, time.October, 1)
}

// findDays reads from the calendar of the request's page on which days the
// employee works.
func (w *walk) findDays() {
	w.Helper()
	_, page := w.client(w.slug, employee).get("/leave/new?month=" + w.month().String()[:7])
	cell := regexp.MustCompile(`<td class="([^"]*)"><a class="day"[^>]*data-day="([0-9-]+)"`)
	for _, m := range cell.FindAllStringSubmatch(page, -1) {
		d := calendar.MustParse(m[2])
		if strings.Contains(m[1], "off") || strings.Contains(m[1], "hol") || d.Month() != w.month().Month() {
			continue
		}
		w.days = append(w.days, d)
	}
	if len(w.days) < 8 {
		w.Fatalf("%d working days in a month", len(w.days))
	}
}

// enter signs in: first with a wrong password, which says so and opens nothing.
// Meanwhile a colleague books the same days.
func (w *walk) enter() {
	w.Helper()
	mate := w.client(w.slug, colleague)
	typ := w.find(mate, "/leave/new", `name="type" value="([^"]+)"`)
	if status, page := mate.post("/leave/new", "type", typ, "from", w.days[0].String(), "to", w.days[1].String()); status != http.StatusOK {
		w.Fatalf("the colleague's request: %d\n%s", status, page)
	}
	who := w.person(w.slug, employee)
	w.me = w.tab(w.running.T, w.view, w.slug, nobody)
	w.me.visit("/requests")
	if !strings.Contains(w.me.URL(), "/sign-in") {
		w.Errorf("signed out, and at %s", w.me.URL())
	}
	w.me.signIn(who.Email, "not the password")
	if !w.me.Has("[role=alert]") {
		w.Errorf("a wrong password: %s", w.me.main())
	}
	w.me.signIn(who.Email, operate.DemoPassword)
	if !strings.HasSuffix(w.me.URL(), "/requests") {
		w.Errorf("signing in does not lead back, but to %s", w.me.URL())
	}
}

// ask asks for two days, each screen in its own way, and returns the request's
// path.
func (w *walk) ask() string {
	w.Helper()
	w.me.visit("/")
	w.me.Follow("main a[href='/leave/new']")
	w.me.visit("/leave/new?month=" + w.month().String()[:7])
	from, to := w.days[0], w.days[1]
	switch {
	case w.view.NoScript:
		w.me.Follow(onDay(from))
		w.me.Follow(onDay(to))
		w.me.Type("[name=note]", "Skiing")
		w.me.Follow("[name=do][value=show]")
	case w.view.Touch:
		w.me.Click(onDay(from))
		w.me.Click(onDay(to))
		w.me.Type("[name=note]", "Skiing")
	default:
		w.chooseByKeyboard(from, to)
	}
	w.me.Wait("#preview .change")
	w.me.sees(w.Range(from, to), w.t("web.beside.title"), w.person(w.slug, colleague).Name)
	w.change("#preview .change", 2)
	if w.me.Value("[name=note]") != "Skiing" {
		w.Error("the note is gone")
	}
	w.me.Picture("walk-ask-" + w.slug)
	w.send()
	w.me.sees(w.t("web.flash.asked-pending"), w.t("ui.status.pending"), "Skiing", w.person(w.slug, colleague).Name)
	w.change(".change", 2)
	return strings.TrimPrefix(w.me.URL(), w.me.site)
}

func onDay(d calendar.Date) string { return fmt.Sprintf("[data-day='%s']", d) }

// chooseByKeyboard fills in the form without a mouse.
func (w *walk) chooseByKeyboard(from, to calendar.Date) {
	w.Helper()
	w.me.tabTo("[name=type]")
	w.me.Press(kb.ArrowDown)
	w.me.Press(kb.ArrowUp)
	w.me.tabTo("[data-day]")
	for range from - w.month() {
		w.me.Press(kb.ArrowRight)
	}
	w.me.Wait(onDay(from) + ":focus")
	w.me.Press(kb.Enter)
	for range to - from {
		w.me.Press(kb.ArrowRight)
	}
	w.me.Press(kb.Enter)
	if got := w.me.Value("#f-from") + " " + w.me.Value("#f-to"); got != from.String()+" "+to.String() {
		w.Fatalf("the keyboard chose %s", got)
	}
	w.me.tabTo("[name=note]")
	w.me.Press("Skiing")
}

// send presses the form's button: with the keyboard where that is the walk's way.
func (w *walk) send() {
	w.Helper()
	const button = "form[action='/leave/new'] .btn.primary"
	if w.view.NoScript || w.view.Touch {
		w.me.Follow(button)
		return
	}
	w.me.tabTo(button)
	w.me.Press(kb.Enter)
	w.me.Wait(".badge.wait")
}

// change reads what a request does to the balance, and holds it to the sum.
func (w *walk) change(sel string, atMost float64) {
	w.Helper()
	var n [3]float64
	for i := range n {
		text := w.me.Text(fmt.Sprintf("%s div:nth-child(%d) dd", sel, i+1))
		var err error
		if n[i], err = strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64); err != nil {
			w.Fatalf("the balance says %q", text)
		}
	}
	if n[0]-n[1] != n[2] || n[1] <= 0 || n[1] > atMost {
		w.Errorf("%v before, %v asked, %v after", n[0], n[1], n[2])
	}
}

// refusedHere asks for days and expects a sentence above the form, which keeps
// what was typed.
func (w *walk) refusedHere(from, to calendar.Date, sentence string) {
	w.Helper()
	w.me.visit(fmt.Sprintf("/leave/new?from=%s&to=%s", from, to))
	w.me.sees(sentence) // before it is sent
	w.me.Type("[name=note]", "All the same")
	if status := w.me.Follow("form[action='/leave/new'] .btn.primary"); status != http.StatusConflict {
		w.Errorf("refused with %d", status)
	}
	if said := w.me.Text(".problem"); !strings.Contains(said, sentence) {
		w.Errorf("refused with %q, want %q", said, sentence)
	}
	if got := w.me.Value("#f-from") + w.me.Value("[name=note]"); got != from.String()+"All the same" {
		w.Errorf("the form kept %q", got)
	}
}

func (w *walk) overlap(request string) {
	w.Helper()
	w.refusedHere(w.days[1], w.days[2], w.t("leave.error.overlap", "dates", calendar.Range{From: w.days[0], To: w.days[1]}))
	w.me.Inspect("walk-overlap-" + w.slug)
	w.me.visit(request)
	w.me.sees(w.t("ui.status.pending"))
}

func (w *walk) tooMuch() {
	w.Helper()
	says, _, _ := strings.Cut(w.t("leave.error.balance_by", "cost", "|", "left", "", "over", ""), "|") // as many days as that is
	w.refusedHere(w.month().AddMonths(-3), w.month().AddMonths(-1), says)
}

// quick asks for one of the walk's days by an address that fills in the form.
func (w *walk) quick(day int) string {
	w.Helper()
	w.me.visit(fmt.Sprintf("/leave/new?from=%[1]s&to=%[1]s", w.days[day]))
	w.me.Follow("form[action='/leave/new'] .btn.primary")
	w.me.sees(w.t("web.flash.asked-pending"))
	return strings.TrimPrefix(w.me.URL(), w.me.site)
}

// chart looks for a request in the month's chart, where the manager sees it too.
func (w *walk) chart(request string, pending bool) {
	w.Helper()
	bar := map[bool]string{true: ".p", false: ":not(.p)"}[pending]
	for _, p := range []*tab{w.me, w.boss} {
		p.visit("/calendar?month=" + w.month().String()[:7])
		if !p.Has(fmt.Sprintf(".chart a[href='%s']%s", request, bar)) {
			w.Errorf("the chart of %s does not show %s, pending %t", p.site, request, pending)
		}
	}
}

func (w *walk) withdraw(request string) {
	w.Helper()
	w.me.visit(request)
	w.me.Click("details.confirm > summary")
	w.me.Follow("form[action$='/withdraw'] button")
	w.me.sees(w.t("web.flash.withdrawn"), w.t("ui.status.withdrawn"))
}

// form is the name of the form that decides one request of the inbox.
func form(request string) string { return "one-" + strings.TrimPrefix(request, "/requests/") }

func (w *walk) approve(request string) {
	w.Helper()
	w.boss.visit("/inbox")
	w.boss.sees("Skiing", w.person(w.slug, employee).Name)
	w.boss.Follow(fmt.Sprintf("button[form='%s']:not([formaction])", form(request)))
	w.boss.sees(w.t("web.flash.approved"))
	if w.boss.Has(fmt.Sprintf("button[form='%s']", form(request))) {
		w.Error("what is decided still waits")
	}
}

func (w *walk) refuse(request string) {
	w.Helper()
	w.boss.visit("/inbox")
	w.boss.Click(fmt.Sprintf(".waiting:has(button[form='%s']) details.confirm > summary", form(request)))
	w.boss.Follow(fmt.Sprintf("button[form='%s'][formaction]", form(request))) // without a reason
	if !w.boss.Has(".problem") {
		w.Error("refused without a reason")
	}
	w.boss.Type("main textarea[name=reason]", "We take stock that day.")
	w.boss.Follow("button[formaction$='/refuse']")
	w.boss.sees(w.t("web.flash.refused"))
}

// approveBoth decides two requests at once.
func (w *walk) approveBoth(requests ...string) {
	w.Helper()
	w.boss.visit("/inbox")
	for _, r := range requests {
		w.boss.Click(fmt.Sprintf("[name=request][value='%s']", strings.TrimPrefix(r, "/requests/")))
	}
	w.boss.Picture("walk-several-" + w.slug)
	w.boss.Follow("[name=decision][value=approve]")
	w.boss.sees(w.t("web.flash.all-approved"))
}

func (w *walk) seesDecisions(approved, refused, second, third string) {
	w.Helper()
	w.me.visit("/requests?year=" + strconv.Itoa(w.month().Year()))
	for request, badge := range map[string]string{approved: ".ok", second: ".ok", third: ".ok", refused: ".no"} {
		if !w.me.Has(fmt.Sprintf("tr:has(a[href='%s']) .badge%s", request, badge)) {
			w.Errorf("%s is not shown as %s", request, badge)
		}
	}
	w.me.visit(refused)
	w.me.sees("We take stock that day.", w.t("ui.status.refused"), w.person(w.slug, manager).Name)
}

// mail finds in the demo's mailbox what was written to the manager and the
// employee.
func (w *walk) mail() {
	w.Helper()
	b := w.client(w.slug, employee)
	me, boss := w.person(w.slug, employee), w.person(w.slug, manager)
	for _, x := range []struct{ to, subject string }{
		{boss.Email, w.t("mail.requested.subject", "person", me.Name, "dates", calendar.Range{From: w.days[0], To: w.days[1]})},
		{me.Email, w.t("mail.approved.subject", "dates", calendar.Range{From: w.days[0], To: w.days[1]})},
		{me.Email, w.t("mail.refused.subject", "dates", w.days[2])},
		{me.Email, w.t("mail.approved.subject", "dates", w.days[3])},
	} {
		wait(w.running.T, "for a mail to "+x.to+": "+x.subject, func() bool {
			_, page := b.get("/demo/mail")
			return strings.Contains(page, x.subject)
		})
	}
	w.me.visit("/demo/mail")
	w.me.sees(me.Email, boss.Email)
	if _, page := b.get("/demo/mail"); !strings.Contains(page, "We take stock that day.") { // folded away
		w.Error("the mail of a refusal does not say why")
	}
}

// balance: at a later date every line is there with its reasons; today the leave
// of that year is not.
func (w *walk) balance() {
	w.Helper()
	year := w.month().Year()
	w.me.visit("/balance?at=" + w.days[7].String())
	w.me.sees(w.t("web.line.grant", "year", year), w.t("web.line.taken"), w.Range(w.days[0], w.days[1]), w.Date(w.days[3]))
	if !w.me.Has(".lines .chip") {
		w.Error("the balance gives no reasons")
	}
	w.me.Inspect("walk-balance-" + w.slug)
	w.me.visit("/balance")
	if strings.Contains(w.me.Text(".tiles"), strconv.Itoa(year)) {
		w.Error("the balance of today speaks of a later year")
	}
}

func (w *walk) cancel(request string) {
	w.Helper()
	w.me.visit(request)
	w.me.Click("details.confirm > summary")
	w.me.Type("form[action$='/cancel'] [name=reason]", "No snow")
	w.me.Follow("form[action$='/cancel'] button")
	w.me.sees(w.t("web.flash.cancelled"), w.t("ui.status.cancelled"), "No snow")
	w.me.visit("/calendar?month=" + w.month().String()[:7])
	if w.me.Has(fmt.Sprintf(".chart a[href='%s']", request)) {
		w.Error("cancelled leave is still in the chart")
	}
}

// leave signs out; the site is closed then.
func (w *walk) leave() {
	w.Helper()
	w.me.Click(".side > details.menu > summary")
	w.me.Follow("form[action='/sign-out'] button")
	w.me.sees(w.t("web.flash.signed-out"))
	w.me.Goto(w.me.site + "/balance")
	if !strings.Contains(w.me.URL(), "/sign-in") {
		w.Errorf("signed out, and at %s", w.me.URL())
	}
}

// takesOver imports a file as the administrator: nothing is written before the
// plan is accepted, then all of it, and a second time nothing changes.
func (w *walk) takesOver() {
	w.Helper()
	keeper := w.tab(w.running.T, w.view, w.slug, administrator)
	file := filepath.Join(w.TempDir(), "staff.csv")
	if err := os.WriteFile(file, []byte(staff), 0o600); err != nil {
		w.Fatal(err)
	}
	w.handIn(keeper, file)
	keeper.sees("Ada Arrow", "Stargazing", w.t("admin.import.refuse")+" 2")
	if status, page := w.client(w.slug, administrator).get("/manage/people?find=arrow"); strings.Contains(page, "Ada") {
		w.Errorf("a dry run wrote: %d", status)
	}
	keeper.Follow("form[action$='/accept'] .btn.primary") // with a line that is refused
	if !keeper.Has(".problem") {
		w.Error("refused lines are left out without being asked")
	}
	keeper.Click("[name=leave_out]")
	keeper.Follow("form[action$='/accept'] .btn.primary")
	keeper.sees(w.t("admin.import.done"))
	keeper.visit("/manage/people?find=arrow")
	keeper.sees("Ada Arrow")

	w.handIn(keeper, file)
	keeper.sees(w.t("admin.import.add")+" 0", w.t("admin.import.change")+" 0", w.t("admin.import.nothing"))
}

// handIn gives a file to the page for it, and waits for its plan.
func (w *walk) handIn(keeper *tab, file string) {
	w.Helper()
	keeper.visit("/manage")
	keeper.Follow("main a[href='/manage/import']")
	keeper.Attach("[name=file]", file)
	keeper.Follow("form[enctype] .btn.primary")
}
