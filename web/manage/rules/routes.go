// SPDX-License-Identifier: Apache-2.0

// Package rules owns the pages of Manage on what leave there is and who decides on it:
// types, packages and their policies, approval, limits, laws. It refuses to say
// what a rule means: that is for leave.
package rules

import "verlof/web/page"

// Routes are the pages of those who keep the rules of leave.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/manage/types", page.Administrator, showTypes),
		page.Get("/manage/types/new", page.Administrator, showType),
		page.Post("/manage/types/new", page.Administrator, saveType),
		page.Get("/manage/types/{id}", page.Administrator, showType),
		page.Post("/manage/types/{id}", page.Administrator, saveType),
		page.Get("/manage/packages", page.Administrator, showPackages),
		page.Get("/manage/packages/new", page.Administrator, showPackage),
		page.Post("/manage/packages/new", page.Administrator, savePackage),
		page.Get("/manage/packages/{id}", page.Administrator, showPackage),
		page.Post("/manage/packages/{id}", page.Administrator, savePackage),
		page.Get("/manage/packages/{id}/policies/new", page.Administrator, showPolicy),
		page.Post("/manage/packages/{id}/policies/new", page.Administrator, savePolicy),
		page.Get("/manage/policies/example", page.Administrator, page.Fragment(previewPolicy)),
		page.Get("/manage/policies/{policy}", page.Administrator, showPolicy),
		page.Post("/manage/policies/{policy}", page.Administrator, savePolicy),
		page.Post("/manage/policies/{policy}/delete", page.Administrator, deletePolicy),
		page.Get("/manage/approval", page.Administrator, showApproval),
		page.Get("/manage/approval/new", page.Administrator, showRule),
		page.Post("/manage/approval/new", page.Administrator, saveRule),
		page.Get("/manage/approval/{id}", page.Administrator, showRule),
		page.Post("/manage/approval/{id}", page.Administrator, saveRule),
		page.Post("/manage/approval/{id}/delete", page.Administrator, deleteRule),
		page.Get("/manage/limits", page.Administrator, showLimits),
		page.Get("/manage/limits/new", page.Administrator, showLimit),
		page.Post("/manage/limits/new", page.Administrator, saveLimit),
		page.Get("/manage/limits/{id}", page.Administrator, showLimit),
		page.Post("/manage/limits/{id}", page.Administrator, saveLimit),
		page.Post("/manage/limits/{id}/delete", page.Administrator, deleteLimit),
		page.Get("/manage/laws", page.Administrator, showLaws),
		page.Get("/manage/laws/{code}", page.Administrator, showLaw),
		page.Post("/manage/laws/{code}", page.Administrator, takeLaw),
	}
}
