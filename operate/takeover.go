// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"bytes"
	"context"

	"verlof/intake"
	"verlof/tenant"
)

// PlanImport says what taking over a file would do. It writes nothing. Errors are
// those of intake.Service.Plan, and NotFound for an unknown customer.
func PlanImport(ctx context.Context, d *tenant.Directory, slug, name string, file []byte, o intake.Options) (p *intake.Plan, err error) {
	err = with(ctx, d, slug, func(t *tenant.Tenant) error {
		p, err = t.Intake.AsOperator().Plan(ctx, "", intake.Source{Name: name, Reader: bytes.NewReader(file)}, o)
		return err
	})
	return p, err
}

// ApplyImport writes what the plan with a digest said, and puts that on record. Errors are those of
// intake.Service.Apply, and NotFound for an unknown customer.
func ApplyImport(ctx context.Context, d *tenant.Directory, slug, name string, file []byte, o intake.Options, digest string, w tenant.Why) error {
	return with(ctx, d, slug, func(t *tenant.Tenant) error {
		if _, err := t.Intake.AsOperator().Apply(ctx, "", intake.Source{Name: name, Reader: bytes.NewReader(file)}, o, digest); err != nil {
			return err
		}
		return d.Note(ctx, slug, "imported", "plan "+digest, w)
	})
}
