// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/natefinch/atomic"

	"verlof/errs"
	"verlof/internal/disk"
	"verlof/internal/hostname"
	"verlof/internal/id"
	"verlof/trust"
)

// probes are the machines elsewhere whose word is taken for whether the installation answers.
type probes []trust.Probe

// UnmarshalText reads probes, parted by commas.
func (p *probes) UnmarshalText(text []byte) error {
	*p = nil
	for part := range listed(text) {
		one, err := trust.ParseProbe(part)
		if err != nil {
			return err
		}
		*p = append(*p, one)
	}
	return nil
}

// String is what UnmarshalText reads.
func (p probes) String() string {
	var parts []string
	for _, one := range p {
		parts = append(parts, one.String())
	}
	return strings.Join(parts, ",")
}

// listed goes over the parts of a setting that commas part.
func listed(text []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(string(text), ",") {
			if part = strings.TrimSpace(part); part != "" && !yield(part) {
				return
			}
		}
	}
}

// probeCmd holds the verbs of a machine that looks at a site from elsewhere.
type probeCmd struct {
	Key probeKey `cmd:"" help:"Make the key that a probe signs with."`
	Run probeRun `cmd:"" help:"Look at a site each minute, and tell its installation."`
}

// probeKey makes a key.
type probeKey struct {
	File string `arg:"" placeholder:"FILE" help:"Where to put the key."`
	Name string `required:"" placeholder:"NAME" help:"What the installation calls the probe, such as north."`
	JSON bool   `help:"Print JSON."`
}

// Help is what --help adds.
func (probeKey) Help() string {
	return `Run it on the machine that is to look. What it prints is no secret: it goes among the probes of
the installation's settings.

Example:
  verlof probe key /etc/verlof-probe.pem --name north`
}

const pkcs8 = "PRIVATE KEY"

// Run makes it.
func (c *probeKey) Run(out *console) error {
	if err := trust.CheckProbeName(c.Name); err != nil {
		return err
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}
	err = disk.Create(c.File, bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: pkcs8, Bytes: der})))
	if errors.Is(err, fs.ErrExist) {
		return &errs.Error{Kind: errs.Conflict, Err: err, Hint: "name another file: a key is not written over"}
	}
	if err != nil {
		return errs.Operator("name a file in a folder that is there, and that you may write to", "%w", err)
	}
	p := trust.Probe{Name: c.Name, Key: public}
	if c.JSON {
		return out.json(map[string]string{"probe": p.String()})
	}
	_, err = fmt.Fprintln(out.out, p)
	return err
}

// probeRun looks, and tells.
type probeRun struct {
	URL     string   `arg:"" name:"URL" help:"A page of a customer's site that needs no signing in: https://acme.leave.example.org/sign-in."`
	Key     string   `required:"" placeholder:"FILE" help:"The key that verlof probe key made."`
	Address []string `placeholder:"ADDR" help:"An address at which the installation answers, where it has several connections: 192.0.2.1 or 192.0.2.1:443; repeated for each. It looks at each, and one that answers is enough."`
	State   string   `placeholder:"FILE" help:"Where it keeps what it has not told yet; without it, beside the key."`
	Once    bool     `help:"Look once, tell, and stop: for a timer."`
}

// Help is what --help adds.
func (probeRun) Help() string {
	return `It runs on another machine, best in another network, and needs nothing of the installation but a
key of its own. A minute counts as answered when the page came back with status 200 within ten
seconds. What cannot be told, since the installation or the way to it is down, is kept and told
later, for up to a week.

An installation with several connections is looked at through each: name their addresses. It is
told at how many of them there was no answer.

With --once it ends with 5 where the site does not answer, or cannot be told.

Examples:
  verlof probe run https://acme.leave.example.org/sign-in --key /etc/verlof-probe.pem
  verlof probe run https://acme.leave.example.org/sign-in --key /etc/verlof-probe.pem --once
  verlof probe run https://acme.leave.example.org/sign-in --key /etc/verlof-probe.pem \
      --address 192.0.2.1 --address 198.51.100.1`
}

