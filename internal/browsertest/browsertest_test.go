// SPDX-License-Identifier: Apache-2.0

//go:build !race

package browsertest

import (
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { os.Exit(Closing(m).Run()) }

// sound is a page without a fault, apart from what a test puts into its body.
const sound = `<!doctype html><html lang="en"><head><title>Sound</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/script.js" defer></script></head>
<body><main><h1>Sound</h1><p id="script">no script</p><p id="language">%s</p>%s</main></body></html>`

// site serves /, whose body holds extra, under a strict policy.
func site(t *testing.T, extra string) string {
	t.Helper()
	answer := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Cache-Control", "max-age=3600")
			fmt.Fprint(w, body)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src * data:")
		fmt.Fprintf(w, sound, r.Header.Get("Accept-Language"), extra)
	})
	mux.Handle("GET /style.css", answer("text/css", `:root { color-scheme: light dark }
		body { background: #fff; color: #222 } @media (prefers-color-scheme: dark) { body { background: #111; color: #ddd } }
		.wide { width: 900px } .scroll { overflow-x: auto } .faint { color: #ccc } .night { color: #444 }`))
	mux.Handle("GET /script.js", answer("text/javascript", `document.getElementById("script").textContent = "script ran"`))
	mux.HandleFunc("POST /refused", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, sound, "", `<p id="got">`+r.FormValue("day")+" "+r.FormValue("name")+"</p>")
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "acme.localhost", 1)
}

// open returns a walk at site's page, on screen v.
func open(t *testing.T, v View, extra string) *Page {
	t.Helper()
	p := Open(t, v)
	if status := p.Goto(site(t, extra)); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	return p
}

