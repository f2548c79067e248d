// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"verlof/internal/order"
)

// kind is what an object of a database's row is; it ends the object's name.
type kind string

const (
	image   kind = "image"   // all pages
	changes kind = "changes" // pages that commits wrote
	pack    kind = "pack"    // objects with changes, one after the other
)

// entry is an object of a database's row. Its name tells what it is, so that a listing
// tells which objects are needed; the name is sealed into the object.
type entry struct {
	kind  kind
	first uint64    // number of the first record in it
	seq   uint64    // number of the last
	at    time.Time // of the last
	name  string
	size  int64
}

// rowFolder is where the row of a database is kept.
func rowFolder(id string) string { return path.Join(id, "log") }

func newEntry(id string, k kind, first, seq uint64, at time.Time) entry {
	name := fmt.Sprintf("%016x-%016x-%016x.%s", first, seq, at.UnixMicro(), k)
	return entry{kind: k, first: first, seq: seq, at: at, name: path.Join(rowFolder(id), name)}
}

// parseEntry reads a name of newEntry. It reports false for every other.
func parseEntry(id string, o Object) (entry, bool) {
	var first, seq, at uint64
	var k string
	if _, err := fmt.Sscanf(path.Base(o.Name), "%16x-%16x-%16x.%s", &first, &seq, &at, &k); err != nil {
		return entry{}, false
	}
	e := newEntry(id, kind(k), first, seq, time.UnixMicro(int64(at)).UTC())
	e.size = o.Size
	known := slices.Contains([]kind{image, changes, pack}, e.kind)
	return e, known && e.name == o.Name
}

// row is all that is kept of a database, by number and time.
type row []entry

// readRow lists the row of a database. It returns the names that are not of a row too.
func readRow(ctx context.Context, at Depot, id string) (r row, strange []string, err error) {
	list, err := listAt(ctx, at, rowFolder(id))
	if err != nil {
		return nil, nil, err
	}
	for _, o := range list {
		if e, ok := parseEntry(id, o); ok {
			r = append(r, e)
		} else {
			strange = append(strange, o.Name)
		}
	}
	order.By(r, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.seq, b.seq), a.at.Compare(b.at), strings.Compare(a.name, b.name))
	})
	return r, strange, nil
}

// last returns the newest record.
func (r row) last() (entry, bool) {
	if len(r) == 0 {
		return entry{}, false
	}
	return r[len(r)-1], true
}

// image returns the newest image of a state that is not later than a time.
func (r row) image(to time.Time) (entry, bool) {
	for i := len(r) - 1; i >= 0; i-- {
		if r[i].kind == image && !r[i].at.After(to) {
			return r[i], true
		}
	}
	return entry{}, false
}
