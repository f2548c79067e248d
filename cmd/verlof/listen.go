// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"net"
	"os"
	"strconv"
	"syscall"

	"verlof/errs"
)

// firstSocket is the first descriptor that systemd hands over (sd_listen_fds(3)).
const firstSocket = 3

// listen returns the listener that systemd holds for this process, or a new one.
// A held one keeps requests waiting while the program is replaced.
func listen(address string, env map[string]string) (net.Listener, error) {
	held, err := heldListener(env)
	if held != nil || err != nil {
		return held, err
	}
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

// heldListener returns the socket that systemd holds for this process; nil where
// it holds none.
func heldListener(env map[string]string) (net.Listener, error) {
	pid, _ := strconv.Atoi(env["LISTEN_PID"])
	n, _ := strconv.Atoi(env["LISTEN_FDS"])
	if pid != os.Getpid() || n < 1 {
		return nil, nil
	}
	if n > 1 {
		return nil, errs.Operator("give the .socket unit one ListenStream", "systemd holds %d sockets, and one is served", n)
	}
	f := os.NewFile(firstSocket, "systemd")
	defer f.Close()
	l, err := net.FileListener(f)
	if err != nil {
		return nil, errs.Operator("give the .socket unit a ListenStream with a TCP port", "the socket that systemd holds: %w", err)
	}
	return l, nil
}
