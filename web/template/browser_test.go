// SPDX-License-Identifier: Apache-2.0

package template

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"verlof/calendar"
	"verlof/internal/browsertest"
	"verlof/internal/lang"
	"verlof/web/static"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Closing(m).Run()) }

// policy is as strict as the one that pages are served under.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

// serve shows the style guide, the entrance and a form with a calendar.
func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	show := func(pattern string, page func(*http.Request, Page) templ.Component) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			p := samplePage(lang.For(r.FormValue("lang")).Tag())
			p.Theme = r.FormValue("theme")
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if err := page(r, p).Render(r.Context(), w); err != nil {
				t.Error(err)
			}
		})
	}
	show("GET /styleguide", func(_ *http.Request, p Page) templ.Component { return Styleguide(p) })
	show("GET /entrance", func(_ *http.Request, p Page) templ.Component { return guideEntrance(p) })
	show("GET /pick", func(r *http.Request, p Page) templ.Component { return pickPage(p, r.FormValue("month")) })
	mux.HandleFunc("GET /preview", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<p id="said">%s</p>`, templ.EscapeString(r.URL.RawQuery))
	})
	mux.Handle("GET "+static.Prefix, static.Handler())
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "acme.localhost", 1)
}

// pickPage is a form to choose days in; month is "2026-03" or empty.
func pickPage(p Page, month string) templ.Component {
	first, err := calendar.Parse(month + "-01")
	if err != nil {
		first = calendar.MustParse("2026-03-01")
	}
	y, m, _ := first.Civil()
	at := func(n int) string { return "/pick?month=" + first.AddMonths(n).String()[:7] }
	return guidePick(p, Calendar{
		L: p.L, ID: "cal", Year: y, Month: m, Months: 2, Today: guideToday, FromField: "from", ToField: "to",
		Before: at(-1), After: at(1), Href: func(d calendar.Date) string { return "/pick?from=" + d.String() },
	})
}

func open(t *testing.T, v browsertest.View, path string) *browsertest.Page {
	t.Helper()
	p := browsertest.Open(t, v)
	if status := p.Goto(serve(t) + path); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	return p
}

func TestInspect(t *testing.T) {
	for tag, v := range map[string]browsertest.View{"nl": browsertest.Phone, "en": browsertest.Desk} {
		for _, v := range []browsertest.View{v, v.InDark()} {
			open(t, v, "/styleguide?lang="+tag).Inspect("styleguide")
			open(t, v, "/entrance?lang="+tag).Inspect("entrance")
		}
	}
}

// TestThemeChoice asks for the other theme than the device has.
func TestThemeChoice(t *testing.T) {
	p := open(t, browsertest.Desk.InDark(), "/entrance?theme=light")
	if got := browsertest.Eval[string](p, `getComputedStyle(document.body).backgroundColor`); got != "rgb(246, 247, 249)" {
		t.Errorf("the page is %s", got)
	}
}

func day(iso string) string { return fmt.Sprintf("[data-day='%s']", iso) }

// chosen holds the two fields and the calendar to the same range.
func chosen(t *testing.T, p *browsertest.Page, from, to string, days int) {
	t.Helper()
	if got := p.Value("#f-from") + " " + p.Value("#f-to"); got != from+" "+to {
		t.Errorf("the fields hold %s, want %s %s", got, from, to)
	}
	if got := p.Count("td[aria-selected=true]"); got != days {
		t.Errorf("%d days are marked, want %d", got, days)
	}
}

func TestRange(t *testing.T) {
	p := open(t, browsertest.Desk, "/pick")

	p.Click(day("2026-03-18"))
	chosen(t, p, "2026-03-18", "2026-03-18", 1)
	p.Click(day("2026-04-02"))
	chosen(t, p, "2026-03-18", "2026-04-02", 16)
	p.Wait("#said")
	for range 50 { // the answer to the first day may still stand there
		if strings.Contains(p.Text("#said"), "to=2026-04-02") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if said := p.Text("#said"); !strings.Contains(said, "from=2026-03-18&to=2026-04-02") || strings.Contains(said, "secret") {
		t.Errorf("the server was asked %q", said)
	}

	p.Click(day("2026-03-12")) // backwards
	p.Click(day("2026-03-10"))
	chosen(t, p, "2026-03-10", "2026-03-12", 3)

	p.Fill("#f-to", "2026-03-13")
	chosen(t, p, "2026-03-10", "2026-03-13", 4)
	p.Fill("#f-from", "2026-03-20")
	chosen(t, p, "2026-03-20", "2026-03-20", 1)
}

func TestRangeByMouse(t *testing.T) {
	p := open(t, browsertest.Desk, "/pick")
	x1, y1 := centre(p, day("2026-03-16"))
	x2, y2 := centre(p, day("2026-03-19"))
	p.Do("drag",
		chromedp.MouseEvent(chromedp.MouseMoved, x1, y1),
		chromedp.MouseEvent(chromedp.MousePressed, x1, y1, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, (x1+x2)/2, y1, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, x2, y2, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, x2, y2, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	chosen(t, p, "2026-03-16", "2026-03-19", 4)
}

func centre(p *browsertest.Page, sel string) (x, y float64) {
	r := browsertest.Eval[[]float64](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q); e.scrollIntoView({block: "center"})
		const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`, sel))
	return r[0], r[1]
}

