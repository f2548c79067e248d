// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"verlof/api"
	"verlof/errs"
	"verlof/identity/provision"
	"verlof/internal/httperr"
	"verlof/internal/id"
	"verlof/internal/scim"
	"verlof/tenant"
)

// Root is where SCIM begins on every customer's site.
const Root = "/scim/v2"

// Config is what the door needs.
type Config struct {
	Tenants api.Directory
	Log     *slog.Logger
	Now     func() time.Time
	Secure  bool      // directories reach us over TLS: HSTS is sent
	Limit   api.Limit // the zero value means 1000 at once and 50 a second: Entra wants at least 25
}

// server is a configured door.
type server struct {
	Config
	mux    *http.ServeMux
	routes map[string]route // by pattern of the mux
	gates  *api.Gates
}

// answer is what a request is told.
type answer struct {
	status   int
	body     any // nil: nothing
	tag      string
	location string
}

// route is one address with what it does.
type route struct {
	kind *scim.Kind // nil: of none
	do   func(*call) (answer, error)
}

// call is one request of a directory.
type call struct {
	*http.Request
	*tenant.Tenant
	body   []byte
	number string          // names the request in the log
	caller string          // id of its token or grant
	entry  provision.Entry // what is noted of it
}

var zero time.Time

// New returns the door of all customers' directories, for requests below Root. It wants
// requests as the program sent them: Host as typed.
func New(c Config) http.Handler {
	if c.Limit.Burst == 0 {
		c.Limit = api.Limit{Burst: 1000, Every: 20 * time.Millisecond}
	}
	s := &server{Config: c, mux: http.NewServeMux(), routes: map[string]route{}, gates: api.NewGates(c.Limit)}
	of(s, users)
	of(s, groups)
	s.add("GET /ServiceProviderConfig", nil, func(*call) (answer, error) { return answer{status: 200, body: config()}, nil })
	s.add("GET /ResourceTypes", nil, func(c *call) (answer, error) { return c.all(types()) })
	s.add("GET /ResourceTypes/{id}", nil, func(c *call) (answer, error) { return c.named(types()) })
	s.add("GET /Schemas", nil, func(c *call) (answer, error) { return c.all(schemas()) })
	s.add("GET /Schemas/{id}", nil, func(c *call) (answer, error) { return c.named(schemas()) })
	for _, pattern := range []string{"/Bulk", "/Me", "/.search"} {
		s.add(pattern, nil, func(*call) (answer, error) {
			return answer{}, &scim.Error{Status: http.StatusNotImplemented, Detail: "this is not offered: see ServiceProviderConfig"}
		})
	}
	return s
}

// Is reports whether a path is SCIM's.
func Is(path string) bool { return path == Root || strings.HasPrefix(path, Root+"/") }

func (s *server) add(pattern string, k *scim.Kind, do func(*call) (answer, error)) {
	method, path, ok := strings.Cut(pattern, " ")
	if pattern = method + " " + Root + path; !ok {
		pattern = Root + method
	}
	s.routes[pattern] = route{k, do}
	s.mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {}) // only to be found
}

// of adds the addresses of a kind (RFC 7644, section 3.2).
func of[T any](s *server, x *things[T]) {
	k := x.kind
	viewed := func(do func(*call, scim.View) (answer, error)) func(*call) (answer, error) {
		return func(c *call) (answer, error) {
			q := c.URL.Query()
			v, err := k.ParseView(names(q.Get("attributes")), names(q.Get("excludedAttributes")))
			if err != nil {
				return answer{}, err
			}
			return do(c, v)
		}
	}
	listed := func(read func(*call) (search, error)) func(*call) (answer, error) {
		return func(c *call) (answer, error) {
			asked, err := read(c)
			if err != nil {
				return answer{}, err
			}
			q, err := asked.query(k)
			if err != nil {
				return answer{}, err
			}
			return x.list(c, q)
		}
	}
	s.add("GET "+k.Endpoint, k, listed(func(c *call) (search, error) { return searchOf(c.URL.Query()) }))
	s.add("POST "+k.Endpoint+"/.search", k, listed(func(c *call) (in search, err error) { return in, scim.Decode(c.body, &in) }))
	s.add("POST "+k.Endpoint, k, viewed(x.post))
	s.add("GET "+k.Endpoint+"/{id}", k, viewed(x.get))
	s.add("PUT "+k.Endpoint+"/{id}", k, viewed(x.put))
	s.add("PATCH "+k.Endpoint+"/{id}", k, viewed(x.patch))
	s.add("DELETE "+k.Endpoint+"/{id}", k, viewed(x.drop))
}

