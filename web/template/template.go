// SPDX-License-Identifier: Apache-2.0

// Package template owns how Verlof looks in HTML: the frame of a page and the
// components that pages are built from. A component takes finished text, or a
// locale where it says something of its own. The package refuses inline style
// and script, data access and decisions: whether a button may be shown is the
// page's business. The page at template.Styleguide shows every component.
package template

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"verlof/internal/lang"
)

// The addresses that the frame's own forms post to. All but SignOutPath send a
// field "back" with the path to return to.
const (
	ThemePath      = "/account/theme" // theme=auto|light|dark
	PromisesPath   = "/promises"
	LanguagePath   = "/account/language" // lang=<tag of lang.Tags>; also from Entrance, signed out
	SignOutPath    = "/sign-out"
	DemoSwitchPath = "/demo/switch" // person=<DemoPerson.Key>
)

// SaidID is the id of what the request before has left to say.
const SaidID = "told"

// Page is what the frame of a page needs.
type Page struct {
	L        *lang.Locale
	Title    string // the tab's title without the customer's name
	Path     string // path and query of this page: where the frame's forms return to
	Customer Customer
	Main     []NavItem // what everybody does; at most four, or a phone's bar is crowded
	Admin    []NavItem // what administrators do; behind "More" on a phone
	Person   *Person   // who is signed in
	Waits    int       // how much waits for them to decide or to answer
	Theme    string    // "light", "dark", or "" to follow the device
	Notice   *Flash    // stands above every page while it holds
	Flash    *Flash
	Demo     *Demo
	Past     *Past    // nil: the page is of today
	Wide     bool     // use the whole width: charts
	ReadOnly string   // why the reader can change nothing here; empty where they can
	Sections []string // keys of the parts of the administration that the reader may see
	Styles   []string // sheets of web/static beside app.css: "admin.css"
	Scripts  []string // modules of web/static beside menu.js: "range.js"
}

// pastAccent is the colour of every past state, whatever the customer's own is.
const pastAccent = "#8a5a00"

func (p *Page) accent() string {
	if p.Past != nil {
		return pastAccent
	}
	return p.Customer.Accent
}

// Past fills the strip above every page of a past state.
type Past struct {
	Text string // of which moment it is
	Now  string // the address of the customer's site as it is
}

// Customer is whose website this is.
type Customer struct {
	Name   string
	Accent string // "#2f6fed"; "" is Verlof's own
	Logo   string // address of a square picture; "" is the first letter on the accent
}

// NavItem is a line of the main navigation.
type NavItem struct {
	Icon, Label, Href string
	Count             int // what waits there; 0 shows nothing
	Current           bool
}

// Person is the one who is signed in.
type Person struct {
	Name, Mail string
	Key        string // chooses the avatar's colour; any stable text
	Links      []Link // lines of the person's menu: profile, sign-in and security
}

// Link is an address with its text.
type Link struct {
	Text, Href, Icon string
	Current          bool
	Count            int
}

// Demo fills the strip above every page of a demo.
type Demo struct {
	People      []DemoPerson
	StartURL    string // who is who, and what to try
	MailURL     string
	Mails       int
	ScenarioURL string // where a case of leave can be typed; empty: nowhere
}

// DemoPerson is someone whom a visitor of the demo may be with one click.
type DemoPerson struct {
	Key, Name, Role string
	Current         bool
}

// Tone says how a message is meant.
type Tone string

// The tones; each has a colour, a sign and a role for screen readers.
const (
	Good Tone = "ok"
	Info Tone = "info"
	Warn Tone = "wait"
	Bad  Tone = "no"
)

func (t Tone) icon() string {
	switch t {
	case Good:
		return "check"
	case Warn, Bad:
		return "warning"
	default:
		return "info"
	}
}

// role interrupts a screen reader only for what went wrong.
func (t Tone) role() string {
	if t == Bad {
		return "alert"
	}
	return "status"
}

// Flash is a message at the top of a page, shown once.
type Flash struct {
	Tone Tone
	Text string
}

// Initials returns up to two letters for an avatar: the first of the first and
// of the last word that begin with a letter.
func Initials(name string) string {
	var letters []rune
	for word := range strings.FieldsSeq(name) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(r) {
			letters = append(letters, unicode.ToUpper(r))
		}
	}
	switch len(letters) {
	case 0:
		return "?"
	case 1:
		return string(letters)
	default:
		return string(letters[0]) + string(letters[len(letters)-1])
	}
}

// Colours is how many colours there are for leave types: c1 to c12.
const Colours = 12

// Colour returns the class of leave type colour n; 0, or a number out of range,
// is the neutral grey of an absence whose reason the reader may not know.
func Colour(n int) string {
	if n < 1 || n > Colours {
		return "c0"
	}
	return "c" + strconv.Itoa(n)
}

// colourOf spreads keys over the colours (FNV-1a), always the same way.
func colourOf(key string) string {
	h := uint32(2166136261)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * 16777619
	}
	return Colour(int(h%Colours) + 1)
}

// first returns the first letter of a name, for the mark of a customer.
func first(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "V"
}