// Run looks until ctx ends.
func (c *probeRun) Run(ctx context.Context, out *console) error {
	p, err := c.prober(newLog(out.err, "info", "text"))
	if err != nil {
		return err
	}
	if c.Once {
		return cmp.Or(p.look(ctx), p.tell(ctx))
	}
	every(ctx, measureEvery, func() { p.round(ctx) })
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	p.tellAgain(last) // else it is told when it runs next
	return nil
}

// prober is a probe at work.
type prober struct {
	page, door string // what is looked at, and where the report goes
	key        ed25519.PrivateKey
	file       string // of what is not told yet
	report     trust.Report
	log        *slog.Logger
	client     *http.Client            // that tells, and looks where there is one connection
	lines      map[string]*http.Client // that look, by address, where there are several

	down   time.Time // since when nothing answers; zero: it does
	told   time.Time // when the installation was told last
	untold bool      // there is something that it does not know
	failed string    // why it could not be told last, which is not logged twice
}

// lookTime is how long a page may take.
const lookTime = 10 * time.Second

func (c *probeRun) prober(log *slog.Logger) (*prober, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errs.Operator("an address looks like https://acme.leave.example.org/sign-in", "%q is no address of a page", c.URL)
	}
	key, err := readProbeKey(c.Key)
	if err != nil {
		return nil, err
	}
	p := &prober{page: u.String(), door: (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/promises/seen"}).String(), key: key,
		file: cmp.Or(c.State, c.Key+".untold"), report: trust.Report{Site: hostname.Of(u.Host)}, log: log, lines: map[string]*http.Client{}}
	p.client = looking(http.ProxyFromEnvironment, dialLocalhost)
	port := cmp.Or(u.Port(), map[string]string{"https": "443", "http": "80"}[u.Scheme])
	for _, address := range c.Address {
		at, err := connectionAt(address, port)
		if err != nil {
			return nil, err
		}
		p.lines[at] = looking(nil, func(ctx context.Context, network, _ string) (net.Conn, error) { return dialLocalhost(ctx, network, at) })
	}
	if len(p.lines) == 1 {
		return nil, errs.Operator("name all of them, or none", "one address is no choice of connections")
	}
	return p, cmp.Or(p.recall(), p.keep())
}

// looking is a client that goes the whole way each time, and follows nowhere.
func looking(proxy func(*http.Request) (*url.URL, error), dial func(ctx context.Context, network, address string) (net.Conn, error)) *http.Client {
	return &http.Client{Timeout: lookTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{Proxy: proxy, DialContext: dial, DisableKeepAlives: true}}
}

// connectionAt is an address with its port.
func connectionAt(text, port string) (string, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return net.JoinHostPort(a.String(), port), nil
	}
	a, err := netip.ParseAddrPort(text)
	if err != nil {
		return "", errs.Operator("an address looks like 192.0.2.1, 192.0.2.1:443 or [2001:db8::1]:443", "%q is no address", text)
	}
	return a.String(), nil
}

