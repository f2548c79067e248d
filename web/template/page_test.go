// SPDX-License-Identifier: Apache-2.0

package template

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"verlof/internal/lang"
)

func samplePage(tag string) Page {
	return Page{
		L: lang.For(tag), Title: "Style guide", Path: "/styleguide?x=1&y=2", Theme: "dark",
		Customer: Customer{Name: `Acme "Instruments" <b>`, Accent: "#0f766e"},
		Main:     []NavItem{{Icon: "home", Label: "Home", Href: "/", Current: true}, {Icon: "inbox", Label: "Decide", Href: "/inbox", Count: 3}},
		Admin:    []NavItem{{Icon: "people", Label: "People", Href: "/people"}},
		Person:   &Person{Name: "Ana Lind", Mail: "ana@example.com", Key: "ana", Links: []Link{{Text: "Account", Href: "/account", Icon: "lock"}}},
		Flash:    &Flash{Good, "Saved."},
		Demo:     &Demo{MailURL: "/demo/mail", Mails: 2, People: []DemoPerson{{"ana", "Ana Lind", "Employee", true}}},
		Styles:   []string{"chart.css"},
		Scripts:  []string{"range.js", "chart.js", "select-all.js", "preview.js"},
	}
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pages are the frames and the style guide, in both languages.
func pages(t *testing.T) map[string]string {
	t.Helper()
	m := map[string]string{}
	for _, tag := range lang.Tags() {
		m["styleguide/"+tag] = render(t, Styleguide(samplePage(tag)))
		m["entrance/"+tag] = render(t, Entrance(samplePage(tag)))
	}
	return m
}

var void = []string{"meta", "link", "input", "img", "br", "hr"}

// TestPagesAreWellFormed checks what the browser's security policy demands (no
// inline style or script), that tags pair, and that no id stands twice or is
// pointed at without being there.
func TestPagesAreWellFormed(t *testing.T) {
	for name, page := range pages(t) {
		for _, fault := range faults(page) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	for page, want := range map[string]string{
		`<p><b></p>`:                     "</p> closes <b>",
		`<p>`:                            "<p> is never closed",
		`<p style="x"></p>`:              "inline style",
		`<p onclick="x"></p>`:            "inline handler onclick",
		`<script>x</script>`:             "inline script",
		`<style>x</style>`:               "inline style",
		`<p id="a"></p><p id="a"></p>`:   "id a stands twice",
		`<label for="a">x</label>`:       "for points at a",
		`<a href="#a">x</a>`:             "href points at a",
		`<p aria-describedby="b c"></p>`: "aria-describedby points at b",
		`<h1>a</h1><h3>b</h3>`:           "h3 follows h1",
		`<button></button>`:              "button without text",
	} {
		if got := strings.Join(faults(page), "; "); !strings.Contains(got, want) {
			t.Errorf("%s: found %q, want %q", page, got, want)
		}
	}
}

// audit collects faults while it walks through a page.
type audit struct {
	found    []string
	open     []string
	ids      map[string]bool
	pointers [][2]string
	heading  int
	text     int // bytes of text since the last button or link was opened
}

func faults(page string) []string {
	a := &audit{ids: map[string]bool{}}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				a.found = append(a.found, z.Err().Error())
			}
			return a.end()
		case html.StartTagToken, html.SelfClosingTagToken:
			a.start(z.Token(), kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			a.close(z.Token().Data)
		case html.TextToken:
			a.words(z.Token().Data)
		}
	}
}

func (a *audit) fault(words ...string) { a.found = append(a.found, strings.Join(words, " ")) }

func (a *audit) start(k html.Token, closed bool) {
	for _, at := range k.Attr {
		a.attribute(k.Data, at)
	}
	switch k.Data {
	case "style":
		a.fault("inline style")
	case "button", "a":
		a.text = 0
	case "h1", "h2", "h3", "h4":
		level := int(k.Data[1] - '0')
		if level > a.heading+1 && a.heading > 0 {
			a.fault(k.Data, "follows", "h"+string(rune('0'+a.heading)))
		}
		a.heading = level
	}
	if !closed && !slices.Contains(void, k.Data) {
		a.open = append(a.open, k.Data)
	}
}

func (a *audit) attribute(tag string, at html.Attribute) {
	switch {
	case at.Key == "style":
		a.fault("inline style on", tag)
	case strings.HasPrefix(at.Key, "on"):
		a.fault("inline handler", at.Key)
	case at.Key == "id":
		if a.ids[at.Val] {
			a.fault("id", at.Val, "stands twice")
		}
		a.ids[at.Val] = true
	case at.Key == "for", at.Key == "aria-labelledby", at.Key == "aria-describedby":
		for id := range strings.FieldsSeq(at.Val) {
			a.pointers = append(a.pointers, [2]string{at.Key, id})
		}
	case at.Key == "href" && strings.HasPrefix(at.Val, "#") && len(at.Val) > 1:
		a.pointers = append(a.pointers, [2]string{at.Key, at.Val[1:]})
	case at.Key == "aria-label":
		a.text += len(at.Val)
	}
}

func (a *audit) close(tag string) {
	if len(a.open) == 0 || a.open[len(a.open)-1] != tag {
		a.fault("</"+tag+">", "closes", "<"+strings.Join(a.open[max(0, len(a.open)-1):], "")+">")
		return
	}
	a.open = a.open[:len(a.open)-1]
	if (tag == "button" || tag == "a") && a.text == 0 {
		a.fault(tag, "without text")
	}
}

