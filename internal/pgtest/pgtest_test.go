// SPDX-License-Identifier: Apache-2.0

package pgtest

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestURL(t *testing.T) {
	s, err := server()
	if err != nil {
		t.Fatal(err)
	}
	one, two := URL(t), URL(t)
	if one == two {
		t.Fatalf("two calls gave the same database %s", one)
	}
	out, err := exec.Command(s.psql, "-X", "-At", "-d", one, "-c",
		"SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "0" {
		t.Errorf("tables in a fresh database: %s %v, want 0", out, err)
	}
	out, err = exec.Command(s.psql, "-X", "-At", "-d", one, "-c", "SHOW fsync").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "on" {
		t.Errorf("fsync: %s %v, want on", out, err)
	}
}

// TestURL_dies_with_its_process kills a process that holds a cluster and waits
// for the cluster to go, and its folder with it.
func TestURL_dies_with_its_process(t *testing.T) {
	tmp := t.TempDir()
	if err := os.Chmod(tmp, 0o777); err != nil {
		t.Fatal(err)
	}
	for dir := tmp; strings.HasPrefix(dir, os.TempDir()+"/"); dir = dir[:strings.LastIndex(dir, "/")] {
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestHold$")
	cmd.Env = append(os.Environ(), "PGTEST_HOLD=1", "TMPDIR="+tmp, "VERLOF_TEST_POSTGRES=")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var address string
	for said := bufio.NewScanner(out); address == "" && said.Scan(); {
		if strings.HasPrefix(said.Text(), "postgres") { // other lines are of the test binary
			address = said.Text()
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", u.Host)
		left, globErr := os.ReadDir(tmp)
		if err != nil && globErr == nil && len(left) == 0 {
			return
		}
		if err == nil {
			_ = c.Close()
		}
		if time.Now().After(deadline) {
			t.Fatalf("20 s after the kill: connect %v, left behind %v", err, left)
		}
	}
}

// TestHold is the process that gets killed.
func TestHold(t *testing.T) {
	if os.Getenv("PGTEST_HOLD") == "" {
		return
	}
	fmt.Println(URL(t))
	time.Sleep(time.Minute)
}
