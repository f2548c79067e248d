// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"time"

	"verlof/errs"
)

// A file that somebody hands in takes hundreds of megabytes while it is read: of all customers so many are at a time, of one
// customer one, and who comes next waits so long.
const (
	mostRead = 3
	readWait = 10 * time.Second
)

// ReadFile waits until a file that was handed in may be read, and returns what is called once that is done. It reports
// Unavailable where too many others are.
func (t *Tenant) ReadFile(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, readWait)
	defer cancel()
	taken := []chan struct{}{}
	done = func() {
		for _, slots := range taken {
			<-slots
		}
	}
	for _, slots := range []chan struct{}{t.reading, t.dir.reading} {
		select {
		case slots <- struct{}{}:
			taken = append(taken, slots)
		case <-ctx.Done():
			done()
			return nil, errs.New(errs.Unavailable, "").Because(ctx.Err())
		}
	}
	return done, nil
}
