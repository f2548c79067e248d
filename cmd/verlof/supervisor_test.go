// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verlof/errs"
)

// TestSupervisor: systemd hears when the service serves, that it lives, and when it stops,
// in that order.
func TestSupervisor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	hear := func(want string) {
		t.Helper()
		if err := l.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		for {
			b := make([]byte, 100)
			n, err := l.Read(b)
			if err != nil {
				t.Fatalf("%s was not said: %v", want, err)
			}
			if heard := string(b[:n]); heard == want {
				return
			} else if heard != isAlive {
				t.Fatalf("%s was said before %s", heard, want)
			}
		}
	}
	p := launchIn(t, []string{"NOTIFY_SOCKET=" + path, "WATCHDOG_USEC=200000"}, serveArgs(newInstallation(t))...)
	hear(isReady)
	hear(isAlive)
	hear(isAlive)
	if site, _ := p.addresses(t); site == "" {
		t.Error("ready, and not serving")
	}
	p.stop()
	hear(isStopping)
	if err := p.end(t); err != nil {
		t.Errorf("stopped: %v", err)
	}
}

// TestSupervisor_of_another: what systemd asked of another process is not for this one.
func TestSupervisor_of_another(t *testing.T) {
	env := map[string]string{"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}
	if s := supervisorOf(env); s.within != 0 {
		t.Errorf("for another process: every %s", s.within)
	}
	delete(env, "WATCHDOG_PID")
	if s := supervisorOf(env); s.within != time.Millisecond {
		t.Errorf("for this one: every %s", s.within)
	}
}

// TestOwner: root is sent away from an installation that another user runs, and nothing of
// it is touched. Who is not root works on what is theirs.
func TestOwner(t *testing.T) {
	const nobody = 65534
	in := newInstallation(t)
	must(t, append([]string{"tenant", "create", "acme", "--name", "Acme"}, in...)...)
	for _, name := range []string{"registry.db", rootKeyName} {
		path := filepath.Join(in[1], name)
		if os.Geteuid() == 0 {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
		_, err := verb(t, append([]string{"tenant", "create", "birch", "--name", "Birch"}, in...)...)
		switch refused := errs.As(err); {
		case os.Geteuid() != 0 && err == nil:
			return
		case os.Geteuid() != 0:
			t.Fatalf("on files of one's own: %v", err)
		case err == nil || !strings.Contains(refused.Hint, "sudo -u nobody"):
			t.Errorf("root, on another's %s: %v, hint %q", name, err, refused.Hint)
		}
		if os.Geteuid() == 0 {
			if err := os.Chown(path, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
	if list := must(t, append([]string{"tenant", "list"}, in...)...); strings.Contains(list, "birch") {
		t.Errorf("what was refused is there:\n%s", list)
	}
}