func readProbeKey(file string) (ed25519.PrivateKey, error) {
	const hint = "verlof probe key FILE --name NAME makes one"
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, errs.Operator(hint, "%w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pkcs8 {
		return nil, errs.Operator(hint, "%s holds no key", file)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if own, ok := key.(ed25519.PrivateKey); err == nil && ok {
		return own, nil
	}
	return nil, errs.Operator(hint, "%s holds no key of a probe", file)
}

// recall reads what was not told yet when the probe ran last.
func (p *prober) recall() error {
	text, err := os.ReadFile(p.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var before trust.Report
	if err == nil {
		err = json.Unmarshal(text, &before)
	}
	if err != nil {
		return errs.Operator("remove it, or name another with --state", "%s does not say what was not told yet: %w", p.file, err)
	}
	if before.Site == p.report.Site {
		p.report, p.untold = before, len(before.Days) > 0
	}
	return nil
}

// keep writes down what is not told yet. Whoever reads it finds all of it, or what was there before.
func (p *prober) keep() error {
	text, err := json.Marshal(p.report)
	if err != nil {
		return err
	}
	if err := atomic.WriteFile(p.file, bytes.NewReader(text)); err != nil {
		return errs.Operator("name a file that may be written with --state", "%w", err)
	}
	return nil
}

// round is what happens each minute.
func (p *prober) round(ctx context.Context) {
	now := time.Now()
	switch err := p.look(ctx); {
	case err == nil && !p.down.IsZero():
		p.log.Info("it answers again", "page", p.page, "after", now.Sub(p.down).Round(time.Second).String())
		p.down = time.Time{}
	case err != nil && p.down.IsZero() && ctx.Err() == nil:
		p.down = now
		p.log.Warn("no answer", "page", p.page, why(err, ""))
	}
	if p.untold && p.down.IsZero() && now.Sub(p.told) >= keepEvery {
		p.tellAgain(ctx)
	}
}

// tellAgain tells, and logs why that cannot be done when it is something new.
func (p *prober) tellAgain(ctx context.Context) {
	err := p.tell(ctx)
	said := fmt.Sprint(err)
	if err != nil && said != p.failed {
		p.log.Warn("the installation is not told yet", why(err, ""))
	}
	p.failed = said
}

// look asks for the page, at each address where there are several, and notes that it came.
func (p *prober) look(ctx context.Context) error {
	var err error
	lost := 0
	if len(p.lines) == 0 {
		err = p.ask(ctx, p.client)
	} else {
		lost, err = p.askAll(ctx)
		p.report.NoteLines(lost, len(p.lines), time.Now())
		p.untold = true
	}
	if err == nil || lost > 0 && lost < len(p.lines) {
		p.report.Note(time.Now())
		p.untold, err = true, nil
	}
	if !p.untold {
		return err
	}
	return cmp.Or(err, p.keep())
}

// askAll asks at each address at once, and returns at how many there was no answer, and why at one of them.
func (p *prober) askAll(ctx context.Context) (lost int, err error) {
	answers := make(chan error, len(p.lines))
	for _, client := range p.lines {
		go func() { answers <- p.ask(ctx, client) }()
	}
	for range p.lines {
		if failed := <-answers; failed != nil {
			lost, err = lost+1, failed
		}
	}
	return lost, err
}

// ask asks for the page.
func (p *prober) ask(ctx context.Context, client *http.Client) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.page, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "Verlof-Probe")
	w, err := client.Do(r)
	if err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: err, Hint: "see to the installation, and to the way to it"}
	}
	_, err = io.Copy(io.Discard, io.LimitReader(w.Body, 1<<20))
	if err = errors.Join(err, w.Body.Close()); err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: err}
	}
	if w.StatusCode != http.StatusOK {
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("%s answers with %s", p.page, w.Status), Hint: "name a page that answers with 200 to everybody, such as /sign-in"}
	}
	return nil
}

// tell sends what is not told yet. Of today it is told again and again, which comes to the same.
func (p *prober) tell(ctx context.Context) error {
	if !p.untold {
		return nil
	}
	now := time.Now()
	m, err := p.report.Sign(p.key, id.New(now), now)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.door, bytes.NewReader(m.Body))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "User-Agent": "Verlof-Probe",
		"Webhook-Id": m.ID, "Webhook-Timestamp": m.Timestamp, "Webhook-Signature": m.Signature} {
		r.Header.Set(name, value)
	}
	w, err := p.client.Do(r)
	if err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: err}
	}
	defer w.Body.Close()
	if w.StatusCode != http.StatusNoContent {
		said, _ := io.ReadAll(io.LimitReader(w.Body, 1<<10)) // whatever there is
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("%s answers with %s: %s", p.door, w.Status, bytes.TrimSpace(said))}
	}
	p.told, p.untold = now, false
	p.report.Days, p.report.Lines = p.report.Days[max(0, len(p.report.Days)-1):], nil
	return p.keep()
}
