// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"verlof/backup"
	"verlof/edge"
	"verlof/errs"
	"verlof/identity"
	"verlof/identity/openid"
	"verlof/internal/outside"
	"verlof/internal/seal"
	"verlof/notify"
	"verlof/operate"
	"verlof/store"
	"verlof/tenant"
)

// settings are all that an operator decides about an installation. Each has a
// flag, an environment variable, a name in the file, and a default: this struct
// is the only place that lists them.
type settings struct {
	File           string        `name:"config" placeholder:"PATH" help:"File with settings; without it, verlof.toml in the data folder, if there is one."`
	Data           string        `default:"verlof-data" placeholder:"DIR" help:"Folder of the installation (${default})."`
	Database       string        `placeholder:"PLACE" secret:"" help:"Where databases are: sqlite:DIR or postgres://user:password@host/name; without it, files in the data folder."`
	Clusters       clusters      `placeholder:"NAME=URL" help:"Another PostgreSQL server that customers may be placed on; may be repeated, or a table of the file: [clusters] and lines name = \"postgres://...\". The registry keeps the name, not the address."`
	RootKeyFile    string        `placeholder:"PATH" help:"The root key that seals the customers' keys; without it, what VERLOF_ROOT_KEY holds, the systemd credential verlof-root-key, or root.key in the data folder, which the first start makes. Keep a copy where no copy of the databases lies."`
	RootKeyUnwrap  string        `placeholder:"COMMAND" help:"Opens the file that the root key lies in, for one that a key service, a chip or a card has wrapped: a program and its arguments, without a shell, which reads the file from its input and writes the key to its output."`
	RootKeyWrap    string        `placeholder:"COMMAND" help:"Does the reverse. Needed to make or replace a root key that is wrapped."`
	Issuing        string        `name:"issuing-certificate" placeholder:"PATH" help:"PEM file with a certificate and its key (PKCS #8) that certify what signs tokens, those above it after it; without it, the installation makes one of its own."`
	Copy           string        `placeholder:"DEPOT" secret:"" help:"Second place for every change, before anybody is told that it is done: folder:DIR on another disk, or s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION. Without it, what is lost with the disk is lost; none ends it where there was one. For SQLite: pgBackRest copies PostgreSQL."`
	Offsite        string        `placeholder:"DEPOT" secret:"" help:"Third place, further away: what the depot of --copy keeps, some minutes later, and a whole file of each database once a day; as --copy, which it needs."`
	OffsiteEvery   time.Duration `default:"5m" placeholder:"TIME" help:"How often what is new at the depot goes to the third place (${default})."`
	OffsiteWithin  time.Duration `default:"1h" placeholder:"TIME" help:"Changes that wait longer than that for the third place are told of: in the log, the metrics and on the customers' settings pages (${default})."`
	CopyDemanded   bool          `help:"Changes are refused while the depot of --copy fails. Without it they go on, and the log and /metrics say since when they are not copied."`
	PgBackRest     string        `name:"pgbackrest" placeholder:"PATH" help:"pgBackRest's settings, for the copies of PostgreSQL servers; without it, /etc/pgbackrest-verlof.conf. It runs as whoever they belong to."`
	Stanza         string        `placeholder:"NAME" help:"What they call the server of --database; without it, home. A cluster goes by its own name."`
	Spare          string        `placeholder:"DIR" help:"Where databases are brought back from the depot of --copy, at once and while people work, when the disk of the data folder fails: a folder on another disk. It holds them unsealed then, as the data folder does."`
	CopyFiles      paths         `placeholder:"PATHS" help:"More files that the depot keeps beside verlof.toml and the issuing certificate, sealed with the root key, parted by commas: the certificates and settings of a proxy, for the day on which the machine is lost. Never the root key."`
	CopyDays       int           `default:"90" placeholder:"N" help:"Every moment of so many days can be had back from the depot (${default})."`
	DrillEvery     time.Duration `default:"24h" placeholder:"TIME" help:"Having each database back from the depot is rehearsed so often (${default})."`
	BackupEvery    time.Duration `default:"24h" placeholder:"TIME" help:"How old the newest backup of a PostgreSQL server may be (${default}). The server makes them where pgBackRest's settings may be read, and has the newest state back as often as --drill-every says."`
	FullEvery      time.Duration `default:"168h" placeholder:"TIME" help:"How old the newest full one may be (${default}); others hold what changed since."`
	Migrate        string        `default:"all" enum:"all,canary,never" placeholder:"WHOM" help:"Whose databases are brought up to date by themselves after an update: all, when they are opened and in the background; canary, those of the customers that are canaries; never, nobody's before verlof migrate (${default})."`
	SnapshotDays   int           `default:"14" placeholder:"N" help:"The snapshot of a database from before it was brought up to date is kept so long (${default})."`
	Listen         string        `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Where the sites are served (${default}). A socket that systemd holds goes before it."`
	MetricsListen  string        `default:"127.0.0.1:9464" placeholder:"ADDR" help:"Where /metrics, /healthz and /readyz are served, for this machine's own eyes (${default}); empty: nowhere."`
	BaseDomain     string        `default:"localhost" placeholder:"NAME" help:"Customers are SLUG.NAME (${default}); a port behind it goes into links."`
	Plain          bool          `help:"Browsers reach the sites without TLS. Only for a machine's own browser, and tests."`
	Certificates   string        `placeholder:"HOW" help:"Ends TLS here, so that no proxy is needed: auto has a certificate made for each customer's host name by an authority that speaks ACME, whose terms you accept with it; or a PEM file with a certificate, those above it and its key, read anew when it changes. Without it a proxy ends TLS."`
	AcmeDirectory  string        `default:"https://acme-v02.api.letsencrypt.org/directory" placeholder:"URL" help:"The authority that --certificates auto asks (${default})."`
	AcmeEmail      string        `placeholder:"ADDRESS" help:"Whom it may write to about the certificates."`
	AcmeRoots      string        `placeholder:"PATH" help:"PEM file of what certifies the authority's own TLS, for one within your house."`
	RedirectListen string        `placeholder:"ADDR" help:"Where http:// is answered, by sending browsers to https://, such as :80; with --certificates."`
	ClientRoots    string        `placeholder:"PATH" help:"Lets in those alone who show a certificate that one in this PEM file certifies (mutual TLS): proxies that end TLS for browsers. With a file of --certificates."`
	TrustedProxies edge.Proxies  `placeholder:"NETWORKS" help:"Proxies that pass browsers' requests on, as 10.0.0.0/8,127.0.0.1: their X-Forwarded-For says where a request comes from, which the limits on guessing go by. Without it, whoever connects is the browser."`
	Mail           string        `placeholder:"URL" secret:"" help:"Where mail goes: smtp://user:password@host:port?tls=required, smtps://..., dir:DIR or discard:; without it, a folder in the data folder."`
	MailFrom       string        `placeholder:"ADDRESS" help:"Sender of mails; without it, verlof at the base domain."`
	PrivateCalls   bool          `help:"Applications on private networks (10.0.0.0/8 and the like) are told that sessions end, and people may sign in with providers there, too. Whoever registers either can then have this machine call its neighbours."`
	Scanner        scanner       `placeholder:"ADDR" help:"The daemon of ClamAV that looks for malware in what is uploaded, as unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310. What it cannot look at is refused."`
	Documents      string        `placeholder:"PATH" help:"File that lists the documents which speak for promises that no program can see; without it, documents.toml in the data folder, if there is one."`
	Probes         probes        `placeholder:"PROBES" help:"Machines elsewhere that look at a site each minute (verlof probe), as north=KEY, parted by commas: the uptime on /promises is what they saw. Without them the server looks at itself."`
	PerAddress     int           `name:"requests-per-address" default:"100" placeholder:"N" help:"Requests a second that may come from one address, ten seconds of them at once (${default}); 0: any number. A whole office may share an address."`
	MaxOpen        int           `default:"200" placeholder:"N" help:"Customers kept open when nobody uses them (${default})."`
	MaxConnections int           `default:"40" placeholder:"N" help:"Connections to a PostgreSQL server that this process has at most, for all customers together (${default}). What the server's max_connections allows is shared by every process."`
	Idle           time.Duration `default:"10m" placeholder:"TIME" help:"A customer is closed so long after its last use (${default})."`
	LogLevel       string        `default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"What is logged: debug, info, warn or error (${default})."`
	LogFormat      string        `default:"json" enum:"json,text" placeholder:"FORMAT" help:"How it is logged: json or text (${default})."`

	uncopied  bool         // the depot is not to be asked any more: --copy none
	from      backup.Depot // that something is had back from: it may be asked where --copy names none
	existing  bool         // the installation must be there
	listening string       // where a server is served in fact; empty: as Listen says
}

