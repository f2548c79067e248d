// SPDX-License-Identifier: Apache-2.0

//go:build !race

package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/identity/openid"
	"verlof/internal/browsertest"
	"verlof/internal/prooftest"
)

// Programs of others sign people in, each with code and PKCE, a refresh, and the end of the
// session. TestGoOIDC is of their kind.

// clientsHome holds the programs and pins what they are made with.
var clientsHome = filepath.Join("testdata", "clients")

// TestNodeClients signs people in with two libraries for Node, as applications that keep a
// secret, as ones that keep none, and as ones that sign.
func TestNodeClients(t *testing.T) {
	for _, library := range []string{"openid-client", "oauth4webapi"} {
		if _, err := browsertest.Npm(clientsHome, library); err != nil {
			t.Fatal(err)
		}
		for _, way := range []string{"secret", "public", "key"} {
			t.Run(library+"/"+way, func(t *testing.T) {
				r := newRelying(t, func(c *openid.Client) {
					if way == "public" {
						c.Kind = openid.Public
					}
				})
				if way == "key" {
					r.at(r.acme, func(c *openid.Client) { c.Keys = []string{r.signs(prooftest.New(t, "ES256"))} })
				}
				r.time = time.Now() // theirs
				known := r.program(filepath.Join(clientsHome, library+".mjs"))
				for name, want := range map[string]any{"sub": r.id("carla"), "name": "Carla Fonseca", "email": "carla@" + r.host, "active": true, "out": outThere + "?state=over"} {
					if known[name] != want {
						t.Errorf("%s: %v, want %v", name, known[name], want)
					}
				}
				if known["sid"] == nil {
					t.Error("the application does not know which session it is")
				}
			})
		}
	}
}

