// SPDX-License-Identifier: Apache-2.0

// Package work owns the pages on leave for many at once: balances, collective leave,
// letters about leave that ends, leavers, trades. It refuses to count: a page shows what
// leave has worked out.
package web

// workRoutes are what is to be done about leave, for many at once.
func workRoutes() []Route {
	return []Route{
		get("/notices/{id}", SignedIn, showNotice),
		get(overviewPath, Manager, showOverview),
		get("/balances/file", Manager, overviewFile),
		get(collectivePath, Manager, showCollectives),
		post(collectivePath, Manager, bookCollective),
		get("/collective/new", Manager, showNewCollective),
		post("/collective/new", Manager, previewCollective),
		get("/collective/{id}", Manager, showCollective),
		post("/collective/{id}/undo", Manager, undoCollective),
		get("/manage/trades", Administrator, showTrades),
		get("/manage/trades/list.csv", Administrator, tradesFile),
		get("/manage/leavers", Administrator, showLeavers),
		get("/manage/leavers/{id}", Administrator, showLeaver),
		get("/manage/leavers/{id}/statement.pdf", Administrator, leaverPaper),
		get("/manage/notices", Administrator, showNotices),
		get("/manage/notices/{type}/{ends}", Administrator, showRun),
		post("/manage/notices/{type}/{ends}", Administrator, sendRun),
		get("/manage/notices/{type}/{ends}/proof", Administrator, exportRun),
	}
}