func types() (list []scim.Object) {
	for _, k := range kinds {
		list = append(list, typeOf(k))
	}
	return list
}

func schemas() (list []scim.Object) {
	for _, k := range kinds {
		for _, x := range k.Schemas() {
			o := x.Show()
			o["schemas"] = []any{schemaURN}
			list = append(list, o)
		}
	}
	return list
}

// all answers with a whole list.
func (c *call) all(list []scim.Object) (answer, error) {
	return c.list(user, list, query{start: 1, count: len(list)})
}

// named answers with the one of a list that the address names.
func (c *call) named(list []scim.Object) (answer, error) {
	for _, o := range list {
		if o["id"] == c.PathValue("id") {
			return answer{status: 200, body: o}, nil
		}
	}
	return answer{}, errs.New(errs.NotFound, "")
}

// ServeHTTP answers one request, and leaves a line in the log of the installation and,
// where something was done or refused, in that of the customer's directory.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := s.Now()
	c := &call{Request: r, number: id.Short()}
	a, pattern, err := s.attend(w.Header(), c)
	if err != nil {
		a = s.refuse(w.Header(), c, err)
	}
	s.note(c, a)
	n := send(w, r, a)
	customer := ""
	if c.Tenant != nil {
		customer = c.Tenant.ID
	}
	s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request", slog.String("number", c.number), slog.String("tenant", customer),
		slog.String("caller", c.caller), slog.String("method", r.Method), slog.String("route", pattern), slog.Int("status", a.status),
		slog.Int("bytes", n), slog.Duration("took", s.Now().Sub(start)))
}

// attend finds the customer, who asks and what is asked, and does it.
func (s *server) attend(h http.Header, c *call) (a answer, pattern string, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = &httperr.Panicked{Value: x, Stack: debug.Stack()}
		}
	}()
	s.frame(h)
	t, release, err := s.Tenants.ByHost(c.Context(), c.Host)
	if err != nil {
		return a, "", err
	}
	defer release()
	c.Tenant = t
	if err := c.authenticate(); err != nil {
		return a, "", err
	}
	if _, _, wait := s.gates.Take("scim "+t.ID+" "+c.caller, s.Now()); wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		return a, "", errs.New(errs.TooMany, "api.error.wait")
	}
	if c.body, err = readBody(c.Request); err != nil { // of nobody but a directory
		return a, "", err
	}
	do, pattern, err := s.choose(h, c)
	if err == nil {
		a, err = do.do(c)
	}
	return a, pattern, err
}

