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
// (https://docs.aws.amazon.com/AmazonS3/latest/API/): one of at most a part's size in one
// request, a larger one in parts.
type bucket struct {
	client *http.Client
	base   url.URL // of the store; its path is the bucket
	prefix string  // of names, ends with a slash or is empty
	signer signer
	part   int64         // bytes of a part
	pause  time.Duration // before a request is sent a second time
}

// attempts is how often a request is sent while the store says that it cannot answer now.
const attempts = 3

// parseBucket reads s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION&ca=FILE&plain=true.
func parseBucket(u *url.URL) (Depot, error) {
	name, folder, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	secret, _ := u.User.Password()
	if u.Host == "" || name == "" || u.User.Username() == "" || secret == "" {
		return nil, errs.Operator(depotHint, "the depot lacks a key, a secret, a host or a bucket")
	}
	q := u.Query()
	b := &bucket{
		client: &http.Client{},
		base:   url.URL{Scheme: "https", Host: u.Host, Path: "/" + name},
		signer: signer{key: u.User.Username(), secret: secret, region: cmp.Or(q.Get("region"), "us-east-1")},
		part:   partSize,
		pause:  100 * time.Millisecond,
	}
	if ca := q.Get("ca"); ca != "" {
		var err error
		if b.client, err = trusting(ca); err != nil {
			return nil, err
		}
	}
	if plain, _ := strconv.ParseBool(q.Get("plain")); plain {
		b.base.Scheme = "http"
	}
	if folder != "" {
		b.prefix = folder + "/"
	}
	return b, nil
}

// below returns what the keys below a folder begin with.
func (b *bucket) below(folder string) string {
	if folder == "" {
		return b.prefix
	}
	return b.prefix + folder + "/"
}

func (b *bucket) String() string {
	return "s3://" + b.base.Host + path.Join(b.base.Path, b.prefix)
}

func (b *bucket) Put(ctx context.Context, name string, body io.ReadSeeker) error {
	if err := goodName(name); err != nil {
		return err
	}
	size, err := body.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size > b.part {
		return b.putParts(ctx, b.prefix+name, body, size)
	}
	r, err := b.do(ctx, ask{method: http.MethodPut, key: b.prefix + name, body: body})
	if err != nil {
		return err
	}
	return r.Body.Close()
}

func (b *bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := goodName(name); err != nil {
		return nil, err
	}
	r, err := b.do(ctx, ask{method: http.MethodGet, key: b.prefix + name}) //nolint:bodyclose // who reads it closes it
	if answered(err, http.StatusNotFound) {
		return nil, fmt.Errorf("%s: %w", name, ErrNoObject)
	}
	if err != nil {
		return nil, err
	}
	return &resuming{bucket: b, ctx: ctx, key: b.prefix + name, tag: r.Header.Get("ETag"), body: r.Body, left: attempts}, nil
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

// maxAnswer bounds an answer in XML, in bytes: a page of a listing has at most 1,000 names.
const maxAnswer = 4 << 20

// ask sends a request and reads its answer in XML.
func (b *bucket) ask(ctx context.Context, a ask, into any) error {
	r, err := b.do(ctx, a)
	if err != nil {
		return err
	}
	err = xml.NewDecoder(io.LimitReader(r.Body, maxAnswer)).Decode(into)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return fmt.Errorf("read what the store answers: %w", err)
	}
	return nil
}

func (b *bucket) List(ctx context.Context, below string) ([]Object, error) {
	q := url.Values{"list-type": {"2"}, "prefix": {b.below(below)}}
	var list []Object
	for {
		var page listing
		if err := b.ask(ctx, ask{method: http.MethodGet, query: q}, &page); err != nil {
			return nil, err
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
		if err := b.delete(ctx, b.prefix+name, nil); err != nil {
			return err
		}
	}
	return nil
}

// delete takes what a key and a query name away. What is not there is no error.
func (b *bucket) delete(ctx context.Context, key string, q url.Values) error {
	r, err := b.do(ctx, ask{method: http.MethodDelete, key: key, query: q})
	if answered(err, http.StatusNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return r.Body.Close()
}
