// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"verlof/tenant"
)

// How first requests are measured.
const (
	openingRuns = 5
	openingSize = 20 // openings in a run
)

// openings measures the first request to a customer whose database is closed:
// open it, see that its schema is current and that it is this customer's, read
// who works there, and write somebody's first page.
func openings(ctx context.Context, dir string) (rows []row, err error) {
	w, err := newWorld(ctx, "sqlite:"+dir, 1, 0) // one unused customer open: asking by turns finds each one closed
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for _, size := range []int{12, 100, 1000} {
		more, err := w.opening(ctx, dir, size)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more)
	}
	return rows, nil
}

// opening measures customers of one size, a pair of them by turns.
func (w *world) opening(ctx context.Context, dir string, people int) (row, error) {
	r := row{What: fmt.Sprintf("%s people, GET /", thousands(fmt.Sprint(people))), Unit: duration,
		Bare: "open the database, one query, close it"}
	var pair []visitor
	var files []string
	for _, which := range []string{"a", "b"} {
		slug := fmt.Sprintf("people%d%s", people, which)
		made, err := w.sample(ctx, slug, people)
		if err != nil {
			return r, err
		}
		files = append(files, bareFile(dir, made.Database))
		err = w.with(ctx, slug, func(t *tenant.Tenant) error {
			_, employee, err := cast(ctx, t)
			if err != nil {
				return err
			}
			in, err := admit(ctx, t, employee)
			pair = append(pair, in...)
			return err
		})
		if err != nil {
			return r, err
		}
	}
	c := browsers(1)
	defer c.CloseIdleConnections()
	for range openingRuns {
		var ours, raw []float64
		for i := range openingSize {
			v := pair[i%2]
			get, err := v.request(ctx, http.MethodGet, w.url+"/", nil, true)
			if err != nil {
				return r, err
			}
			begin := time.Now()
			if _, err := fetch(c, get, http.StatusOK); err != nil {
				return r, err
			}
			ours = append(ours, float64(time.Since(begin)))
			// The other one of the pair has been closed for this one.
			begin = time.Now()
			if err := openAndAsk(ctx, files[1-i%2]); err != nil {
				return r, err
			}
			raw = append(raw, float64(time.Since(begin)))
		}
		r.add(median(ours), median(raw))
	}
	return r, nil
}

// openAndAsk opens a database bare, asks it one thing and closes it.
func openAndAsk(ctx context.Context, file string) error {
	b, err := openBare(ctx, file)
	if err != nil {
		return err
	}
	defer b.close()
	_, err = b.read(ctx, "SELECT value FROM meta")
	return err
}
