// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"
)

// What systemd is told (sd_notify(3)).
const (
	isReady    = "READY=1"
	isStopping = "STOPPING=1"
	isAlive    = "WATCHDOG=1"
)

// supervisor is systemd, where it started this process and asked to be told how it does.
// The zero value is nobody.
type supervisor struct {
	socket string        // a datagram socket of this machine; "@" begins the name of an abstract one
	within time.Duration // how often it wants to hear that the process is alive; 0: never
}

// supervisorOf reads what systemd asked for.
func supervisorOf(env map[string]string) supervisor {
	s := supervisor{socket: env["NOTIFY_SOCKET"]}
	pid, _ := strconv.Atoi(env["WATCHDOG_PID"])
	us, _ := strconv.ParseInt(env["WATCHDOG_USEC"], 10, 64)
	if us > 0 && (pid == 0 || pid == os.Getpid()) {
		s.within = time.Duration(us) * time.Microsecond
	}
	return s
}

// tell hands a state on. That nobody listens stops no service: it is a line in the log.
func (s supervisor) tell(log *slog.Logger, state string) {
	if s.socket == "" {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err == nil {
		defer c.Close()
		_, err = c.Write([]byte(state))
	}
	if err != nil {
		log.Warn("the supervisor was not told", "state", state, "error", err)
	}
}

// watch says twice as often as is asked for that the process is alive, until ctx ends. Before
// each time it does what alive does: where that hangs, systemd starts the service anew.
func (s supervisor) watch(ctx context.Context, log *slog.Logger, alive func()) {
	if s.within == 0 {
		return
	}
	tick := time.NewTicker(s.within / 2)
	defer tick.Stop()
	for {
		alive()
		s.tell(log, isAlive)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