// noCopy is what copy is set to where there was a depot and is to be none.
const noCopy = "none"

const (
	settingsGroup = "settings"
	settingsTitle = "Settings (each may be an environment variable, --max-open is VERLOF_MAX_OPEN, or a line of the file, max-open = 200):"
)

// fill gives settings that were made without flags the times of their defaults, and applies them.
func (s *settings) fill() error {
	s.CopyDays, s.SnapshotDays = cmp.Or(s.CopyDays, 90), cmp.Or(s.SnapshotDays, 14)
	s.DrillEvery = cmp.Or(s.DrillEvery, 24*time.Hour)
	s.OffsiteEvery, s.OffsiteWithin = cmp.Or(s.OffsiteEvery, 5*time.Minute), cmp.Or(s.OffsiteWithin, time.Hour)
	s.BackupEvery, s.FullEvery = cmp.Or(s.BackupEvery, 24*time.Hour), cmp.Or(s.FullEvery, 7*24*time.Hour)
	return s.AfterApply()
}

// AfterApply fills in what depends on other settings, and refuses what cannot be
// right.
func (s *settings) AfterApply() error {
	if s.Data == "" {
		return errs.Operator("name a folder with --data", "the installation has no data folder")
	}
	s.Database = cmp.Or(s.Database, "sqlite:"+s.Data)
	if s.Mail == "" {
		folder, err := filepath.Abs(filepath.Join(s.Data, "mail"))
		if err != nil {
			return err
		}
		s.Mail = (&url.URL{Scheme: "dir", Path: folder, OmitHost: true}).String()
	}
	if s.Copy == noCopy {
		s.Copy, s.uncopied = "", true
	}
	s.MailFrom = cmp.Or(s.MailFrom, "verlof@"+s.domain())
	return cmp.Or(s.checkPlaces(), s.checkRootKey(), s.checkNames(), s.checkTLS(), s.checkBounds())
}

