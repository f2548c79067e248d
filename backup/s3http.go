// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// ask is a request to a store.
type ask struct {
	method string
	key    string // empty: that of the bucket itself
	query  url.Values
	header http.Header
	body   io.ReadSeeker // nil: none
}

// How long a store may take: for a request until it answers, and then for the next bytes of its
// answer. An answer of several gigabytes takes as long as it takes.
const (
	answerTime = 10 * time.Minute
	stallTime  = time.Minute
)

// do sends a signed request, again while the store is busy, and returns an answer that says
// yes. The caller closes its body.
func (b *bucket) do(ctx context.Context, a ask) (*http.Response, error) {
	for n := 1; ; n++ {
		r, err := b.once(ctx, a)
		var answer *answerError
		if err == nil || n == attempts || ctx.Err() != nil || errors.As(err, &answer) && !answer.passing() {
			return r, err
		}
		select {
		case <-time.After(time.Duration(n*n) * b.pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (b *bucket) once(ctx context.Context, a ask) (*http.Response, error) {
	u := b.base
	if a.key != "" {
		u.Path += "/" + a.key
	}
	u.RawQuery = a.query.Encode()
	sum, size, err := bodyDigest(a.body)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(ctx)
	late := time.AfterFunc(answerTime, end)
	r, err := http.NewRequestWithContext(ctx, a.method, u.String(), http.NoBody)
	if err != nil {
		end()
		return nil, err
	}
	for name, values := range a.header {
		r.Header[name] = values
	}
	lent := &loan{from: a.body}
	defer lent.Close() // the next attempt reads it from its beginning
	if size > 0 {
		r.Body, r.ContentLength = lent, size
	}
	b.signer.sign(r, sum, time.Now())
	answer, err := b.client.Do(r)
	late.Stop()
	if err != nil {
		end()
		return nil, err
	}
	answer.Body = &watched{ReadCloser: answer.Body, stalled: time.AfterFunc(stallTime, end), end: end}
	if answer.StatusCode/100 == 2 {
		return answer, nil
	}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, mostSaid)) // what it says is only told
	return nil, errors.Join(refusal(answer.StatusCode, text), answer.Body.Close())
}

// loan is the body of one attempt. Once it is closed nothing is read any more, also by a request
// that was given up and does not know it yet.
type loan struct {
	mu   sync.Mutex
	from io.Reader
	over bool
}

func (l *loan) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return 0, io.ErrClosedPipe
	}
	return l.from.Read(p)
}

func (l *loan) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	return nil
}

// watched is the body of an answer, which ends with an error when nothing comes for a while.
type watched struct {
	io.ReadCloser
	stalled *time.Timer
	end     context.CancelFunc
}

func (w *watched) Read(p []byte) (int, error) {
	w.stalled.Reset(stallTime)
	defer w.stalled.Stop() // who reads may take their time
	return w.ReadCloser.Read(p)
}

func (w *watched) Close() error {
	w.stalled.Stop()
	defer w.end()
	return w.ReadCloser.Close()
}

// resuming is what an object holds. Where the connection breaks it is asked for the rest.
type resuming struct {
	*bucket
	ctx  context.Context
	key  string
	tag  string // of the object, so that the rest is that of the same
	body io.ReadCloser
	at   int64 // bytes that were read
	left int   // attempts
}

func (r *resuming) Read(p []byte) (int, error) {
	for {
		n, err := r.body.Read(p)
		r.at += int64(n)
		switch {
		case n > 0 && !errors.Is(err, io.EOF):
			return n, nil // what is wrong is met again
		case err == nil, errors.Is(err, io.EOF), r.ctx.Err() != nil:
			return n, err
		case r.left == 0, r.tag == "":
			return n, broken(err)
		}
		r.left--
		if failed := r.again(); failed != nil {
			return 0, errors.Join(broken(err), failed)
		}
	}
}

// broken is why no more of an object came. It is not the end of the object, which would be damage.
func broken(err error) error { return fmt.Errorf("the connection to the store broke: %v", err) } //nolint:errorlint // see above

// again asks for the rest.
func (r *resuming) again() error {
	from := fmt.Sprintf("bytes=%d-", r.at)
	answer, err := r.do(r.ctx, ask{method: http.MethodGet, key: r.key, header: http.Header{"Range": {from}, "If-Match": {r.tag}}})
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusPartialContent {
		return errors.Join(errors.New("the store does not give a part of an object"), answer.Body.Close())
	}
	_ = r.body.Close() // it is broken
	r.body = answer.Body
	return nil
}

func (r *resuming) Close() error { return r.body.Close() }
