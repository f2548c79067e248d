// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"verlof/errs"
)

// bucket keeps objects in a store that speaks S3
// (https://docs.aws.amazon.com/AmazonS3/latest/API/), each in one request, so of 5 GB at
// most.
type bucket struct {
	client *http.Client
	base   url.URL // of the store; its path is the bucket
	prefix string  // of names, ends with a slash or is empty
	signer signer
}

// attempts is how often a request is sent while the store says that it cannot answer now.
const attempts = 3

// parseBucket reads s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION&plain=true.
func parseBucket(u *url.URL) (Depot, error) {
	name, folder, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	secret, _ := u.User.Password()
	if u.Host == "" || name == "" || u.User.Username() == "" || secret == "" {
		return nil, errs.Operator(depotHint, "the depot lacks a key, a secret, a host or a bucket")
	}
	q := u.Query()
	b := &bucket{
		client: &http.Client{Timeout: 10 * time.Minute},
		base:   url.URL{Scheme: "https", Host: u.Host, Path: "/" + name},
		signer: signer{key: u.User.Username(), secret: secret, region: cmp.Or(q.Get("region"), "us-east-1")},
	}
	if plain, _ := strconv.ParseBool(q.Get("plain")); plain {
		b.base.Scheme = "http"
	}
	if folder != "" {
		b.prefix = folder + "/"
	}
	return b, nil
}

func (b *bucket) String() string {
	return "s3://" + b.base.Host + path.Join(b.base.Path, b.prefix)
}

func (b *bucket) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	if err := goodName(name); err != nil {
		return err
	}
	r, err := b.do(ctx, http.MethodPut, b.prefix+name, nil, body)
	if err != nil {
		return err
	}
	return r.Body.Close()
}

func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := goodName(name); err != nil {
		return nil, err
	}
	r, err := b.do(ctx, http.MethodGet, b.prefix+name, nil, nil)
	var answer *answerError
	if errors.As(err, &answer) && answer.status == http.StatusNotFound {
		return nil, fmt.Errorf("%s: %w", name, ErrNoObject)
	}
	if err != nil {
		return nil, err
	}
	return r.Body, nil
}

// listing is a page of a ListObjectsV2 answer.
type listing struct {
	Contents []struct {
		Key  string
		Size int64
	}
	IsTruncated           bool
	NextContinuationToken string
}

// maxListing bounds a page: it has at most 1,000 names.
const maxListing = 4 << 20

func (b *bucket) List(ctx context.Context, below string) ([]Object, error) {
	q := url.Values{"list-type": {"2"}, "prefix": {b.prefix}}
	if below != "" {
		q.Set("prefix", b.prefix+below+"/")
	}
	var list []Object
	for {
		r, err := b.do(ctx, http.MethodGet, "", q, nil)
		if err != nil {
			return nil, err
		}
		var page listing
		err = xml.NewDecoder(io.LimitReader(r.Body, maxListing)).Decode(&page)
		if err = errors.Join(err, r.Body.Close()); err != nil {
			return nil, fmt.Errorf("read listing: %w", err)
		}
		for _, o := range page.Contents {
			list = append(list, Object{strings.TrimPrefix(o.Key, b.prefix), o.Size})
		}
		if !page.IsTruncated || page.NextContinuationToken == "" {
			return byName(list), nil
		}
		q.Set("continuation-token", page.NextContinuationToken)
	}
}

func (b *bucket) Delete(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := goodName(name); err != nil {
			return err
		}
		r, err := b.do(ctx, http.MethodDelete, b.prefix+name, nil, nil)
		var answer *answerError
		if errors.As(err, &answer) && answer.status == http.StatusNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.Body.Close(); err != nil {
			return err
		}
	}
	return nil
}

// answerError is an answer other than yes.
type answerError struct {
	status int
	text   string // the beginning of what the store says
}

func (e *answerError) Error() string {
	return fmt.Sprintf("the store answers %d: %s", e.status, e.text)
}

// passing reports whether the same request may succeed later.
func (e *answerError) passing() bool {
	return e.status >= 500 || e.status == http.StatusTooManyRequests
}

// do sends a signed request, again while the store is busy, and returns an answer that says
// yes. The caller closes its body.
func (b *bucket) do(ctx context.Context, method, key string, q url.Values, body io.ReadSeeker) (*http.Response, error) {
	for n := 1; ; n++ {
		r, err := b.once(ctx, method, key, q, body)
		var answer *answerError
		if err == nil || n == attempts || ctx.Err() != nil || errors.As(err, &answer) && !answer.passing() {
			return r, err
		}
		select {
		case <-time.After(time.Duration(n*n) * 100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (b *bucket) once(ctx context.Context, method, key string, q url.Values, body io.ReadSeeker) (*http.Response, error) {
	u := b.base
	if key != "" {
		u.Path += "/" + key
	}
	u.RawQuery = q.Encode()
	r, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	sum, size, err := bodyDigest(body)
	if err != nil {
		return nil, err
	}
	if size > 0 {
		r.Body, r.ContentLength = io.NopCloser(body), size
	}
	b.signer.sign(r, sum, time.Now())
	answer, err := b.client.Do(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 == 2 {
		return answer, nil
	}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 300)) // what it says is only told
	return nil, errors.Join(&answerError{answer.StatusCode, string(text)}, answer.Body.Close())
}