func (s *settings) checkPlaces() error {
	if _, err := store.ParsePlace(s.Database); err != nil {
		return err
	}
	if _, err := notify.NewTransport(s.Mail); err != nil {
		return err
	}
	for _, depot := range []struct{ name, setting string }{{"copy", s.Copy}, {"offsite", s.Offsite}} {
		if depot.setting == "" {
			continue
		}
		if _, err := backup.ParseDepot(depot.setting); err != nil {
			e := errs.As(err)
			return errs.Operator(e.Hint, "%s: %w", depot.name, e.Err)
		}
	}
	if err := checkAddress("listen", s.Listen); err != nil {
		return err
	}
	if s.MetricsListen == "" {
		return nil
	}
	if s.MetricsListen == s.Listen && !strings.HasSuffix(s.Listen, ":0") {
		return errs.Operator("give metrics-listen a port of its own", "listen and metrics-listen are the same address")
	}
	return checkAddress("metrics-listen", s.MetricsListen)
}

func checkAddress(setting, address string) error {
	if _, port, err := net.SplitHostPort(address); err != nil || port == "" {
		return errs.Operator("an address looks like 127.0.0.1:8080 or :8080", "%s: %q is no address", setting, address)
	}
	return nil
}

func (s *settings) checkNames() error {
	u, err := url.Parse("http://" + s.BaseDomain)
	if err != nil || u.Host != s.BaseDomain || s.domain() == "" {
		return errs.Operator("a base domain looks like leave.example.org", "base-domain: %q is no host name", s.BaseDomain)
	}
	if a, err := mail.ParseAddress(s.MailFrom); err != nil || a.Address != s.MailFrom {
		return errs.Operator("an address looks like verlof@example.org", "mail-from: %q is no mail address", s.MailFrom)
	}
	return nil
}

func (s *settings) checkBounds() error {
	for _, b := range []struct {
		name     string
		n, least int
	}{{"max-open", s.MaxOpen, 1}, {"max-connections", s.MaxConnections, 4}, {"snapshot-days", s.SnapshotDays, 1}, {"copy-days", s.CopyDays, 1}, {"requests-per-address", s.PerAddress, 0}} {
		if b.n < b.least {
			return errs.Operator(fmt.Sprintf("give at least %d", b.least), "%s: %d is too few", b.name, b.n)
		}
	}
	for _, b := range []struct {
		name     string
		d, least time.Duration
	}{{"drill-every", s.DrillEvery, time.Minute}, {"backup-every", s.BackupEvery, time.Minute}, {"full-every", s.FullEvery, time.Minute},
		{"offsite-every", s.OffsiteEvery, time.Minute}, {"offsite-within", s.OffsiteWithin, time.Minute}, {"idle", s.Idle, time.Second}} {
		if b.d < b.least {
			return errs.Operator("give at least "+b.least.String(), "%s: %v is too short", b.name, b.d)
		}
	}
	return s.checkCopies()
}

