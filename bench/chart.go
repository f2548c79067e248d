// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"verlof/calendar"
)

// How charts are measured.
const (
	chartRuns = 5
	chartTime = 500 * time.Millisecond // of a run, Verlof and the anchor each
	aloneRuns = 5
	aloneSize = 30 // charts in a run
)

// budget of one chart for 1,000 people, in server time: SQL, domain and HTML.
const chartBudget = 10 * time.Millisecond

// charts measures the month chart of customers of 100 and 1,000 people, as an
// administrator sees it, who sees everybody, and as an employee does.
func charts(ctx context.Context, dir string) (rows []row, err error) {
	w, err := newWorld(ctx, "sqlite:"+dir, 0, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for _, size := range []int{100, 1000} {
		f, err := w.firm(ctx, fmt.Sprint("people", size), size)
		if err != nil {
			return nil, err
		}
		many := thousands(fmt.Sprint(size)) + " people"
		seen, err := w.chart(ctx, many+", administrator", f.administrator)
		if err != nil {
			return nil, err
		}
		own, err := w.chart(ctx, many+", employee", f.employee)
		if err != nil {
			return nil, err
		}
		rows = append(append(rows, seen...), own...)
		if size == 1000 {
			alone, err := w.chartAlone(ctx, f)
			if err != nil {
				return nil, err
			}
			rows = append(rows, alone...)
		}
	}
	return rows, nil
}

// answer has the site answer a visitor, without network, and returns how many
// bytes it wrote. keep, where it is not nil, gets them.
func (w *world) answer(ctx context.Context, v visitor, path string, packed bool, keep *bytes.Buffer) (int, error) {
	r, err := v.request(ctx, http.MethodGet, path, nil, packed)
	if err != nil {
		return 0, err
	}
	s := sink{header: http.Header{}, status: http.StatusOK, keep: keep}
	w.site.ServeHTTP(&s, r)
	if s.status != http.StatusOK {
		return 0, fmt.Errorf("GET %s: status %d", path, s.status)
	}
	return s.bytes, nil
}

// chart measures what one visitor's browser meets, beside a handler that writes
// the same bytes.
func (w *world) chart(ctx context.Context, what string, v visitor) ([]row, error) {
	plain, err := w.answer(ctx, v, "/calendar", false, nil)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	packed, err := w.answer(ctx, v, "/calendar", true, &page)
	if err != nil {
		return nil, err
	}
	bare, url, err := serve(same(page.Bytes()))
	if err != nil {
		return nil, err
	}
	defer bare.Close()
	rates := row{What: what + ": requests", Unit: rate, Bare: "a handler that writes the same bytes, " + fmt.Sprint(runtime.GOMAXPROCS(0)) + " clients each"}
	half := row{What: what + ": p50", Unit: duration, Bare: "its p50"}
	slow := row{What: what + ": p99", Unit: duration, Bare: "its p99"}
	for range chartRuns {
		ours, err := w.browse(ctx, v, w.url+"/calendar")
		if err != nil {
			return nil, err
		}
		raw, err := w.browse(ctx, v, url+"/calendar")
		if err != nil {
			return nil, err
		}
		rates.add(ours.rate, raw.rate)
		half.add(median(ours.times), median(raw.times))
		slow.add(percentile(ours.times, 0.99), percentile(raw.times, 0.99))
	}
	weight := row{What: what + ": size, packed and not", Unit: size, Bare: "the page before it is packed"}
	weight.add(float64(packed), float64(plain))
	return []row{rates, half, slow, weight}, nil
}

// add notes one run.
func (r *row) add(ours, raw float64) {
	r.Ours, r.Raw = append(r.Ours, ours), append(r.Raw, raw)
}

// same answers everything with the same bytes.
func same(body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.Write(body)
	})
}

// browse asks for an address for a while, from as many clients as there are
// cores.
func (w *world) browse(ctx context.Context, v visitor, url string) (burst, error) {
	clients := runtime.GOMAXPROCS(0)
	c := browsers(clients)
	defer c.CloseIdleConnections()
	get := func(int) error {
		r, err := v.request(ctx, http.MethodGet, url, nil, true)
		if err != nil {
			return err
		}
		_, err = fetch(c, r, http.StatusOK)
		return err
	}
	if err := get(0); err != nil { // connected, and warm
		return burst{}, err
	}
	return during(clients, chartTime, get)
}

// chartAlone measures the server's own time for one chart, of the fullest month:
// the handler without network, packing included and not, beside a bare read of the
// requests it shows.
func (w *world) chartAlone(ctx context.Context, f firm) ([]row, error) {
	v := f.administrator
	month, err := w.fullest(ctx, v)
	if err != nil {
		return nil, err
	}
	bare, err := openBare(ctx, f.file)
	if err != nil {
		return nil, err
	}
	defer bare.close()
	path := "/calendar?month=" + month.From.String()[:7]
	what := "1,000 people, server time, " + month.From.String()[:7]
	packed := row{What: what + ": p50", Unit: duration, Aim: atMost(float64(chartBudget)), Bare: "a bare read of the month's requests"}
	slow := row{What: what + ": p99", Unit: duration, Bare: "its p99"}
	worked := row{What: what + ": processor time", Unit: duration, Aim: atMost(float64(chartBudget)), Bare: "its processor time"}
	plain := row{What: what + ", not packed: p50", Unit: duration, Bare: "its p50"}
	for range aloneRuns {
		took, err := byTurns(aloneSize,
			func() error { _, err := w.answer(ctx, v, path, true, nil); return err },
			func() error { _, err := w.answer(ctx, v, path, false, nil); return err },
			func() error { return bare.month(ctx, month) })
		if err != nil {
			return nil, err
		}
		packed.add(median(took[0].times), median(took[2].times))
		slow.add(percentile(took[0].times, 0.99), percentile(took[2].times, 0.99))
		worked.add(mean(took[0].processor), mean(took[2].processor))
		plain.add(median(took[1].times), median(took[2].times))
	}
	return []row{packed, slow, worked, plain}, nil
}

// fullest returns the month of the last twelve whose chart is the largest.
func (w *world) fullest(ctx context.Context, v visitor) (found calendar.Range, err error) {
	largest := 0
	for ago := range 12 {
		y, m, _ := w.today.AddMonths(-ago).Civil()
		month := calendar.MonthOf(y, m)
		n, err := w.answer(ctx, v, "/calendar?month="+month.From.String()[:7], false, nil)
		if err != nil {
			return found, err
		}
		if n > largest {
			found, largest = month, n
		}
	}
	return found, nil
}
