// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// burst is what some clients met together.
type burst struct {
	rate      float64   // done per second
	times     []float64 // of each, in nanoseconds
	processor float64   // of this process, for each, in nanoseconds
}

// together has so many clients do the things 0..n-1 as fast as they can. A thing
// that fails ends it.
func together(clients, n int, do func(i int) error) (burst, error) {
	var next atomic.Int64
	return race(clients, func() (int, bool) {
		i := int(next.Add(1)) - 1
		return i, i < n
	}, do)
}

// during has so many clients do a thing again and again for a while.
func during(clients int, d time.Duration, do func(i int) error) (burst, error) {
	var next atomic.Int64
	end := time.Now().Add(d)
	return race(clients, func() (int, bool) { return int(next.Add(1)) - 1, time.Now().Before(end) }, do)
}

func race(clients int, next func() (int, bool), do func(i int) error) (burst, error) {
	times, faults := make([][]float64, clients), make([]error, clients)
	start, worked := time.Now(), processorTime()
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for i, more := next(); more; i, more = next() {
				begin := time.Now()
				if faults[c] = do(i); faults[c] != nil {
					return
				}
				times[c] = append(times[c], float64(time.Since(begin)))
			}
		})
	}
	all.Wait()
	took := time.Since(start)
	var b burst
	for c := range clients {
		if faults[c] != nil {
			return b, faults[c]
		}
		b.times = append(b.times, times[c]...)
	}
	b.rate = float64(len(b.times)) / took.Seconds()
	b.processor = float64(processorTime()-worked) / float64(len(b.times))
	return b, nil
}

// spent is what doing one thing again and again took, in nanoseconds.
type spent struct {
	times     []float64 // by the clock
	processor []float64 // of all cores, the collector's part included
}

// byTurns does things one after the other, again and again.
func byTurns(n int, things ...func() error) ([]spent, error) {
	all := make([]spent, len(things))
	for range n {
		for i, do := range things {
			begin, worked := time.Now(), processorTime()
			if err := do(); err != nil {
				return nil, err
			}
			all[i].times = append(all[i].times, float64(time.Since(begin)))
			all[i].processor = append(all[i].processor, float64(processorTime()-worked))
		}
	}
	return all, nil
}

// processorTime is what this process has used so far. What others do on the
// machine hardly changes it.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // it fails for a wrong argument only
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// and returns two bursts as one.
func (b burst) and(c burst) burst {
	if len(b.times) == 0 {
		return c
	}
	n, m := float64(len(b.times)), float64(len(c.times))
	return burst{rate: (n + m) / (n/b.rate + m/c.rate), times: slices.Concat(b.times, c.times),
		processor: (n*b.processor + m*c.processor) / (n + m)}
}

// browsers returns a client that keeps connections open and leaves answers
// packed. It follows no redirect.
func browsers(connections int) *http.Client {
	return &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// fetch sends a request and reads the answer, which must have this status.
func fetch(c *http.Client, r *http.Request, status int) (bytes int64, err error) {
	answer, err := c.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	bytes, err = io.Copy(io.Discard, answer.Body)
	if err == nil && answer.StatusCode != status {
		err = fmt.Errorf("%s %s: status %d, not %d", r.Method, r.URL.Path, answer.StatusCode, status)
	}
	return bytes, err
}
