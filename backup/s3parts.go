// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// An object that is too large for one request is put in parts
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html): it is there whole
// once the last request says so, and not before. Parts are read from the body one after the
// other, so none of it is held in memory.

// Bounds of S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html): a part has 5
// MiB to 5 GiB, an object at most 10,000 of them.
const (
	partSize  = 64 << 20
	mostParts = 10_000
)

// sent is a part as the store names it.
type sent struct {
	PartNumber int
	ETag       string
}

// putParts puts an object of a size in parts. What was put of one that fails is taken away.
func (b *bucket) putParts(ctx context.Context, key string, body io.ReadSeeker, size int64) error {
	var begun struct {
		UploadID string `xml:"UploadId"`
	}
	if err := b.ask(ctx, ask{method: http.MethodPost, key: key, query: url.Values{"uploads": {""}}}, &begun); err != nil {
		return fmt.Errorf("begin to put parts: %w", err)
	}
	err := b.sendParts(ctx, key, begun.UploadID, body, size)
	if err != nil {
		after, end := context.WithTimeout(context.WithoutCancel(ctx), stallTime)
		defer end()
		err = errors.Join(err, b.delete(after, key, url.Values{"uploadId": {begun.UploadID}}))
	}
	return err
}

func (b *bucket) sendParts(ctx context.Context, key, upload string, body io.ReadSeeker, size int64) error {
	part := max(b.part, (size+mostParts-1)/mostParts)
	var parts []sent
	for from := int64(0); from < size; from += part {
		n := len(parts) + 1
		q := url.Values{"uploadId": {upload}, "partNumber": {strconv.Itoa(n)}}
		r, err := b.do(ctx, ask{method: http.MethodPut, key: key, query: q, body: &window{all: body, from: from, size: min(part, size-from)}})
		if err == nil {
			err = r.Body.Close()
		}
		if err != nil {
			return fmt.Errorf("put part %d: %w", n, err)
		}
		parts = append(parts, sent{n, r.Header.Get("ETag")})
	}
	return b.complete(ctx, key, upload, parts, size)
}

// complete makes an object of its parts. A store may say yes and then, in its answer, no.
func (b *bucket) complete(ctx context.Context, key, upload string, parts []sent, size int64) error {
	text, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"CompleteMultipartUpload"`
		Part    []sent
	}{Part: parts})
	if err != nil {
		return err
	}
	var said struct {
		XMLName xml.Name
		Code    string
	}
	err = b.ask(ctx, ask{method: http.MethodPost, key: key, query: url.Values{"uploadId": {upload}}, body: bytes.NewReader(text)}, &said)
	if err == nil && said.XMLName.Local == "Error" {
		err = fmt.Errorf("the store answers: %s", said.Code)
	}
	if err == nil || b.holds(ctx, key, size) {
		return nil
	}
	return fmt.Errorf("put the parts together: %w", err)
}

// holds reports whether an object is there whole: of a request whose answer was lost that is how
// it went.
func (b *bucket) holds(ctx context.Context, key string, size int64) bool {
	r, err := b.do(ctx, ask{method: http.MethodHead, key: key})
	return err == nil && r.Body.Close() == nil && r.ContentLength == size
}

// window is a part of a body.
type window struct {
	all            io.ReadSeeker
	from, size, at int64
}

func (w *window) Read(p []byte) (int, error) {
	if w.at >= w.size {
		return 0, io.EOF
	}
	n, err := w.all.Read(p[:min(int64(len(p)), w.size-w.at)])
	w.at += int64(n)
	if errors.Is(err, io.EOF) && w.at < w.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Seek goes to the beginning; nothing else is asked of it.
func (w *window) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	w.at = 0
	_, err := w.all.Seek(w.from, io.SeekStart)
	return 0, err
}

// unfinished is a page of a listing of objects whose parts were not put together.
type unfinished struct {
	Upload []struct {
		Key       string
		UploadID  string `xml:"UploadId"`
		Initiated time.Time
	}
	IsTruncated        bool
	NextKeyMarker      string
	NextUploadIDMarker string `xml:"NextUploadIdMarker"`
}

// Clear takes parts away that were put before a time and belong to no object: whoever put them was
// cut off.
func (b *bucket) Clear(ctx context.Context, below string, before time.Time) error {
	q := url.Values{"uploads": {""}, "prefix": {b.below(below)}}
	for {
		var page unfinished
		err := b.ask(ctx, ask{method: http.MethodGet, query: q}, &page)
		if answered(err, http.StatusNotFound) {
			return nil // some stores say so where there are none
		}
		if err != nil {
			return fmt.Errorf("list parts that belong to nothing: %w", err)
		}
		for _, u := range page.Upload {
			if !u.Initiated.Before(before) {
				continue
			}
			if err := b.delete(ctx, u.Key, url.Values{"uploadId": {u.UploadID}}); err != nil {
				return fmt.Errorf("take away parts of %s: %w", u.Key, err)
			}
		}
		if !page.IsTruncated || page.NextKeyMarker == "" {
			return nil
		}
		q.Set("key-marker", page.NextKeyMarker)
		q.Set("upload-id-marker", page.NextUploadIDMarker)
	}
}
