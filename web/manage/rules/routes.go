// SPDX-License-Identifier: Apache-2.0

// Package rules owns the pages of Manage on what leave there is and who decides on it:
// types, packages and their policies, approval, limits, laws. It refuses to say
// what a rule means: that is for leave.
package rules

import (
	"verlof/people"
	"verlof/web/page"
)

// Routes are the pages of those who keep the rules of leave.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/manage/types", page.To(people.SeeSetup), showTypes),
		page.Get("/manage/types/new", page.To(people.KeepRules), showType),
		page.Post("/manage/types/new", page.To(people.KeepRules), saveType),
		page.Get("/manage/types/{id}", page.To(people.SeeSetup), showType),
		page.Post("/manage/types/{id}", page.To(people.KeepRules), saveType),
		page.Get("/manage/packages", page.To(people.SeeSetup), showPackages),
		page.Get("/manage/packages/new", page.To(people.KeepRules), showPackage),
		page.Post("/manage/packages/new", page.To(people.KeepRules), savePackage),
		page.Get("/manage/packages/{id}", page.To(people.SeeSetup), showPackage),
		page.Post("/manage/packages/{id}", page.To(people.KeepRules), savePackage),
		page.Get("/manage/packages/{id}/policies/new", page.To(people.KeepRules), showPolicy),
		page.Post("/manage/packages/{id}/policies/new", page.To(people.KeepRules), savePolicy),
		page.Get("/manage/policies/example", page.To(people.SeeSetup), page.Fragment(previewPolicy)),
		page.Get("/manage/policies/{policy}", page.To(people.SeeSetup), showPolicy),
		page.Post("/manage/policies/{policy}", page.To(people.KeepRules), savePolicy),
		page.Post("/manage/policies/{policy}/delete", page.To(people.KeepRules), deletePolicy),
		page.Get("/manage/approval", page.To(people.SeeSetup), showApproval),
		page.Get("/manage/approval/new", page.To(people.KeepRules), showRule),
		page.Post("/manage/approval/new", page.To(people.KeepRules), saveRule),
		page.Get("/manage/approval/{id}", page.To(people.SeeSetup), showRule),
		page.Post("/manage/approval/{id}", page.To(people.KeepRules), saveRule),
		page.Post("/manage/approval/{id}/delete", page.To(people.KeepRules), deleteRule),
		page.Get("/manage/limits", page.To(people.SeeSetup), showLimits),
		page.Get("/manage/limits/new", page.To(people.KeepRules), showLimit),
		page.Post("/manage/limits/new", page.To(people.KeepRules), saveLimit),
		page.Get("/manage/limits/{id}", page.To(people.SeeSetup), showLimit),
		page.Post("/manage/limits/{id}", page.To(people.KeepRules), saveLimit),
		page.Post("/manage/limits/{id}/delete", page.To(people.KeepRules), deleteLimit),
		page.Get("/manage/laws", page.To(people.SeeSetup), showLaws),
		page.Get("/manage/laws/{code}", page.To(people.SeeSetup), showLaw),
		page.Post("/manage/laws/{code}", page.To(people.KeepRules), takeLaw),
	}
}
