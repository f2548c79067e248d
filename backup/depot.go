// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"time"

	"verlof/errs"
	"verlof/internal/order"
)

// Object is something kept at a depot.
type Object struct {
	Name string // path with slashes, below the depot
	Size int64  // bytes
}

// Depot is a second place. Its methods may be called at the same time.
type Depot interface {
	// Put keeps what body holds under a name, whole or not at all, and returns once it is
	// safe there.
	Put(ctx context.Context, name string, body io.ReadSeeker) error
	// Get returns what is kept under a name. It reports ErrNoObject.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// List returns the objects below a folder, by name. A folder that is not there has none.
	List(ctx context.Context, folder string) ([]Object, error)
	// Delete takes objects away. One that is not there is no error.
	Delete(ctx context.Context, names ...string) error
	// Erase takes everything below a folder away but what keep names, for good: also what the
	// depot keeps of objects that were deleted before. A nil keep names nothing.
	Erase(ctx context.Context, below string, keep func(name string) bool) (Forgotten, error)
	// Clear takes away what was put in part below a folder, before a time, by somebody who was
	// cut off: it belongs to no object.
	Clear(ctx context.Context, below string, before time.Time) error
	// String names the depot without what opens it.
	String() string
}

// ErrNoObject says that nothing is kept under a name.
var ErrNoObject = errors.New("nothing is kept under this name")

const depotHint = "a depot looks like folder:/mnt/second/verlof or s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION"

// ParseDepot reads a setting: folder:PATH, or s3://KEY:SECRET@HOST/BUCKET/FOLDER with
// region=REGION and, for a store without TLS on a network of one's own, plain=true. It
// touches neither disk nor network.
func ParseDepot(setting string) (Depot, error) {
	if dir, ok := strings.CutPrefix(setting, "folder:"); ok && dir != "" {
		dir, err := filepath.Abs(dir)
		return newPatient(folder{dir}, patience), err
	}
	if u, err := url.Parse(setting); err == nil && u.Scheme == "s3" {
		return parseBucket(u)
	}
	return nil, errs.Operator(depotHint, "not a depot for copies")
}

// goodName refuses names that could lead out of a depot.
func goodName(name string) error {
	if name == "" || path.Clean("/"+name) != "/"+name || strings.Contains(name, `\`) {
		return errs.Operator(depotHint, "not a name of an object: %q", name)
	}
	return nil
}

// listAt lists what a depot keeps below a folder. It reports Unavailable where it does not say.
func listAt(ctx context.Context, at Depot, folder string) ([]Object, error) {
	list, err := at.List(ctx, folder)
	if err != nil {
		return nil, &errs.Error{Kind: errs.Unavailable, Err: fmt.Errorf("list what %s keeps: %w", at, err),
			Hint: cmp.Or(errs.As(err).Hint, "see whether the depot answers: its disk is mounted, its address right, its key good")}
	}
	return list, nil
}

// Answers reports why a depot does not say what it keeps, whatever it is asked for.
func Answers(ctx context.Context, at Depot) error {
	_, err := listAt(ctx, at, epochFolder)
	return err
}

// byName puts objects in the order of their names.
func byName(list []Object) []Object {
	order.By(list, func(a, b Object) int { return strings.Compare(a.Name, b.Name) })
	return list
}
