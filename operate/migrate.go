// SPDX-License-Identifier: Apache-2.0

package operate

import (
	"context"
	"fmt"
	"slices"

	"verlof/errs"
	"verlof/store/migration"
	"verlof/tenant"
)

// Wave is a part of the customers whose databases are brought up to date together.
type Wave string

// The waves, in their order. Each is without those of the ones before.
const (
	Canaries Wave = "canaries" // those who are, or without any the least important one
	Some     Wave = "1 %"
	Everyone Wave = "all"
	ByName   Wave = "by name" // none of them
)

// Rollout brings the databases of an installation up to date, wave by wave, and stops at the first that cannot be.
type Rollout struct {
	Tenants *tenant.Directory
	By      string
	// Each hears of every customer: the wave, its place among those who are to be brought up to date, and how it went.
	Each func(Progress)
}

// Progress is a customer whose database was brought up to date, or was not.
type Progress struct {
	Wave  Wave
	Slug  string
	N, Of int
	Run   *tenant.Migration // nil: there was nothing to do
	Err   error
}

// Run goes as far as one wave. It reports the error of the customer at which it stopped: the ones after it were not touched.
func (r *Rollout) Run(ctx context.Context, last Wave) error {
	all, err := r.Tenants.Migrations(ctx)
	if err != nil {
		return err
	}
	waves := Waves(all)
	var list []Progress
	for _, w := range []Wave{Canaries, Some, Everyone} {
		for _, slug := range waves[w] {
			list = append(list, Progress{Wave: w, Slug: slug})
		}
		if w == last {
			break
		}
	}
	for i, p := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		p.N, p.Of = i+1, len(list)
		if err := r.one(ctx, p); err != nil {
			return &errs.Error{Kind: errs.As(err).Kind, Public: errs.As(err).Public, Err: fmt.Errorf("stopped at %d of %d: %w", p.N, p.Of, err),
				Hint: "it is as it was, and so are those after it: verlof migrate " + p.Slug + " tries it again"}
		}
	}
	return nil
}

// Named brings customers up to date by their names, whatever the waves, and stops at the first that cannot be.
func (r *Rollout) Named(ctx context.Context, slugs []string) error {
	for i, slug := range slugs {
		if err := r.one(ctx, Progress{Wave: ByName, Slug: slug, N: i + 1, Of: len(slugs)}); err != nil {
			return err
		}
	}
	return nil
}

func (r *Rollout) one(ctx context.Context, p Progress) error {
	p.Err = errs.Caught(func() (err error) {
		p.Run, err = r.Tenants.BringUp(ctx, p.Slug, r.By)
		return err
	})
	r.Each(p)
	return p.Err
}

// Waves returns who of those that lack steps is in which wave. One that was put back is in none: it waits until somebody names
// it.
func Waves(all []tenant.Behind) map[Wave][]string {
	var rest []string
	waves := map[Wave][]string{}
	left := func(b tenant.Behind) bool { return len(b.Steps) == 0 || b.Back }
	for _, b := range all {
		if b.Canary && !left(b) {
			waves[Canaries] = append(waves[Canaries], b.Slug)
		}
	}
	anyCanary := slices.ContainsFunc(all, func(b tenant.Behind) bool { return b.Canary })
	for _, b := range all {
		if !b.Canary && !left(b) {
			rest = append(rest, b.Slug)
		}
	}
	slices.Reverse(rest) // the least important first
	if !anyCanary && len(rest) > 0 && len(rest) == len(all) {
		waves[Canaries], rest = rest[:1], rest[1:] // nobody was before
	}
	some := min((len(all)+99)/100, len(rest))
	waves[Some], waves[Everyone] = rest[:some], rest[some:]
	slices.Reverse(waves[Everyone])
	return waves
}

// Kinds says of what kinds steps are, such as "2 expand, 1 contract".
func Kinds(steps []migration.Step) string {
	text := ""
	for _, k := range []migration.Kind{migration.Expand, migration.Later, migration.Contract} {
		n := 0
		for _, s := range steps {
			if s.Kind == k {
				n++
			}
		}
		if n > 0 {
			text += fmt.Sprintf(", %d %s", n, k)
		}
	}
	if text == "" {
		return "none"
	}
	return text[len(", "):]
}
