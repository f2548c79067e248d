// SPDX-License-Identifier: Apache-2.0

package pgtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"verlof/internal/order"
)

// programs are the paths of what a cluster needs.
type programs struct{ initdb, postgres, psql, receive string }

// binaries finds PostgreSQL on PATH, or where Debian keeps it, newest first.
func binaries() (programs, error) {
	dirs, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return programs{}, err
	}
	order.By(dirs, func(a, b string) int { return release(b) - release(a) })
	look := func(name string) (string, error) {
		if p, err := exec.LookPath(name); err == nil {
			return p, nil
		}
		for _, d := range dirs {
			if p := filepath.Join(d, name); exec.Command(p, "--version").Run() == nil {
				return p, nil
			}
		}
		return "", fmt.Errorf("no program %q on PATH or in /usr/lib/postgresql", name)
	}
	var p programs
	var errInit, errServer, errClient, errReceive error
	p.initdb, errInit = look("initdb")
	p.postgres, errServer = look("postgres")
	p.receive, errReceive = look("pg_receivewal")
	// psql on PATH may be a script that looks for the one of the right release, which takes longer than what we ask of it.
	if p.psql = filepath.Join(filepath.Dir(p.initdb), "psql"); exec.Command(p.psql, "--version").Run() != nil {
		p.psql, errClient = look("psql")
	}
	return p, errors.Join(errInit, errServer, errClient, errReceive)
}

// release is the 15 of /usr/lib/postgresql/15/bin, or 0.
func release(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

// start makes a cluster in a temporary folder and serves it until this process
// ends.
func start(bin programs) (p *place, err error) {
	dir, err := os.MkdirTemp("", "verlof-pgtest-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	who, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	if err := initialise(bin, dir, who, "verlof"); err != nil {
		return nil, err
	}
	for range 5 { // another process may take the port we found
		var r *running
		if r, err = serve(bin, dir, who); err == nil {
			held = append(held, r)
			port := r.port
			u := &url.URL{Scheme: "postgres", User: url.User("verlof"), Host: fmt.Sprintf("127.0.0.1:%d", port), Path: "/postgres"}
			s := &place{url: u, psql: bin.psql}
			if inMemory(dir) {
				err = s.hasten()
			}
			return s, err
		}
	}
	return nil, err
}

// inMemory reports whether what is written to a folder needs no disk.
func inMemory(dir string) bool {
	const tmpfs = 0x01021994 // TMPFS_MAGIC of statfs(2)
	var s syscall.Statfs_t
	return syscall.Statfs(dir, &s) == nil && s.Type == tmpfs
}

// initialise makes the files of a cluster.
func initialise(bin programs, dir string, who *syscall.Credential, superuser string) error {
	cmd := exec.Command(bin.initdb, "-D", filepath.Join(dir, "data"), "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: who}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// running is a server with the end of the pipe that keeps it.
type running struct {
	port int
	pipe io.Closer
	cmd  *exec.Cmd
}

// stop ends the server and leaves its folder.
func (r *running) stop(dir string) error {
	keep := filepath.Join(dir, "retry")
	return errors.Join(os.WriteFile(keep, nil, 0o600), r.pipe.Close(), r.cmd.Wait(), os.Remove(keep))
}

// unprivileged gives dir to a user that PostgreSQL agrees to run as, when we
// are root: it refuses root. It returns nil when we are somebody else.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}

// keeper runs the server beside a read from a pipe whose other end this
// process holds. However we end, kill -9 included, the pipe closes: the server
// then gets a fast shutdown and its folder goes. That holds where a parent-death
// signal does not: it needs no care for threads, and it cleans up.
const keeper = `
dir=$1; shift
"$@" >"$dir/log" 2>&1 &
server=$!
read -r _
kill -INT $server 2>/dev/null
wait $server
[ -e "$dir/retry" ] || rm -rf "$dir"
`

// serve starts the server of the cluster in dir on a spare port.
func serve(bin programs, dir string, who *syscall.Credential, more ...string) (*running, error) {
	port, err := sparePort()
	if err != nil {
		return nil, err
	}
	if err := os.Remove(filepath.Join(dir, "log")); err != nil && !errors.Is(err, os.ErrNotExist) { // ready reads what this server says
		return nil, err
	}
	args := append([]string{"-c", keeper, "keeper", dir, bin.postgres,
		"-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port), "-k", dir,
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "deadlock_timeout=100ms",
		"-c", "autovacuum=off"}, more...) // it would be busy with hundreds of databases
	cmd := exec.Command("/bin/sh", args...)
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Credential: who, Setpgid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	r := &running{port, pipe, cmd}
	if err := ready(dir); err != nil {
		return nil, errors.Join(err, r.stop(dir))
	}
	return r, nil
}

// held keeps the keeper's pipe from being closed by the garbage collector.
var held []any

// ready waits until the server in dir accepts connections.
func ready(dir string) error {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		state, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
		if err == nil && strings.HasSuffix(strings.TrimSpace(string(state)), "ready") {
			return nil
		}
		if log, err := os.ReadFile(filepath.Join(dir, "log")); err == nil && strings.Contains(string(log), "FATAL:") {
			return fmt.Errorf("start PostgreSQL: %s", log)
		}
	}
	return errors.New("start PostgreSQL: not ready after 30 s")
}

func sparePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