func TestInspect(t *testing.T) {
	t.Setenv("VERLOF_OUT", t.TempDir())
	open(t, Phone, "").Inspect("sound")

	for _, name := range []string{"sound-390-light.png", "sound-390-dark.png"} {
		f, err := os.Open(filepath.Join(os.Getenv("VERLOF_OUT"), "screenshots", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		picture, err := png.Decode(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := picture.Bounds().Dx(); got != 390 {
			t.Errorf("%s is %d pixels wide", name, got)
		}
		r, _, _, _ := picture.At(5, 5).RGBA()
		if dark := r>>8 == 0x11; dark != strings.Contains(name, "dark") {
			t.Errorf("%s: red of the background is %#x", name, r>>8)
		}
	}
}

// TestInspect_in_the_dark: what only the dark makes hard to read is found in the dark.
func TestInspect_in_the_dark(t *testing.T) {
	t.Setenv("VERLOF_OUT", t.TempDir())
	p := open(t, Desk.InDark(), `<p class="night">hard to read at night</p>`)
	r := &recorder{TB: t}
	p.t = r
	p.Inspect("night")
	p.t = t
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "color-contrast") || !strings.Contains(r.errors[0], "1440-dark") {
		t.Errorf("found %q", r.errors)
	}
}

func TestAxe(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"sound", `<label>Day <input name="day"></label>`, ""},
		{"no_label", `<input name="day">`, "label"},
		{"no_alternative", `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">`, "image-alt"},
		{"faint", `<p class="faint">faint</p>`, "color-contrast"},
	}
	for _, tt := range tests {
		for _, v := range []View{Desk, Desk.WithoutScript()} {
			t.Run(tt.name+"/"+v.String(), func(t *testing.T) {
				got := ""
				for _, violation := range open(t, v, tt.body).Axe() {
					got += violation.ID
					t.Log(violation)
				}
				if got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		}
	}
}

func TestNoScript(t *testing.T) {
	p := open(t, Desk, "")
	if got := p.Text("#script"); got != "script ran" {
		t.Errorf("with script: %q", got)
	}
	p.Look(Desk.WithoutScript())
	for range 2 {
		p.Goto(p.URL())
		if got := p.Text("#script"); got != "no script" {
			t.Errorf("without script: %q", got)
		}
		p.Axe() // must leave scripts refused
	}
}

func TestForm(t *testing.T) {
	const form = `<form method="post" action="/refused"><label>Day <input type="date" name="day"></label>
		<label>Name <input name="name" value="old"></label><button>Send</button></form>`
	for _, v := range []View{Phone, Phone.WithoutScript()} {
		t.Run(v.String(), func(t *testing.T) {
			p := open(t, v, form)
			p.Fill("[name=day]", "2026-07-01")
			p.Type("[name=name]", "Ana")
			if got := p.Follow("button"); got != http.StatusConflict {
				t.Errorf("status %d", got)
			}
			if got := p.Text("#got"); got != "2026-07-01 Ana" {
				t.Errorf("the form sent %q", got)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	if got := open(t, Desk.In("nl"), "").Text("#language"); got != "nl" {
		t.Errorf("Accept-Language %q", got)
	}
}

func TestProfilesApart(t *testing.T) {
	url := site(t, "")
	one, other := Open(t, Desk), Open(t, Desk)
	one.Goto(url)
	Eval[string](one, `document.cookie = "who=ana"`)
	other.Goto(url)
	if got := Eval[string](other, `document.cookie`); got != "" {
		t.Errorf("another walk's cookie: %q", got)
	}
}

func TestComplaints(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"inline_style", `<p style="color: red">red</p>`, "Content Security Policy"},
		{"inline_script", `<script>1</script>`, "Content Security Policy"},
		{"other_host", `<img alt="" src="http://pictures.example/a.png">`, "asks another host: http://pictures.example/a.png"},
		{"other_customer", `<img alt="" src="http://other.localhost/a.png">`, "asks another host: http://other.localhost/a.png"},
		{"missing_file", `<img alt="" src="/missing.png">`, "404"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{TB: t}
			p := Open(r, Desk)
			p.Goto(site(t, tt.body))
			if !strings.Contains(strings.Join(p.Complaints(), "\n"), tt.want) {
				t.Errorf("no complaint of %q in %q", tt.want, p.Complaints())
			}
			r.end()
			if len(r.errors) == 0 {
				t.Error("the complaint did not fail the walk")
			}
		})
	}
}

func TestComplaints_of_scripts(t *testing.T) {
	p := open(t, Desk, "")
	Eval[any](p, `console.error("broken", 7)`)
	Eval[any](p, `new Promise(r => setTimeout(r, 50, setTimeout(() => { throw new Error("late") }, 0)))`)
	got := strings.Join(p.Complaints(), "\n")
	for _, want := range []string{"console: broken 7", "Error: late"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	p.Tolerate("console: broken")
	p.Tolerate("Error: late")
	if left := p.Complaints(); len(left) > 0 {
		t.Errorf("tolerated, and still there: %q", left)
	}
}

func TestOverflow(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string
	}{
		{"fits", `<p>short</p>`, nil},
		{"wide", `<div class="wide" id="chart">wide</div>`, []string{"div#chart.wide"}},
		{"boxed", `<div class="scroll" tabindex="0"><div class="wide">wide</div></div>`, nil},
		{"boxed_and_wide", `<div class="scroll"><div class="wide">wide</div></div><div class="wide">wide</div>`, []string{"div.wide"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, open(t, Phone, tt.body).Overflow()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAstray(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string
	}{
		{"all_well", `<a href="#a">to</a><label for="a">A</label><input id="a" aria-describedby="b c"><p id="b">b</p><p id="c">c</p><label><input> D</label>`, nil},
		{"two_of_one_id", `<label for="a">A</label><p id="a">a</p><input id="a">`, []string{"a second #a", "a label of nothing: A"}},
		{"nothing_there", `<a href="#b">to</a><input id="a" aria-label="A" aria-describedby="a c">`, []string{"a link to nothing: #b", "aria-describedby of nothing: c"}},
		{"out_of_sight", `<form><details><summary>more</summary><input name="a" aria-label="A" required></details></form>`,
			[]string{"a form held back by a: Please fill out this field."}},
		{"a_form_out_of_sight", `<details><summary>more</summary><form><input name="a" aria-label="A" required></form></details>`, nil},
		{"wrong_as_it_stands", `<form><input type="number" name="n" aria-label="N" value="9" max="5"></form>`,
			[]string{"a form held back by n: Value must be less than or equal to 5."}},
		{"told", `<p class="problem">No.</p><form><input type="number" name="n" aria-label="N" value="9" max="5"></form>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, open(t, Desk, tt.body).Astray()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWeigh(t *testing.T) {
	url := site(t, "")
	p := Open(t, Desk)
	_, first := p.Weigh(url)
	_, again := p.Weigh(url)
	if first < 900 || first > 3000 {
		t.Errorf("%d bytes for a page of three small files", first)
	}
	if again < first*9/10 {
		t.Errorf("weighed again: %d bytes, at first %d: the cache answered", again, first)
	}
}

func TestFind(t *testing.T) {
	have := func(names ...string) func(string) (string, error) {
		return func(name string) (string, error) {
			for _, n := range names {
				if n == name {
					return "/bin/" + n, nil
				}
			}
			return "", errors.New("not found")
		}
	}
	tests := []struct {
		name, named string
		look        func(string) (string, error)
		want        string
		wantErr     string
	}{
		{"debian", "", have("chromium"), "/bin/chromium", ""},
		{"without_windows", "", have("chromium", "chromium-headless-shell"), "/bin/chromium-headless-shell", ""},
		{"named", "/opt/chrome", have("/opt/chrome"), "/opt/chrome", ""},
		{"named_wrongly", "/opt/chrome", have("chromium"), "", "VERLOF_CHROMIUM"},
		{"none", "", have(), "", "scripts/prerequisites"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := find(func(string) string { return tt.named }, tt.look)
			if got != tt.want || (err == nil) != (tt.wantErr == "") {
				t.Errorf("got %q, %v", got, err)
			}
			if err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("the error gives no hint of %s: %v", tt.wantErr, err)
			}
		})
	}
}

// TestMissing shows that a test without a browser fails and is not skipped.
func TestMissing(t *testing.T) {
	t.Setenv("VERLOF_CHROMIUM", "/nowhere/chromium")
	b := browser{expected: true}
	if _, err := b.context(); err == nil || !strings.Contains(err.Error(), "VERLOF_CHROMIUM") {
		t.Errorf("got %v", err)
	}
}

// TestUnclosed shows that a package cannot forget to close its browser.
func TestUnclosed(t *testing.T) {
	var b browser
	if _, err := b.context(); err == nil || !strings.Contains(err.Error(), "TestMain") {
		t.Errorf("got %v", err)
	}
}

// recorder is a test that may fail without failing the one around it.
type recorder struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(f string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(f, args...))
}
func (r *recorder) Fatalf(f string, args ...any) {
	r.Errorf(f, args...)
	runtime.Goexit()
}

func (r *recorder) end() {
	for _, f := range r.cleanups {
		f()
	}
}