// checkCopies refuses settings about copies without the one that they rest on.
func (s *settings) checkCopies() error {
	if s.Offsite != "" && s.Copy == "" {
		return errs.Operator("name a depot with --copy", "offsite: a third place is for what has a second")
	}
	if s.Offsite != "" && s.Offsite == s.Copy {
		return errs.Operator("name another one, further away", "offsite: the third place is the second")
	}
	if s.Spare != "" && (s.Copy == "" || !strings.HasPrefix(s.Database, "sqlite:")) {
		return errs.Operator("name a depot with --copy; for PostgreSQL leave it out", "spare: databases are brought back from a depot, and in SQLite")
	}
	if s.CopyDemanded && s.Copy == "" {
		return errs.Operator("name a depot with --copy", "copy-demanded: there is no depot for copies")
	}
	return nil
}

// domain returns the base domain without a port.
func (s *settings) domain() string {
	if host, _, err := net.SplitHostPort(s.BaseDomain); err == nil {
		return strings.ToLower(host)
	}
	return strings.ToLower(s.BaseDomain)
}

// host returns the host name of a customer.
func (s *settings) host(slug string) string { return slug + "." + s.domain() }

// site returns the address of a site, without a slash at its end: at the port of the base domain, or
// without one at the usual port, but for a plain one, which browsers reach where it listens.
func (s *settings) site(host string) string {
	scheme, port := "https://", ""
	if s.Plain {
		scheme = "http://"
		_, port, _ = net.SplitHostPort(cmp.Or(s.listening, s.Listen)) // checked
	}
	if _, of, err := net.SplitHostPort(s.BaseDomain); err == nil {
		port = of
	}
	if port == "" || port == "0" || s.Plain && port == "80" {
		return scheme + host
	}
	return scheme + net.JoinHostPort(host, port)
}

// rootKeyName is the name of the root key's file in the data folder.
const rootKeyName = "root.key"

// credential is the name of the root key among the credentials that systemd passes on.
const credential = "verlof-root-key"

// rootKeyVariable is the environment variable that may hold the root key itself. It is no
// flag: those are seen by everybody on the machine.
const rootKeyVariable = "VERLOF_ROOT_KEY"

// rootKey returns where the root key is from. Only that in the data folder is ever made.
func (s *settings) rootKey() seal.Source {
	var kms seal.KMS
	if s.RootKeyUnwrap != "" {
		kms = seal.Command{Wrapping: s.RootKeyWrap, Unwrapping: s.RootKeyUnwrap}
	}
	if s.RootKeyFile != "" {
		return seal.File{Path: s.RootKeyFile, KMS: kms}
	}
	if text := os.Getenv(rootKeyVariable); text != "" {
		return seal.Text(text)
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		path := filepath.Join(dir, credential)
		if _, err := os.Stat(path); err == nil {
			return seal.File{Path: path, KMS: kms}
		}
	}
	return seal.File{Path: filepath.Join(s.Data, rootKeyName), Make: true, KMS: kms}
}

// checkRootKey refuses to wrap what is not there, or could not be opened again.
func (s *settings) checkRootKey() error {
	if s.RootKeyUnwrap == "" && s.RootKeyWrap != "" {
		return errs.Operator("say how it is opened again with --root-key-unwrap", "root-key-wrap is named without root-key-unwrap")
	}
	if s.RootKeyUnwrap != "" && s.RootKeyFile == "" && os.Getenv(rootKeyVariable) != "" {
		return errs.Operator("name the file with --root-key-file, and leave the variable out", "root-key-unwrap is for a file, and %s holds a root key as it is", rootKeyVariable)
	}
	return nil
}

// issuing returns the operator's issuing certificate with its key, checked; nothing where
// there is none.
func (s *settings) issuing() ([]byte, error) {
	if s.Issuing == "" {
		return nil, nil
	}
	text, err := os.ReadFile(s.Issuing)
	if err != nil {
		return nil, &errs.Error{Kind: errs.Invalid, Err: err, Hint: "name a file that Verlof may read with --issuing-certificate"}
	}
	_, err = openid.ReadAuthority(text)
	return text, err
}

