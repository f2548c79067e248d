// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"verlof/errs"
)

// firstSocket is the first descriptor that systemd hands over (sd_listen_fds(3)).
const firstSocket = 3

// redirectName is what systemd calls the socket at which http:// is answered (FileDescriptorName=).
const redirectName = "redirect"

// listen returns a new listener.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	hint := "choose another address with --listen; 127.0.0.1:0 takes any free port"
	if errors.Is(err, syscall.EACCES) {
		hint = "ports below 1024 need a right of their own: choose another, or have systemd hold the socket"
	}
	return nil, &errs.Error{Kind: errs.Unavailable, Hint: hint, Err: err}
}

// heldListeners returns the sockets that systemd holds for this process: for the sites, and for http://; nil
// where it holds none. A held one keeps requests waiting while the program is replaced.
func heldListeners(env map[string]string) (site, plain net.Listener, err error) {
	pid, _ := strconv.Atoi(env["LISTEN_PID"])
	n, _ := strconv.Atoi(env["LISTEN_FDS"])
	if pid != os.Getpid() || n < 1 {
		return nil, nil, nil
	}
	names := strings.Split(env["LISTEN_FDNAMES"], ":")
	for i := range n {
		to := &site
		if i < len(names) && names[i] == redirectName {
			to = &plain
		}
		if *to != nil {
			return site, plain, errs.Operator("give each .socket unit one ListenStream, and the one of http:// FileDescriptorName="+redirectName,
				"systemd holds %d sockets, and two of them are for the same", n)
		}
		if *to, err = heldListener(firstSocket + i); err != nil {
			return site, plain, err
		}
	}
	return site, plain, nil
}

func heldListener(descriptor int) (net.Listener, error) {
	f := os.NewFile(uintptr(descriptor), "systemd")
	defer f.Close()
	l, err := net.FileListener(f)
	if err != nil {
		return nil, errs.Operator("give the .socket unit a ListenStream with a TCP port", "the socket that systemd holds: %w", err)
	}
	return l, nil
}
