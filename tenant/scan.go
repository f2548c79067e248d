// SPDX-License-Identifier: Apache-2.0

package tenant

import (
	"context"
	"fmt"

	"verlof/errs"
)

// Scanner looks for malware. It returns its name; empty: none is known. An error means that nobody knows.
type Scanner interface {
	Scan(ctx context.Context, data []byte) (malware string, err error)
}

// Scan reports Invalid at a field for a file that holds malware, and Unavailable where nobody can say so: what was not looked
// at is not read. Where the installation has no scanner nothing is looked at.
func (t *Tenant) Scan(ctx context.Context, field string, file []byte) error {
	if t.dir.Scanner == nil || len(file) == 0 {
		return nil
	}
	malware, err := t.dir.Scanner.Scan(ctx, file)
	switch {
	case err != nil:
		return &errs.Error{Kind: errs.Unavailable, Public: "upload.error.unscanned", Err: fmt.Errorf("scan for malware: %w", err),
			Hint: "see whether the daemon that --scanner names runs"}
	case malware != "":
		return errs.New(errs.Invalid, "upload.error.malware", "name", malware).At(field)
	}
	return nil
}
