// SPDX-License-Identifier: Apache-2.0

package backup

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// version is one of an object, or the mark that it was deleted.
type version struct {
	Key       string
	VersionID string `xml:"VersionId"`
	Size      int64
}

// versions is a page of a ListObjectVersions answer.
type versions struct {
	Version             []version
	DeleteMarker        []version
	IsTruncated         bool
	NextKeyMarker       string
	NextVersionIDMarker string `xml:"NextVersionIdMarker"`
}

// Erase is part of Depot. A bucket may keep versions of what was deleted, and may have a lock on
// them (https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html).
func (b *bucket) Erase(ctx context.Context, below string, keep func(string) bool) (Forgotten, error) {
	f := Forgotten{Depot: b.String()}
	all, hidden, err := b.versions(ctx, below)
	if err != nil {
		return f, err
	}
	names, left := map[string]bool{}, map[string]bool{}
	for _, v := range all {
		name := strings.TrimPrefix(v.Key, b.prefix)
		if keep != nil && keep(name) {
			continue
		}
		names[name] = true
		f.Bytes += v.Size
		var q url.Values
		if v.VersionID != "" {
			q = url.Values{"versionId": {v.VersionID}}
		}
		err := b.delete(ctx, v.Key, q)
		if hidden || refused(err) {
			left[name] = true
			continue
		}
		if err != nil {
			return f, err
		}
	}
	f.Objects, f.Left = len(names), len(left)
	return f, nil
}

// refused reports whether a store says no, and will again.
func refused(err error) bool {
	var answer *answerError
	return errors.As(err, &answer) && !answer.passing()
}

// versions lists all that a bucket keeps below a folder. Where the store knows no versions, or does not tell
// of them, those are the objects; hidden says that there may be more.
func (b *bucket) versions(ctx context.Context, below string) (all []version, hidden bool, err error) {
	q := url.Values{"versions": {""}, "prefix": {b.below(below)}}
	for {
		var page versions
		err := b.ask(ctx, ask{method: http.MethodGet, query: q}, &page)
		if refused(err) {
			list, failed := b.List(ctx, below)
			for _, o := range list {
				all = append(all, version{Key: b.prefix + o.Name, Size: o.Size})
			}
			return all, answered(err, http.StatusForbidden), failed
		}
		if err != nil {
			return nil, false, fmt.Errorf("list versions: %w", err)
		}
		all = append(append(all, page.Version...), page.DeleteMarker...)
		if !page.IsTruncated || page.NextKeyMarker == "" {
			return all, false, nil
		}
		q.Set("key-marker", page.NextKeyMarker)
		q.Del("version-id-marker")
		if page.NextVersionIDMarker != "" {
			q.Set("version-id-marker", page.NextVersionIDMarker)
		}
	}
}
