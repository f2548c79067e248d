// SPDX-License-Identifier: Apache-2.0

package house

// room is a folder at the root, with all packages in it.
type room struct {
	dir string
	may []string // the rooms it may import, besides itself and internal
	why string   // why no others
}

// rooms is the floor plan, from the ground up. Whoever adds a room says here
// what it may lean on.
var rooms = []room{
	{"errs", nil,
		"an error means the same to every room only while it knows none of them"},
	{"calendar", []string{"errs"},
		"a date knows no person and no leave, so that both can count with it"},
	{"internal", []string{"errs", "calendar"},
		"plumbing has no meaning of its own; what knows a person or a leave is a room"},
	{"people", []string{"calendar", "errs"},
		"who works when and who may see what holds without any leave taken"},
	{"leave", []string{"people", "calendar", "errs"},
		"the law is a pure function of facts: it knows neither tables nor pages"},
	{"identity", []string{"people", "calendar", "errs"},
		"signing in must not depend on what one may do afterwards"},
	{"intake", []string{"leave", "people", "calendar", "errs"},
		"an import is a plan made from a file; store carries it out, web and cmd show it"},
	{"events", []string{"people", "errs"},
		"an event names a thing and what became of it; it must not know what the thing holds"},
	{"notify", []string{"calendar", "errs"},
		"it declares the small interfaces it needs and cmd plugs them in, so that mail can fail without the rest"},
	{"trust", []string{"calendar", "errs"},
		"how a promise stands follows from what was measured; whoever measures it has no say in that"},
	{"store", []string{"trust", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"it implements what the domain declares; SQL that knew a customer or a page would be SQL in two places"},
	{"backup", []string{"errs"},
		"it declares the small interfaces it needs and cmd plugs them in: what it copies are pages of a file, whatever they mean"},
	{"edge", []string{"errs"},
		"it stands before all customers and is told which host names there are: who is let in must not depend on what is behind"},
	{"tenant", []string{"store", "trust", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"it opens one customer's rooms; it must not know who asks"},
	{"api", []string{"tenant", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"as web: a program gets one customer's services; it knows no page, and pages only its document, so neither leans on the other's checks"},
	{"web", []string{"api", "tenant", "trust", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"no tenant, no database: a page gets one customer's services and has no other way to anyone's data"},
	{"operate", []string{"backup", "tenant", "store", "trust", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"what an operator does must work where no web server runs"},
	{"bench", []string{"cmd", "edge", "backup", "operate", "api", "web", "tenant", "store", "notify", "trust", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"it measures every room"},
	{"cmd", []string{"edge", "backup", "operate", "api", "web", "tenant", "store", "notify", "trust", "events", "identity", "intake", "leave", "people", "calendar", "errs"},
		"it is the front door, where all are wired together"},
}

// floor is a package in a room, and those of the same room that it may import.
type floor struct {
	dir string // "web/*": every package below that has no floor of its own
	may []string
	why string
}

// floors order the packages of a room where the room alone does not. A room's first
// package, the room's own folder, may import all of them.
var floors = []floor{
	{"web/static", nil, whyFloors},
	{"web/template", []string{"web/static"}, whyFloors},
	{"web/page", []string{"web/template", "web/static"}, whyFloors},
	{"web/view", []string{"web/page", "web/template", "web/static"}, whyFloors},
	{"web/*", []string{"web/view", "web/page", "web/template", "web/static"},
		"pages that do not know each other compile beside each other; what two of them show is in web/view, what all need in web/page"},
}

const whyFloors = "what pages share knows no page, so that a page can go without the rest"

// plain are the folders at the root that hold no Go of this module.
var plain = []string{"changelog", "docs", "scripts", "tools"}

// guest is a library that comes in by one door.
type guest struct {
	path  string   // import path, and all below it
	doors []string // folders whose packages may import it
	tests []string // folders whose tests may import it too; "." is all
	why   string
}

var guests = []guest{
	{"database/sql", []string{"store", "internal/pgtest", "bench"}, []string{"backup", "cmd"}, onlyStore},
	{"modernc.org/sqlite", []string{"store", "bench", "cmd"}, []string{"backup"}, onlyStore}, // cmd names it and no more: ADR 7
	{"modernc.org/libc", nil, []string{"store"}, "tests stand between SQLite and its files"},
	{"github.com/jackc/pgx/v5", []string{"store", "internal/pgtest", "bench"}, []string{"cmd"}, onlyStore},
	{"github.com/pressly/goose/v3", []string{"store"}, nil, onlyStore},
	{"github.com/a-h/templ", []string{"web", "notify", "internal/piece"}, nil,
		"only what a person reads is HTML: pages and mail"},
	{"github.com/danielgtaylor/huma/v2", []string{"api"}, nil,
		"one room reads requests of programs and describes them; its errors are put in our words there"},
	{"encoding/xml", []string{"internal/sheet", "backup"}, nil,
		"one package opens other people's files, with one set of limits; backup reads the listings of its own bucket"},
	{"github.com/xuri/excelize/v2", nil, []string{"internal/sheet", "intake", "web", "cmd"}, onlyTests},
	{"github.com/wneessen/go-mail", []string{"notify"}, nil,
		"what leaves the building leaves by one door"},
	{"codeberg.org/go-pdf/fpdf", []string{"internal/paper"}, nil,
		"one package makes paper, and knows what its letters cannot show"},
	{"golang.org/x/image", []string{"internal/paper"}, nil,
		"its letters are for paper; pages have those of the browser"},
	{"github.com/alecthomas/kong", []string{"cmd"}, nil,
		"flags end at the front door; behind it there are arguments"},
	{"github.com/VictoriaMetrics/metrics", []string{"cmd"}, nil,
		"a room reports what it measures through an interface of its own"},
	{"crypto/cipher", []string{"internal/seal", "internal/saml"}, nil,
		"one package holds keys, so that one review tells what they close; what SAML providers seal is opened where it is judged"},
	{"github.com/russellhaering/goxmldsig", []string{"internal/saml"}, nil, onlySAML},
	{"github.com/beevik/etree", []string{"internal/saml"}, nil, onlySAML},
	{"golang.org/x/crypto/acme", []string{"edge"}, nil, "who certifies a site is asked in one place"},
	{"rsc.io/qr", []string{"internal/qr"}, nil,
		"one package draws QR codes, as lines that a page may show"},
	{"golang.org/x/crypto/argon2", []string{"identity"}, nil,
		"one package hashes passwords and bounds how many at once"},
	{"github.com/chromedp", []string{"internal/browsertest"}, []string{"."}, onlyTests},
	{"github.com/coreos/go-oidc/v3", []string{"internal/relying"}, []string{"web"},
		"one package asks providers of others and judges their answers"},
	{"golang.org/x/oauth2", []string{"internal/relying"}, []string{"web"},
		"it speaks to them for that package"},
	{"github.com/johannesboyne/gofakes3", nil, []string{"backup", "cmd"}, onlyTests},
	{"github.com/rogpeppe/go-internal", nil, []string{"."}, onlyTests},
	{"github.com/google/go-cmp", nil, []string{"."}, onlyTests},
	{"testing", []string{"bench"}, []string{"."}, onlyTests},
}

const (
	onlyStore = "only store speaks SQL: there one text is held to both engines"
	onlySAML  = "one package reads XML that somebody signed, and reads nothing else of it"
	onlyTests = "the product is built without what only tests need"
)

// silent are the rooms without input, output or clock: what they are told is
// all they know, so a test can tell them anything.
var silent = []string{"errs", "calendar", "people", "leave", "identity", "intake", "trust"}

// noise are the packages a silent room does without. Cookies and addresses are
// identity's business, so it may read a request.
var noise = map[string][]string{ // import path: silent rooms that may have it all the same
	"os": nil, "os/exec": nil, "os/signal": nil, "syscall": nil,
	"net": nil, "net/http": {"identity"}, "net/smtp": nil,
	"log": nil, "log/slog": nil,
}

// counted are the folders whose numbers are amounts of leave.
var counted = []string{"calendar", "people", "leave", "internal/exact"}

// How long things may be, in lines.
const (
	maxFile     = 600
	maxFunction = 80
)
