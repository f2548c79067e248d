// SPDX-License-Identifier: Apache-2.0

package upkeep

import (
	"errors"
	"io"
	"net/http"

	"verlof/errs"
	"verlof/intake"
	"verlof/internal/id"
	limits "verlof/internal/sheet"
	"verlof/tenant"
	"verlof/web/page"
)

// upload is a file that somebody is importing, read and planned as it is now.
type upload struct {
	intake.Upload
	file *intake.File // as it was read with the options
	plan *intake.Plan // nil until the columns are known
}

// findUpload returns a file of the visitor, read and planned.
func findUpload(r *http.Request, t *tenant.Tenant) (*upload, error) {
	v := page.VisitOf(r)
	kept, err := t.Uploads.Find(r.Context(), v.Person, r.PathValue("file"))
	if err != nil {
		return nil, err
	}
	return planUpload(r.Context(), v, t, kept)
}

// readUpload reads the file of a form that is sent in parts (RFC 7578), once it is known to hold no malware.
func readUpload(r *http.Request, t *tenant.Tenant) (u intake.Upload, err error) {
	none := errs.New(errs.Invalid, "admin.error.no_file").At("file")
	parts, err := r.MultipartReader()
	if err != nil {
		return u, none.Because(err)
	}
	for {
		part, err := parts.NextPart()
		var long *http.MaxBytesError
		switch {
		case errors.As(err, &long):
			return u, err
		case err != nil:
			return u, none.Because(err)
		case part.FormName() != "file":
			continue
		}
		data, err := io.ReadAll(io.LimitReader(part, limits.Usual.Bytes+1)) // one too many is for sheet to refuse
		if errors.As(err, &long) {
			return u, err
		}
		if err != nil || len(data) == 0 {
			return u, none.Because(err)
		}
		if err := t.Scan(r.Context(), "file", data); err != nil {
			return u, err
		}
		v := page.VisitOf(r)
		return intake.Upload{ID: id.Token(), By: v.Person, At: v.Now(), Name: page.PlainText(part.FileName()), Data: data}, nil
	}
}