// TestRangeByKeyboard chooses across the turn of a month that is not yet shown.
func TestRangeByKeyboard(t *testing.T) {
	p := open(t, browsertest.Desk, "/pick")
	if got := p.Count("[data-day][tabindex='0']"); got != 1 {
		t.Errorf("%d days take the focus by Tab, want 1", got)
	}
	p.Do("focus", chromedp.Focus(chromedp.CSS(day("2026-03-11"))))
	p.Press(kb.PageDown) // 8 April
	p.Press(kb.PageDown) // 6 May: turns the month
	p.Wait(day("2026-05-06") + ":focus")
	p.Press(kb.ArrowRight)
	p.Press(kb.Enter) // 7 May
	p.Press(kb.ArrowDown)
	p.Press(kb.ArrowLeft)
	p.Press(" ") // 13 May
	chosen(t, p, "2026-05-07", "2026-05-13", 7)
	p.Press(kb.Home)
	p.Wait(day("2026-05-11") + ":focus")
}

// TestRangeTyped types days of another month, which the calendar then shows.
func TestRangeTyped(t *testing.T) {
	p := open(t, browsertest.Desk, "/pick")
	p.Fill("#f-from", "2026-07-30")
	p.Wait(day("2026-08-31"))
	chosen(t, p, "2026-07-30", "2026-07-30", 1)
	p.Fill("#f-to", "2026-09-02")
	p.Fill("#f-from", "2026-08-28") // is in sight, and what follows is not
	p.Wait(day("2026-09-30"))
	chosen(t, p, "2026-08-28", "2026-09-02", 6)
	p.Fill("#f-from", "0202-08-28")
	p.Fill("#f-from", "2026-08-29")
	if !p.Has(day("2026-09-30")) {
		t.Error("a year that is still typed turns the calendar")
	}
}

// TestRangeByTouch taps on a phone, where one month is in sight.
func TestRangeByTouch(t *testing.T) {
	p := open(t, browsertest.Phone, "/pick")
	p.Click("[data-turn='1']")
	p.Wait(day("2026-04-14"))
	p.Click(day("2026-04-14"))
	p.Click(day("2026-04-16"))
	chosen(t, p, "2026-04-14", "2026-04-16", 3)
}

func TestRangeWithoutScript(t *testing.T) {
	p := open(t, browsertest.Desk.WithoutScript(), "/pick")
	p.Follow(day("2026-03-18"))
	if !strings.HasSuffix(p.URL(), "/pick?from=2026-03-18") {
		t.Errorf("a day leads to %s", p.URL())
	}
}

func TestSelectAll(t *testing.T) {
	p := open(t, browsertest.Desk, "/styleguide")
	ticked := func(want int) {
		t.Helper()
		said := browsertest.Eval[string](p, `document.querySelector("[data-selected] b").textContent`)
		if got := p.Count("[name=id]:checked"); got != want || said != fmt.Sprint(want) {
			t.Errorf("%d ticked, said %s, want %d", got, said, want)
		}
		if shown := p.Count(".bulk:not([data-none])") > 0; shown != (want > 0) {
			t.Errorf("%d ticked, and what to do with them shows: %t", want, shown)
		}
	}
	ticked(0)
	p.Click("[data-select-all] input")
	ticked(3)
	p.Click("tbody [name=id]")
	ticked(2)
	if !p.Has("[data-select-all] input:indeterminate") {
		t.Error("some are ticked, and the head does not show it")
	}
}

func TestMenuCloses(t *testing.T) {
	p := open(t, browsertest.Desk, "/styleguide")
	for name, leave := range map[string]func(){
		"escape":  func() { p.Press(kb.Escape) },
		"outside": func() { p.Click("h1") },
	} {
		p.Click(".side > .menu > summary")
		p.Wait(".menu[open] .pop")
		leave()
		p.WaitGone(".menu[open]")
		if name == "escape" && !p.Has("summary:focus") {
			t.Error("Escape does not give the focus back")
		}
	}
}

// TestQuestionCloses: Escape closes what asks once more, and gives the focus back.
func TestQuestionCloses(t *testing.T) {
	p := open(t, browsertest.Desk, "/styleguide")
	p.Click(".confirm > summary")
	p.Wait(".confirm[open] button")
	p.Press(kb.Tab)
	p.Press(kb.Escape)
	p.WaitGone(".confirm[open]")
	if !p.Has(".confirm > summary:focus") {
		t.Error("Escape does not give the focus back")
	}
}

// TestStepAgain: who steps to another month by the keyboard is at the same step there.
func TestStepAgain(t *testing.T) {
	p := open(t, browsertest.Desk, "/styleguide")
	for _, id := range []string{"later", "now", "earlier"} {
		p.Click("#" + id)
		p.Wait("#" + id + ":target")
		if !p.Has("#" + id + ":focus") {
			t.Errorf("after a step to %s the focus is elsewhere", id)
		}
	}
}

func TestChartTip(t *testing.T) {
	p := open(t, browsertest.Desk, "/styleguide")
	p.Click(".chart .c4.p")
	p.Wait(".tip:not([hidden])")
	if got, want := p.Text(".tip"), "Training 16–20 March, pending"; got != want {
		t.Errorf("the tip says %q, want %q", got, want)
	}
	p.Press(kb.Escape)
	p.WaitGone(".tip:not([hidden])")
}
