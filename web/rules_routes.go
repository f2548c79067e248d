// SPDX-License-Identifier: Apache-2.0

// Package rules owns the pages of Manage on what leave there is and who decides on it:
// types, packages and their policies, approval, limits, laws. It refuses what a rule
// means: that is for leave to say.
package web

// rulesRoutes are the pages of those who keep the rules of leave.
func rulesRoutes() []Route {
	return []Route{
		get("/manage/types", Administrator, showTypes),
		get("/manage/types/new", Administrator, showType),
		post("/manage/types/new", Administrator, saveType),
		get("/manage/types/{id}", Administrator, showType),
		post("/manage/types/{id}", Administrator, saveType),
		get("/manage/packages", Administrator, showPackages),
		get("/manage/packages/new", Administrator, showPackage),
		post("/manage/packages/new", Administrator, savePackage),
		get("/manage/packages/{id}", Administrator, showPackage),
		post("/manage/packages/{id}", Administrator, savePackage),
		get("/manage/packages/{id}/policies/new", Administrator, showPolicy),
		post("/manage/packages/{id}/policies/new", Administrator, savePolicy),
		get("/manage/policies/example", Administrator, fragment(previewPolicy)),
		get("/manage/policies/{policy}", Administrator, showPolicy),
		post("/manage/policies/{policy}", Administrator, savePolicy),
		post("/manage/policies/{policy}/delete", Administrator, deletePolicy),
		get("/manage/approval", Administrator, showApproval),
		get("/manage/approval/new", Administrator, showRule),
		post("/manage/approval/new", Administrator, saveRule),
		get("/manage/approval/{id}", Administrator, showRule),
		post("/manage/approval/{id}", Administrator, saveRule),
		post("/manage/approval/{id}/delete", Administrator, deleteRule),
		get("/manage/limits", Administrator, showLimits),
		get("/manage/limits/new", Administrator, showLimit),
		post("/manage/limits/new", Administrator, saveLimit),
		get("/manage/limits/{id}", Administrator, showLimit),
		post("/manage/limits/{id}", Administrator, saveLimit),
		post("/manage/limits/{id}/delete", Administrator, deleteLimit),
		get("/manage/laws", Administrator, showLaws),
		get("/manage/laws/{code}", Administrator, showLaw),
		post("/manage/laws/{code}", Administrator, takeLaw),
	}
}