func (a *audit) words(s string) {
	s = strings.TrimSpace(s)
	a.text += len(s)
	if s != "" && len(a.open) > 0 && a.open[len(a.open)-1] == "script" {
		a.fault("inline script")
	}
}

func (a *audit) end() []string {
	for _, tag := range a.open {
		a.fault("<"+tag+">", "is never closed")
	}
	for _, p := range a.pointers {
		if !a.ids[p[1]] {
			a.fault(p[0], "points at", p[1])
		}
	}
	return a.found
}

// TestStyleguideShowsEveryComponent names what each component leaves in a page.
func TestStyleguideShowsEveryComponent(t *testing.T) {
	page := render(t, Styleguide(samplePage("en")))
	for _, mark := range []string{
		`class="skip"`, `class="demo"`, `class="side"`, `class="brand"`, `class="nav"`, `class="foot"`, `data-theme="dark"`,
		`class="head"`, `class="crumbs"`, `class="tabs"`, `class="segment"`, `class="pages"`, `class="btn primary"`, `class="btn danger sure"`,
		`class="btn quiet`, `class="badge wait"`, `class="badge ok"`, `class="badge no"`, `class="dot c12"`, `class="avatar`, `class="who"`,
		`class="facts"`, `class="flash ok"`, `class="flash no"`, `class="card flush"`, `class="empty"`, `class="problem"`, `type="date"`,
		`<textarea`, `<select`, `type="radio"`, `type="checkbox"`, `aria-invalid="true"`, `class="cals"`, `class="legend"`, `class="change"`,
		`class="more"`, `class="confirm"`, `class="table cards"`, `data-select-all="id"`, `class="bulk"`, `class="tiles"`, `class="meter"`,
		`class="lines"`, `class="chip"`, `class="chart n31 s7"`, `class="key hol"`, `aria-live="polite"`,
	} {
		if !strings.Contains(page, mark) {
			t.Errorf("the style guide does not show %s", mark)
		}
	}
	if strings.Contains(page, "<b>\"") || !strings.Contains(page, "&lt;b&gt;") {
		t.Error("a customer's name is not escaped")
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Ana Lind": "AL", "Femke van den Berg": "FB", "Cher": "C", "": "?", "élise": "É", "Jan (extern)": "J", "李 明": "李明",
	} {
		if got := Initials(name); got != want {
			t.Errorf("Initials(%q) = %q, want %q", name, got, want)
		}
	}
}

var (
	sheetClass = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	attribute  = regexp.MustCompile(`class=(?:"([^"{]+)"|\{([^}]+)\})`)
	quoted     = regexp.MustCompile(`"([a-z0-9 -]+)"`)
)

// TestClassesAreStyled finds a class in a page or a component that the sheet does
// not know: a slip of the pen, or a rule that was taken out.
func TestClassesAreStyled(t *testing.T) {
	sheet := map[string]bool{}
	for _, f := range glob(t, "../static/css/*.css") {
		for _, m := range sheetClass.FindAllStringSubmatch(f.text, -1) {
			sheet[m[1]] = true
		}
	}
	for _, f := range append(glob(t, "*.templ"), glob(t, "../*.templ")...) {
		for _, m := range attribute.FindAllStringSubmatch(f.text, -1) {
			names := m[1]
			for _, q := range quoted.FindAllStringSubmatch(m[2], -1) {
				names += " " + q[1]
			}
			for name := range strings.FieldsSeq(names) {
				if !sheet[name] {
					t.Errorf("%s: class %q is not in the sheet", f.name, name)
				}
			}
		}
	}
}

type source struct{ name, text string }

func glob(t *testing.T, pattern string) (found []source) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, source{name, string(b)})
	}
	return found
}

// TestFlashTakesFocus has who listens hear at once what the request before has done.
func TestFlashTakesFocus(t *testing.T) {
	for name, page := range pages(t) {
		if !strings.Contains(page, `<div tabindex="-1" autofocus id="`+SaidID+`"><div class="flash ok" role="status">`) {
			t.Errorf("%s: the flash does not take the focus", name)
		}
	}
	quiet := samplePage("en")
	quiet.Flash = nil
	if strings.Contains(render(t, Entrance(quiet)), "autofocus") {
		t.Error("without a flash something takes the focus")
	}
}

// TestSelectHoldsBack has a browser hold back a form for a select that only says to choose,
// and for no other: to it, a first option without a value is never an answer.
func TestSelectHoldsBack(t *testing.T) {
	l := lang.For("en")
	all := Choice{Name: "team", Label: "Team", Required: true, Options: []Option{{Text: "All teams"}, {Value: "sales", Text: "Sales"}}}
	if got := render(t, Select(l, all)); strings.Contains(got, "required") || strings.Contains(got, "optional") {
		t.Errorf("all teams are no answer: %s", got)
	}
	prompt := Choice{Name: "who", Label: "Who", Required: true, Options: []Option{{Text: "Choose somebody", Prompt: true}, {Value: "ana", Text: "Ana"}}}
	if got := render(t, Select(l, prompt)); !strings.Contains(got, " required") {
		t.Errorf("nobody need be chosen: %s", got)
	}
}
