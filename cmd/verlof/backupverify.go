// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"verlof/backup"
	"verlof/errs"
	"verlof/internal/order"
	"verlof/tenant"
)

// backupVerify reads everything.
type backupVerify struct{ copyWork }

// Help is what --help adds.
func (backupVerify) Help() string {
	return `Each object is opened and read to its end, and each record must follow the one before it, so that
one that was changed, exchanged, cut short or taken away is found. Exit code 1 says that one was.
NO KEY counts those whose key was taken away (verlof keys prune, prune-root): what only they hold is lost, as was meant.
Exit code 5 says that the newest state cannot be had back without them, or that there is no copy of a database at all.

Examples:
  verlof backup verify
  verlof backup verify acme --json`
}

// verified is one line of backup verify.
type verified struct {
	Database string   `json:"database"`
	Objects  int      `json:"objects"`
	Bytes    int64    `json:"bytes"`
	Damaged  []string `json:"damaged"`
	Closed   []string `json:"no_key"` // sealed with a key that was taken away
	Lost     []string `json:"lost"`   // what of that the newest state cannot be had back without
}

// Run reads it.
func (c *backupVerify) Run(ctx context.Context, io *console) error {
	if c.ofServers() {
		return c.servers(ctx, io)
	}
	var list []verified
	failed := c.each(ctx, io, func(_ *tenant.Directory, _ *backup.Copies, k kept) error {
		v, err := k.Verify(ctx)
		if err != nil {
			return err
		}
		list = append(list, verifiedOf(k.name, v))
		if n := len(v.Closed); n > 0 && !c.JSON {
			order.By(v.Closed, func(a, b backup.Closed) int { return a.At.Compare(b.At) })
			last := v.Closed[n-1]
			io.say("%s: no key opens %d objects, the newest put %s (%s): %s", k.name, n, stamp(last.At), last.Object, plainly(last.Err))
		}
		return wrong(v)
	})
	return printDone(io, c.JSON, list, []string{"DATABASE", "OBJECTS", "BYTES", "DAMAGED", "NO KEY"}, func(v verified) []string {
		return []string{v.Database, strconv.Itoa(v.Objects), strconv.FormatInt(v.Bytes, 10), strconv.Itoa(len(v.Damaged)), strconv.Itoa(len(v.Closed))}
	}, failed)
}

// wrong returns what somebody has to see to. That older keys open no older copies is as was meant.
func wrong(v backup.Verified) error {
	switch {
	case len(v.Damaged) > 0:
		return &errs.Error{Kind: errs.Internal, Err: fmt.Errorf("damaged: %w", errors.Join(append(v.Damaged, v.Lost...)...)),
			Hint: "the database in use is whole: verlof backup now puts an image of it, from which every later moment can be had back"}
	case len(v.Lost) > 0:
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("the newest state cannot be had back: %w", errors.Join(v.Lost...)),
			Hint: "verlof backup now puts an image and a whole file, sealed with the key in use; at the third place it takes --offsite"}
	}
	return nil
}

// verifiedOf returns what a look came to, as it is printed.
func verifiedOf(name string, v backup.Verified) verified {
	line := verified{name, v.Objects, v.Bytes, []string{}, []string{}, []string{}}
	for _, d := range v.Damaged {
		line.Damaged = append(line.Damaged, d.Error())
	}
	for _, closed := range v.Closed {
		line.Closed = append(line.Closed, closed.Object)
	}
	for _, l := range v.Lost {
		line.Lost = append(line.Lost, plainly(l))
	}
	return line
}
