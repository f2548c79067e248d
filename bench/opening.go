// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
		more, err := w.opening(ctx, size)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more)
	}
	return rows, nil
}

// opening measures customers of one size, a pair of them by turns.
func (w *world) opening(ctx context.Context, people int) (row, error) {
	r := row{What: fmt.Sprintf("%s people, GET /", thousands(fmt.Sprint(people))), Unit: duration,
		Bare: "open the database, one query, close it"}
	var pair [2]firm
	for i, which := range []string{"a", "b"} {
		f, err := w.firm(ctx, fmt.Sprintf("people%d%s", people, which), people)
		if err != nil {
			return r, err
		}
		pair[i] = f
	}
	c := browsers(1)
	defer c.CloseIdleConnections()
	turn := 0
	for range openingRuns {
		took, err := byTurns(openingSize,
			func() error {
				turn = 1 - turn
				get, err := pair[turn].employee.request(ctx, http.MethodGet, w.url+"/", nil, true)
				if err != nil {
					return err
				}
				_, err = fetch(c, get, http.StatusOK)
				return err
			},
			func() error { return openAndAsk(ctx, pair[1-turn].file) }) // the one that was closed for the other
		if err != nil {
			return r, err
		}
		r.add(median(took[0].times), median(took[1].times))
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