// TestNodeProof signs somebody in as docs/openid.md shows it: the application signs who it is,
// pushes its request, and its tokens are bound to its key.
func TestNodeProof(t *testing.T) {
	if _, err := browsertest.Npm(clientsHome, "oauth4webapi"); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(clientsHome, "proof.mjs")
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile(filepath.Join("..", "docs", "openid.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(text), "// ---\n")
	shown, _, _ = strings.Cut(shown, "// ---\n")
	lines := strings.Split(strings.TrimSpace(shown), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	if len(lines) < 20 || !strings.Contains(string(guide), strings.Join(lines, "\n")) {
		t.Error("docs/openid.md shows another program than the one that was tried")
	}
	r := newRelying(t, nil)
	r.time = time.Now() // the program's
	r.at(r.acme, func(c *openid.Client) {
		c.Keys, c.Pushes, c.Bound = []string{r.signs(prooftest.New(t, "ES256"))}, true, true
	})
	known := r.program(script)
	for name, want := range map[string]any{"sub": r.id("carla"), "name": "Carla Fonseca", "email": "carla@" + r.host, "out": outThere + "?state=over"} {
		if known[name] != want {
			t.Errorf("%s: %v, want %v", name, known[name], want)
		}
	}
}

// program runs a program of testdata/clients with carla's browser, and returns what it
// knows in the end.
func (r *relying) program(script string) (known map[string]any) {
	r.world.Helper()
	host, port, err := net.SplitHostPort(r.server)
	if err != nil {
		r.world.Fatal(err)
	}
	told := map[string]any{"issuer": r.issuer, "id": r.client.ID, "secret": r.secret, "back": backThere, "out": outThere, "server": map[string]string{"host": host, "port": port}}
	if r.key != nil {
		told["key"] = r.key.Private()
	}
	given, err := json.Marshal(told)
	if err != nil {
		r.world.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(r.world.Context(), time.Minute)
	defer cancel()
	var said bytes.Buffer
	node := exec.CommandContext(ctx, "node", script)
	node.Env, node.Stderr = append(os.Environ(), "GIVEN="+string(given)), &said
	in, err := node.StdinPipe()
	if err != nil {
		r.world.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		r.world.Fatal(err)
	}
	if err := node.Start(); err != nil {
		r.world.Fatalf("no node to run it with: run scripts/prerequisites npm: %v", err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var line struct {
			Visit string
			Known map[string]any
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			r.world.Fatalf("%v: %s", err, lines.Text())
		}
		if known = line.Known; line.Visit == "" {
			continue
		}
		a, _ := r.follow(r.get(line.Visit))
		if _, err := io.WriteString(in, a.Header.Get("Location")+"\n"); err != nil {
			r.world.Fatal(err)
		}
	}
	if err := node.Wait(); err != nil {
		r.world.Fatalf("%v\n%s", err, said.String())
	}
	return known
}

// TestApache signs people in at a site behind Debian's mod_auth_openidc: it refreshes, signs
// out here when somebody does there, and hears when somebody signs out here.
func TestApache(t *testing.T) {
	site := "http://" + freeAddress(t)
	r := newRelying(t, func(c *openid.Client) {
		c.Redirects, c.PostLogout, c.Logout = []string{site + "/app/back"}, []string{site + "/out.html"}, site+"/app/back?logout=backchannel"
	})
	r.time = time.Now() // Apache's
	r.apache(site)
	first := r.enter(site)
	r.want(strings.Contains(first.body, "sub="+r.id("carla")+" name=Carla Fonseca"), "signed in: %s", first.body)

	token := between(first.body, "token=", " ")
	again, _ := r.follow(r.get(site + "/app/back?" + values("refresh", site+"/app/", "access_token", token).Encode()))
	fresh := between(again.body, "token=", " ")
	r.want(fresh != "" && fresh != token && r.userInfo(fresh).StatusCode == http.StatusOK, "refreshed: %d %s", again.StatusCode, again.body)

	gone, _ := r.follow(r.get(site + "/app/back?" + values("logout", site+"/out.html").Encode()))
	r.want(gone.StatusCode == http.StatusOK && gone.body == "out", "signed out: %d %s", gone.StatusCode, gone.body)
	r.want(r.userInfo(fresh).StatusCode == http.StatusUnauthorized, "the token outlives the session")

	second := r.enter(site)
	r.want(r.get(site+"/app/").StatusCode == http.StatusOK, "Apache keeps no session")
	r.form("/sign-out", values())
	address, logout := r.told()
	a := r.form(address, values("logout_token", logout))
	r.want(a.StatusCode == http.StatusOK, "told that the session is over: %d %s", a.StatusCode, a.body)
	a = r.get(site + "/app/")
	r.want(a.StatusCode == http.StatusFound && second.StatusCode == http.StatusOK, "Apache goes on: %d %s", a.StatusCode, a.body)
}

// enter opens the site behind Apache, signs carla in where that is asked, and returns its page.
func (r *relying) enter(site string) answer {
	r.world.Helper()
	a, times := r.follow(r.get(site + "/app/"))
	if a.StatusCode != http.StatusOK || times != 1 {
		r.world.Fatalf("%d after %d sign-ins: %s", a.StatusCode, times, a.body)
	}
	return a
}

// freeAddress returns an address of this machine at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// apache starts an Apache of the test's own, at the address of site.
func (r *relying) apache(site string) {
	r.world.Helper()
	const program, modules = "/usr/sbin/apache2", "/usr/lib/apache2/modules"
	for _, path := range []string{program, filepath.Join(modules, "mod_auth_openidc.so")} {
		if _, err := os.Stat(path); err != nil {
			r.world.Fatalf("run scripts/prerequisites apache: %v", err)
		}
	}
	dir := r.world.TempDir()
	user := ""
	if os.Getuid() == 0 { // then Apache wants somebody else to be
		user = "User nobody\nGroup nogroup"
		if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
			r.world.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(clientsHome, "apache.conf"))
	if err != nil {
		r.world.Fatal(err)
	}
	address := strings.TrimPrefix(site, "http://")
	conf := strings.NewReplacer("{dir}", dir, "{address}", address, "{user}", user, "{modules}", modules, "{issuer}", r.issuer,
		"{id}", r.client.ID, "{secret}", r.secret, "{server}", r.server).Replace(string(text))
	for path, content := range map[string]string{"apache.conf": conf, "site/out.html": "out",
		"site/app/index.html": `sub=<!--#echo var="OIDC_CLAIM_sub" --> name=<!--#echo var="OIDC_CLAIM_name" --> token=<!--#echo var="OIDC_access_token" --> `} {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			r.world.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			r.world.Fatal(err)
		}
	}
	r.runApache(program, dir, address)
}

// runApache runs Apache until the test ends, and returns once it answers.
func (r *relying) runApache(program, dir, address string) {
	r.world.Helper()
	apache := exec.Command(program, "-f", filepath.Join(dir, "apache.conf"), "-DFOREGROUND")
	var said bytes.Buffer
	apache.Stderr = &said
	if err := apache.Start(); err != nil {
		r.world.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- apache.Wait() }()
	r.world.Cleanup(func() {
		_ = apache.Process.Signal(os.Interrupt) // ends its children too
		<-ended
		if log, err := os.ReadFile(filepath.Join(dir, "error.log")); r.world.Failed() {
			r.world.Logf("Apache: %s %s %v", said.String(), log, err)
		}
	})
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			r.world.Fatalf("Apache ended: %v", err)
		default:
		}
	}
	r.world.Fatal("Apache does not answer")
}
