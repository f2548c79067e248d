// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"verlof/api"
	"verlof/errs"
)

// apiCmd calls the API of a customer's site, or lists what it can do.
type apiCmd struct {
	Method    string `arg:"" optional:"" name:"METHOD" help:"GET, POST, PUT or DELETE. Or, without a path, a word: operations that have to do with it are listed; without anything all are."`
	Path      string `arg:"" optional:"" name:"PATH" help:"What is asked for, such as /me or /requests?state=pending."`
	Site      string `placeholder:"URL" help:"The customer's site, such as https://acme.leave.example.org; else VERLOF_API_SITE."`
	TokenFile string `placeholder:"FILE" help:"Where the access token stands; else it is VERLOF_API_TOKEN."`
	Data      string `placeholder:"FILE" help:"The JSON to send; - reads it from standard input."`
	IfMatch   string `placeholder:"ETAG" help:"The state that is to be changed, as --include showed it."`
	Key       string `placeholder:"TEXT" help:"An idempotency key: a request that is sent again with it is done once."`
	Mark      string `placeholder:"TEXT" help:"Of the forecast that you were shown, for a change that moves what people have left."`
	Reason    string `placeholder:"TEXT" help:"Why you make such a change: those whose leave it moves may ask."`
	Include   bool   `help:"Print the status and the header before the answer."`
}

// Help is what --help adds.
func (apiCmd) Help() string {
	return `Make a token on the page of your account. The exit code is that of the answer: 3 not found, 4 changed or not
possible, 2 wrong input, 6 not allowed, 5 try again later.

Examples:
  verlof api
  verlof api sickness
  verlof api GET /me
  verlof api GET '/people/01jq.../balances?at=2026-12-31'
  verlof api POST /requests --data ask.json --key 2026-summer`
}

// answerTime is how long an answer may take.
const answerTime = time.Minute

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 20

// Run sends the request and prints the answer.
func (c *apiCmd) Run(ctx context.Context, out *console, l *layers) error {
	if c.Path == "" {
		return listOperations(out, c.Method)
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := c.request(ctx, l.env)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dialLocalhost},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Do(r)
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		return &errs.Error{Kind: errs.Unavailable, Err: errors.New(plainCause(err)), Hint: "is " + r.URL.Host + " the right site, and does it answer?"}
	}
	defer got.Body.Close()
	body, err := io.ReadAll(io.LimitReader(got.Body, maxAnswer))
	if err != nil {
		return err
	}
	if c.Include {
		fmt.Fprintln(out.out, got.Proto, got.Status)
		for _, name := range slices.Sorted(maps.Keys(got.Header)) {
			fmt.Fprintf(out.out, "%s: %s\n", name, strings.Join(got.Header[name], ", "))
		}
		fmt.Fprintln(out.out)
	}
	if _, err := out.out.Write(body); err != nil {
		return err
	}
	return refused(got.StatusCode, body)
}

// listOperations prints what the API can do: all of it, or what has to do with a word.
func listOperations(out *console, word string) error {
	list := slices.DeleteFunc(api.Operations(), func(o api.OperationSeen) bool {
		text := strings.ToLower(strings.Join([]string{o.ID, o.Method, o.Path, o.Area, o.Summary}, " "))
		return !strings.Contains(text, strings.ToLower(word))
	})
	if len(list) == 0 {
		return errs.Operator("verlof api lists all of them", "no operation has to do with %q", word)
	}
	var rows [][]string
	for _, o := range list {
		rows = append(rows, []string{o.Method, o.Path, o.Scope, o.Summary})
	}
	return out.table(rows...)
}

// dialLocalhost finds names below localhost on this machine (RFC 6761, section 6.3), as
// browsers do and not every resolver does.
func dialLocalhost(ctx context.Context, network, address string) (net.Conn, error) {
	if host, port, err := net.SplitHostPort(address); err == nil && strings.HasSuffix(host, ".localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// plainCause returns why a request failed, without the address, which may hold an id.
func plainCause(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

func (c *apiCmd) request(ctx context.Context, env map[string]string) (*http.Request, error) {
	site, err := safeSite(cmp.Or(c.Site, env["VERLOF_API_SITE"]))
	if err != nil {
		return nil, err
	}
	token, err := c.token(env)
	if err != nil {
		return nil, err
	}
	data, err := c.data()
	if err != nil {
		return nil, err
	}
	path := strings.TrimPrefix("/"+strings.TrimLeft(c.Path, "/"), api.Root)
	r, err := http.NewRequestWithContext(ctx, strings.ToUpper(c.Method), site+api.Root+path, strings.NewReader(data))
	if err != nil {
		return nil, errs.Operator("verlof api --help shows examples", "the request cannot be made: %w", err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for name, value := range map[string]string{"If-Match": c.IfMatch, "Idempotency-Key": c.Key, "Change-Mark": c.Mark, "Change-Reason": url.PathEscape(c.Reason)} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if data != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// safeSite returns the address of a site to which a token may be sent: with TLS, or on
// this machine.
func safeSite(site string) (string, error) {
	const hint = "give it with --site or VERLOF_API_SITE, such as https://acme.leave.example.org"
	if site == "" {
		return "", errs.Operator(hint, "there is no site to call")
	}
	u, err := url.Parse(strings.TrimRight(site, "/"))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", errs.Operator(hint, "%q is no address of a site: it begins with https://", site)
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	here := host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
	if u.Scheme == "http" && !here {
		return "", errs.Operator("use https://", "a token is sent over TLS only, and not to %s", u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}

func (c *apiCmd) token(env map[string]string) (string, error) {
	token := env["VERLOF_API_TOKEN"]
	if c.TokenFile != "" {
		text, err := os.ReadFile(c.TokenFile)
		if err != nil {
			return "", errs.Operator("name a file that may be read with --token-file", "the token: %w", err)
		}
		token = string(text)
	}
	if token = strings.TrimSpace(token); token == "" {
		return "", errs.Operator("make one on the page of your account, and put it into VERLOF_API_TOKEN or a file for --token-file", "there is no access token")
	}
	return token, nil
}

func (c *apiCmd) data() (string, error) {
	var text []byte
	var err error
	switch c.Data {
	case "":
		return "", nil
	case "-":
		text, err = io.ReadAll(os.Stdin)
	default:
		text, err = os.ReadFile(c.Data)
	}
	if err != nil {
		return "", errs.Operator("name a file that may be read with --data", "the data: %w", err)
	}
	return string(text), nil
}

// refusedAs are the kinds of error that an answer's status stands for.
var refusedAs = map[int]errs.Kind{
	400: errs.Invalid, 401: errs.Unauthenticated, 403: errs.Forbidden, 404: errs.NotFound, 405: errs.Invalid, 409: errs.Conflict, 412: errs.Conflict,
	413: errs.Invalid, 415: errs.Invalid, 422: errs.Invalid, 428: errs.Conflict, 429: errs.TooMany, 502: errs.Unavailable, 503: errs.Unavailable, 504: errs.Unavailable,
}

// refused returns why an answer is a refusal; nil where it is none.
func refused(status int, body []byte) error {
	if status < 300 {
		return nil
	}
	var p api.Problem
	if json.Unmarshal(body, &p) != nil || p.Detail == "" {
		p.Detail = http.StatusText(status)
	}
	return &errs.Error{Kind: refusedAs[status], Err: fmt.Errorf("%d: %s", status, p.Detail)}
}
