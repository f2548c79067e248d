// SPDX-License-Identifier: Apache-2.0

package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"verlof/errs"
	"verlof/intake"
	"verlof/internal/id"
	limits "verlof/internal/sheet"
	"verlof/people"
)

// A file to import lies in memory and nowhere else until it is accepted: it is
// full of personal data, and nothing is written before. It is gone after an hour,
// and when the program stops.
const (
	uploadLife   = time.Hour
	uploadMemory = 256 << 20 // bytes of all files together
	uploadsEach  = 3         // for one person; the oldest makes room
)

// upload is a file that somebody is importing.
type upload struct {
	token   string // names it in addresses
	tenant  string
	by      people.ID
	at      time.Time
	name    string
	data    []byte
	options intake.Options
	file    *intake.File   // as it was read with the options
	plan    *intake.Plan   // nil until the columns are known
	result  *intake.Result // once it is written
}

// source returns the file to be read from its beginning.
func (u *upload) source() intake.Source {
	return intake.Source{Name: u.name, Reader: bytes.NewReader(u.data)}
}

// uploads are the files that are being imported, of all customers. An upload is
// replaced and never modified once it is here.
type uploads struct {
	now func() time.Time
	mu  sync.Mutex
	all []*upload // oldest first
}

// keep adds an upload, or replaces the one of its token.
func (s *uploads) keep(u *upload) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(func(o *upload) bool { return o.token == u.token || s.now().Sub(o.at) > uploadLife })
	mine, memory := 0, len(u.data)
	for _, o := range s.all {
		memory += len(o.data)
		if o.tenant == u.tenant && o.by == u.by {
			mine++
		}
	}
	if memory > uploadMemory {
		return errs.New(errs.Unavailable, "admin.error.busy_import")
	}
	if mine >= uploadsEach {
		first := true
		s.drop(func(o *upload) bool {
			oldest := first && o.tenant == u.tenant && o.by == u.by
			first = first && !oldest
			return oldest
		})
	}
	s.all = append(s.all, u)
	return nil
}

// find returns a person's upload. It reports NotFound for one that is gone, or
// somebody else's.
func (s *uploads) find(v *visit, token string) (*upload, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(func(o *upload) bool { return s.now().Sub(o.at) > uploadLife })
	for _, u := range s.all {
		if u.token == token && u.tenant == v.tenant.ID && u.by == v.person {
			return u, nil
		}
	}
	return nil, errs.New(errs.NotFound, "admin.error.no_upload")
}

// drop forgets uploads. The caller holds mu.
func (s *uploads) drop(which func(*upload) bool) {
	kept := s.all[:0]
	for _, u := range s.all {
		if !which(u) {
			kept = append(kept, u)
		}
	}
	clear(s.all[len(kept):])
	s.all = kept
}

// importPath is where a file is handed in; its body may be as large as a file.
const importPath = "/manage/import"

// bodyLimit is what a request may send, in bytes.
func bodyLimit(r *http.Request) int64 {
	if r.URL.Path == importPath {
		return limits.Usual.Bytes + maxBody
	}
	return maxBody
}

// readUpload reads the file of a form that is sent in parts (RFC 7578).
func readUpload(r *http.Request) (*upload, error) {
	none := errs.New(errs.Invalid, "admin.error.no_file").At("file")
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, none.Because(err)
	}
	for {
		part, err := parts.NextPart()
		var long *http.MaxBytesError
		switch {
		case errors.As(err, &long):
			return nil, err
		case err != nil:
			return nil, none.Because(err)
		case part.FormName() != "file":
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, limits.Usual.Bytes+1)) // one too many is for sheet to refuse
		if errors.As(err, &long) {
			return nil, err
		}
		if err != nil || len(data) == 0 {
			return nil, none.Because(err)
		}
		v := visitOf(r)
		return &upload{token: id.Token(), tenant: v.tenant.ID, by: v.person, at: v.site.Now(), name: plainText(part.FileName()), data: data}, nil
	}
}
