// SPDX-License-Identifier: Apache-2.0

// Package upkeep owns the pages of Manage on data and settings: imports, and how the
// customer's site looks. It refuses to read files: that is for intake.
package web

// upkeepRoutes are imports and settings.
func upkeepRoutes() []Route {
	return []Route{
		get(importPath, Administrator, showImport),
		post(importPath, Administrator, takeFile),
		get("/manage/import/{file}", Administrator, showPlan),
		post("/manage/import/{file}", Administrator, setOptions),
		post("/manage/import/{file}/accept", Administrator, acceptPlan),
		get("/manage/import/{file}/mend", Administrator, mendFile),
		get("/manage/settings", SystemManager, showSettings),
		post("/manage/settings", SystemManager, saveSettings),
		get("/manage/settings/preview", SystemManager, fragment(previewSettings)),
	}
}