// frame is what every answer says.
func (s *server) frame(h http.Header) {
	for name, value := range map[string]string{
		"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		h.Set(name, value)
	}
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// choose finds the route.
func (s *server) choose(h http.Header, c *call) (route, string, error) {
	if strings.ContainsRune(c.URL.Path, 0) || !utf8.ValidString(c.URL.Path) { // which a database refuses
		return route{}, "", errs.New(errs.NotFound, "")
	}
	found, pattern := s.mux.Handler(c.Request)
	do, ok := s.routes[pattern]
	if !ok {
		probe := &probe{header: http.Header{}}
		found.ServeHTTP(probe, c.Request)
		if probe.status == http.StatusMethodNotAllowed {
			h["Allow"] = probe.header["Allow"]
			return route{}, "", &scim.Error{Status: probe.status, Detail: "this address does not take that method"}
		}
		return route{}, "", errs.New(errs.NotFound, "")
	}
	if do.kind != nil {
		c.entry.Kind = do.kind.Name
	}
	_, path, _ := strings.Cut(pattern, Root)
	if _, rest, ok := strings.Cut(path, "{id}"); ok && rest == "" {
		c.SetPathValue("id", c.URL.Path[strings.LastIndexByte(c.URL.Path, '/')+1:])
		c.entry.Subject = c.PathValue("id")
	}
	return do, pattern, nil
}

// probe takes what the mux itself says of an address that has no route.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) WriteHeader(status int)      { p.status = status }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

// maxBody is what a request may bring, in bytes: a group may be large.
const maxBody = 2 << 20

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, scim.Bad(scim.InvalidSyntax, "the body broke off")
	case len(body) > maxBody:
		return nil, &scim.Error{Status: http.StatusRequestEntityTooLarge, Detail: "the body is too large"}
	case len(body) == 0:
		return nil, nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != contentType && kind != "application/json" {
		return nil, &scim.Error{Status: http.StatusUnsupportedMediaType, Detail: "the body is sent as " + contentType}
	}
	return body, nil
}

// contentType is that of every body (RFC 7644, section 8.1).
const contentType = "application/scim+json"

// send hands an answer over, and returns how long its body is.
func send(w http.ResponseWriter, r *http.Request, a answer) int {
	h := w.Header()
	if a.tag != "" {
		h.Set("ETag", a.tag)
		if r.Method == http.MethodGet && names304(r.Header.Get("If-None-Match"), a.tag) {
			w.WriteHeader(http.StatusNotModified)
			return 0
		}
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	var body bytes.Buffer
	if a.body != nil {
		h.Set("Content-Type", contentType)
		if err := json.NewEncoder(&body).Encode(a.body); err != nil {
			panic(err) // texts and truths always have a JSON form
		}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body.Bytes()) // the reader has gone: nothing to tell
	return body.Len()
}

// names304 reports whether a field of tags names one, weak or not.
func names304(field, tag string) bool {
	for one := range strings.SplitSeq(field, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// unchanged reports a resource that is not any more what If-Match names.
func (c *call) unchanged(tag string) error {
	if field := c.Header.Get("If-Match"); field != "" && !names304(field, tag) {
		return &scim.Error{Status: http.StatusPreconditionFailed, Detail: "the resource has changed: read it again"}
	}
	return nil
}

// at returns the address of a resource.
func (c *call) at(k *scim.Kind, id string) string {
	return c.OpenID.Issuer + Root + k.Endpoint + "/" + id
}

func (c *call) meta(k *scim.Kind, id string, made, changed time.Time, version string) scim.Object {
	m := scim.Object{"resourceType": k.Name, "location": c.at(k, id), "version": version}
	if !made.IsZero() {
		m["created"], m["lastModified"] = made.Format(time.RFC3339Nano), changed.Format(time.RFC3339Nano)
	}
	return m
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
}

// noteTime is how long the line about a request may take once the request is over.
const noteTime = 5 * time.Second

// note writes down what the directory did and what was refused. Mere reading is not
// worth a line, and neither strangers leave one nor whoever asks too often.
func (s *server) note(c *call, a answer) {
	reads := c.Method == http.MethodGet || strings.HasSuffix(c.URL.Path, "/.search")
	if c.caller == "" || a.status == http.StatusTooManyRequests || reads && (a.status < 400 || a.status == http.StatusNotFound) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Context()), noteTime)
	defer cancel()
	t, release, err := s.Tenants.ByHost(ctx, c.Host)
	if err == nil {
		defer release()
		c.entry.Method, c.entry.Status = c.Method, a.status
		err = t.Provision.Note(ctx, c.entry)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "note of a request", "number", c.number, "error", err)
	}
}