// hashPatience is how long somebody who signs in waits for their password to be looked at.
const hashPatience = 5 * time.Second

// hashesAtOnce bounds the memory and the cores that passwords take: half of the cores are for
// those who are in already, however many are at the door.
func hashesAtOnce() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// open opens the installation. onOutbox is told which customer has something to
// send; it may be nil, as copies may.
func (s *settings) open(ctx context.Context, onOutbox func(string), copies *backup.Copies) (*tenant.Directory, error) {
	place, err := s.place()
	if err != nil {
		return nil, err
	}
	if err := s.settle(ctx, place, copies); err != nil {
		return nil, err
	}
	if err := s.checkNew(ctx, place, copies); err != nil {
		return nil, err
	}
	issuing, err := s.issuing()
	if err != nil {
		return nil, err
	}
	d, err := tenant.Open(ctx, tenant.Options{
		Place: place, Folder: s.Data, RootKey: s.rootKey(), Now: time.Now, MaxOpen: s.MaxOpen, Idle: s.Idle, Plain: s.Plain, OnOutbox: onOutbox, OnOpen: operate.Carry(copies),
		Policy: tenant.Policy(s.Migrate), SnapshotsFor: time.Duration(s.SnapshotDays) * 24 * time.Hour,
		Reach: outside.Reach{Private: s.PrivateCalls, Local: s.Plain}, Scanner: s.Scanner.orNone(),
		Site: s.site, Issuing: issuing, Parts: s.parts(),
		Hasher: identity.NewHasher(identity.DefaultParams, hashesAtOnce(), hashPatience),
	})
	if err == nil {
		if err = claim(ctx, place, copies); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	if err == nil && copies != nil {
		copies.Held, copies.Ended = d.Held, d.Destroyed
	}
	if errs.Is(err, errs.Unavailable) && errs.As(err).Hint == "" {
		return nil, &errs.Error{Kind: errs.Unavailable, Err: err, Hint: s.unopened()}
	}
	return d, err
}

// unopened says what to look at where the installation cannot be opened.
func (s *settings) unopened() string {
	if strings.HasPrefix(s.Database, "sqlite:") {
		return "a database is written beside also to be read: see whether its folder is on a disk that takes changes, and lets the user write who runs this"
	}
	return "see whether the database answers, and whether verlof config prints the right place for it"
}

// with opens the installation for a verb. It must be there.
func (s *settings) with(ctx context.Context, f func(*tenant.Directory) error) error {
	return s.withCopies(ctx, func(d *tenant.Directory, _ *backup.Copies) error { return f(d) })
}

// withCopies is with for a verb about copies: those that carry what it changes, nil where there is no depot.
func (s *settings) withCopies(ctx context.Context, f func(*tenant.Directory, *backup.Copies) error) error {
	s.existing = true
	return s.withNew(ctx, f)
}

// withNew is withCopies for a verb that may begin an installation.
func (s *settings) withNew(ctx context.Context, f func(*tenant.Directory, *backup.Copies) error) error {
	copies, err := s.copies(nil)
	if err != nil {
		return err
	}
	d, err := s.open(ctx, nil, copies)
	if err != nil {
		return err
	}
	if err := f(d, copies); err != nil {
		_ = d.Close() // what went wrong before says more
		return err
	}
	err = d.Close()
	tellBehind(copies)
	return err
}

// tellBehind says on the standard error stream where what a verb changed is not at the depot yet: it is done all the same, and
// nobody else would notice before something is changed there again.
func tellBehind(c *backup.Copies) {
	if c == nil {
		return
	}
	if s := c.Standing(); s.Behind > 0 {
		fmt.Fprintf(os.Stderr, "verlof: what was changed in %d of the databases is not at the depot yet: %s\nhint: verlof backup now puts it there once the depot answers\n",
			s.Behind, plainly(s.Problem))
	}
}

// once returns what somebody named, in that order, and nothing twice.
func once(names []string) (list []string) {
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// everySlug returns the short names of all customers that have not left.
func everySlug(ctx context.Context, d *tenant.Directory) (slugs []string, err error) {
	rows, err := d.List(ctx)
	for _, row := range rows {
		if row.State != store.StateClosed {
			slugs = append(slugs, row.Slug)
		}
	}
	return slugs, err
}
