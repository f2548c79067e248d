// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/id"
)

// Epoch says from when on which folder holds the databases of an installation. The depot has
// the list of them, so that a folder that was given up and comes back, with the older data in
// it, is not taken for the one in force.
type Epoch struct {
	Number uint64    `json:"epoch"`  // one higher than the one before it
	Folder string    `json:"folder"` // id of the folder in force
	At     time.Time `json:"at"`
}

// epochFolder is where a depot keeps them. What they say stands in their names.
const epochFolder = Registry + "/epoch"

func (e Epoch) name() string {
	return path.Join(epochFolder, fmt.Sprintf("%016x-%016x-%s", e.Number, e.At.UnixMicro(), e.Folder))
}

var epochName = regexp.MustCompile(`^([0-9a-f]{16})-([0-9a-f]{16})-([A-Za-z0-9_-]{1,40})$`)

// ReadEpoch returns the newest epoch that a depot knows, zero where it knows none. Of two with
// one number the first holds.
func ReadEpoch(ctx context.Context, at Depot) (newest Epoch, err error) {
	list, err := listAt(ctx, at, epochFolder)
	if err != nil {
		return newest, err
	}
	for _, o := range list { // by name: by number and time
		var number, micros uint64
		m := epochName.FindStringSubmatch(path.Base(o.Name))
		if m == nil {
			continue
		}
		if _, err := fmt.Sscanf(m[1]+" "+m[2], "%x %x", &number, &micros); err == nil && number > newest.Number {
			newest = Epoch{number, m[3], time.UnixMicro(int64(micros)).UTC()}
		}
	}
	return newest, nil
}

// NextEpoch returns the epoch in which a new folder follows the one of another epoch.
func NextEpoch(after Epoch, now time.Time) Epoch {
	return Epoch{after.Number + 1, id.New(now), now.UTC().Truncate(time.Microsecond)}
}

// Begin has a depot know an epoch. It reports Conflict where another folder is in force
// meanwhile.
func (e Epoch) Begin(ctx context.Context, at Depot) error {
	if err := at.Put(ctx, e.name(), strings.NewReader(e.Folder)); err != nil {
		return fmt.Errorf("begin an epoch at %s: %w", at, err)
	}
	newest, err := ReadEpoch(ctx, at)
	if err == nil && newest.Folder != e.Folder {
		err = newest.Superseded()
	}
	return err
}

// Superseded is the error of a folder that is not the one of this epoch, which is in force.
func (e Epoch) Superseded() error {
	return &errs.Error{Kind: errs.Conflict, Err: fmt.Errorf("these databases were given up: since %s others are in force (epoch %d, folder %s)",
		e.At.Format(time.RFC3339), e.Number, e.Folder),
		Hint: "serve from there, with the --copy and --spare that the server has; what is here is older, so move it away"}
}

// lookEvery is how long an answer of the depot about the epoch is good for.
const lookEvery = 5 * time.Second

// Take has the logs carry for the folder of an epoch from now on.
func (c *Copies) Take(e Epoch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch, c.looked, c.fenced = e, time.Time{}, nil
}

// Epoch returns the epoch that the logs carry for.
func (c *Copies) Epoch() Epoch {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

// InForce reports Conflict where another folder is in force than the one that the logs carry
// for; that never passes. Where the depot does not answer, nothing is known against it.
func (c *Copies) InForce(ctx context.Context) error {
	c.mu.Lock()
	mine, fenced, looked := c.epoch, c.fenced, c.looked
	c.mu.Unlock()
	if fenced != nil || mine.Folder == "" || c.now().Sub(looked) < lookEvery {
		return fenced
	}
	newest, err := ReadEpoch(ctx, c.Depot)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looked = c.now(); c.epoch == mine && newest.Number >= mine.Number && newest.Folder != mine.Folder {
		c.fenced = newest.Superseded()
		c.log().Error("another folder is in force: no change is taken here any more", "epoch", newest.Number, "since", newest.At)
	}
	return c.fenced
}

// Fenced is what InForce knows without asking.
func (c *Copies) Fenced() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fenced
}

// errCut is what a change meets that comes too late for a database which is given up.
var errCut = errors.New("this database was given up")

// Cut ends the log of a database that is lost: what is committed through it from now on is not
// put, and nobody is told that it is done. What was put before is all that was acknowledged;
// where it is not, Cut reports Unavailable.
func (c *Copies) Cut(id string) error {
	c.mu.Lock()
	l := c.logs[id]
	c.mu.Unlock()
	if l == nil {
		return nil
	}
	l.cut.Store(true)
	l.mu.Lock() // who is putting something has patience, and an end
	behind := l.status.Behind
	l.mu.Unlock()
	if !behind.IsZero() {
		return &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("changes of %s since %s were acknowledged while the depot failed, and are not there",
			id, behind.UTC().Format(time.RFC3339)), Hint: "they may be on the disk that fails: see docs/operate/backup.md; starting anew goes on without them"}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.logs[id] == l {
		delete(c.logs, id)
	}
	return nil
}

// RestoreInUse makes a database file at path, which is to be used from now on, with all that
// was put. Its log goes on from there without an image. It reports an error, and leaves
// nothing, where something of the newest state is damaged.
func (k Kept) RestoreInUse(ctx context.Context, path string) (Reached, error) {
	newest := time.Unix(1<<40, 0)
	b, err := k.build(ctx, path, goal{image: newest, to: newest})
	if err != nil {
		return Reached{}, err
	}
	h, err := holdState(path)
	if err != nil {
		return b.reached, errors.Join(err, os.Remove(path))
	}
	defer h.release()
	h.state = state{Seq: b.reached.Record, At: b.reached.At, Self: b.self, ImageAt: b.image.at, ImageOf: b.image.seq, Rest: markOf(path)}
	return b.reached, h.save()
}
