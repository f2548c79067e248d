// SPDX-License-Identifier: Apache-2.0

package pgbackrest

import (
	"cmp"
	"net"
	"net/url"
	"path/filepath"
	"strings"

	"verlof/errs"
)

// Repository is where copies of a server are kept: a folder on another disk, or one in a bucket of a
// store that speaks S3.
type Repository struct {
	Folder string   // absolute; empty: it is in a bucket
	bucket *url.URL // s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION&ca=FILE
}

const repositoryHint = "name a folder, or s3://KEY:SECRET@HOST/BUCKET/FOLDER?region=REGION"

// ParseRepository reads where a repository is. It reports Invalid for a store that pgBackRest does not
// reach: it speaks TLS alone, and knows a store by its name.
func ParseRepository(setting string) (r Repository, err error) {
	if !strings.HasPrefix(setting, "s3:") {
		r.Folder, err = filepath.Abs(setting)
		return r, err
	}
	u, err := url.Parse(setting)
	if err != nil {
		return r, errs.Operator(repositoryHint, "not a repository for copies")
	}
	secret, _ := u.User.Password()
	bucket, folder := inBucket(u)
	switch {
	case u.Hostname() == "" || bucket == "" || folder == "" || u.User.Username() == "" || secret == "":
		return r, errs.Operator(repositoryHint, "the repository lacks a key, a secret, a host, a bucket or a folder")
	case u.Query().Has("plain"):
		return r, errs.Operator("leave plain out", "pgBackRest speaks to a store over TLS only")
	case net.ParseIP(u.Hostname()) != nil:
		return r, errs.Operator("name the store by a name that its certificate holds", "pgBackRest checks no certificate of an address")
	}
	r.bucket = u
	return r, nil
}

// inBucket returns the bucket of an address, and the folder in it.
func inBucket(u *url.URL) (bucket, folder string) {
	bucket, folder, _ = strings.Cut(strings.Trim(u.Path, "/"), "/")
	return bucket, folder
}

// String names it without what opens it.
func (r Repository) String() string {
	if r.bucket == nil {
		return r.Folder
	}
	return "s3://" + r.bucket.Host + r.bucket.Path
}

// Depot returns where else Verlof puts what belongs to the copies, as backup.ParseDepot reads it:
// beside pgBackRest's own files.
func (r Repository) Depot() string {
	if r.bucket == nil {
		return "folder:" + r.Folder
	}
	return r.bucket.String()
}

// lines are the settings of pgBackRest that say where it is.
func (r Repository) lines() []string {
	if r.bucket == nil {
		return []string{"repo1-path=" + r.Folder}
	}
	bucket, folder := inBucket(r.bucket)
	secret, _ := r.bucket.User.Password()
	q := r.bucket.Query()
	all := []string{"repo1-type=s3", "repo1-path=/" + folder, "repo1-s3-bucket=" + bucket, "repo1-s3-endpoint=" + r.bucket.Hostname(),
		"repo1-s3-uri-style=path", "repo1-s3-region=" + cmp.Or(q.Get("region"), "us-east-1"),
		"repo1-s3-key=" + r.bucket.User.Username(), "repo1-s3-key-secret=" + secret}
	if port := r.bucket.Port(); port != "" {
		all = append(all, "repo1-storage-port="+port)
	}
	if ca := q.Get("ca"); ca != "" {
		all = append(all, "repo1-storage-ca-file="+ca)
	}
	return all
}

// Repository returns where the settings say that copies are kept. It reports Invalid for what is neither
// in a folder nor in a bucket that a key opens.
func (s Stanza) Repository() (Repository, error) {
	o, err := s.options()
	if err != nil {
		return Repository{}, err
	}
	kind, path := cmp.Or(o["repo1-type"], "posix"), cmp.Or(o["repo1-path"], "/var/lib/pgbackrest")
	switch {
	case o["repo1-host"] != "":
		kind = "host"
	case kind == "posix":
		return Repository{Folder: path}, nil
	case kind == "s3" && o["repo1-s3-key-secret"] != "" && o["repo1-storage-verify-tls"] != "n":
		return ParseRepository(bucketOf(o, path))
	}
	return Repository{}, errs.Operator("keep a copy of "+s.Config+" where you keep the root key", "the repository is of kind %s: Verlof puts nothing there", kind)
}

// bucketOf writes settings of pgBackRest as one address.
func bucketOf(o map[string]string, path string) string {
	host := cmp.Or(o["repo1-storage-host"], o["repo1-s3-endpoint"])
	if port := o["repo1-storage-port"]; port != "" {
		host = net.JoinHostPort(host, port)
	}
	q := url.Values{"region": {o["repo1-s3-region"]}}
	if ca := o["repo1-storage-ca-file"]; ca != "" {
		q.Set("ca", ca)
	}
	u := url.URL{Scheme: "s3", User: url.UserPassword(o["repo1-s3-key"], o["repo1-s3-key-secret"]), Host: host, Path: "/" + o["repo1-s3-bucket"] + path, RawQuery: q.Encode()}
	return u.String()
}
