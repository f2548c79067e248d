// SPDX-License-Identifier: Apache-2.0

// Package work owns the pages on leave for many at once: balances, collective leave,
// letters about leave that ends, leave years, leavers, trades, what was written by hand. It
// refuses to count: a page shows what leave has worked out.
package work

import "verlof/web/page"

// Routes are what is to be done about leave, for many at once.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/notices/{id}", page.SignedIn, showNotice),
		page.Get(page.OverviewPath, page.Manager, showOverview),
		page.Get("/balances/file", page.Manager, overviewFile),
		page.Get(page.CollectivePath, page.Manager, showCollectives),
		page.Post(page.CollectivePath, page.Manager, bookCollective),
		page.Get("/collective/new", page.Manager, showNewCollective),
		page.Post("/collective/new", page.Manager, previewCollective),
		page.Get("/collective/{id}", page.Manager, showCollective),
		page.Post("/collective/{id}/undo", page.Manager, undoCollective),
		page.Get(byHandPath, page.Administrator, showByHand),
		page.Get(byHandPath+"/{id}/undo", page.Administrator, showUndoByHand),
		page.Post(byHandPath+"/{id}/undo", page.Administrator, undoByHand),
		page.Get("/manage/trades", page.Administrator, showTrades),
		page.Get("/manage/trades/list.csv", page.Administrator, tradesFile),
		page.Get("/manage/leavers", page.Administrator, showLeavers),
		page.Get("/manage/leavers/{id}", page.Administrator, showLeaver),
		page.Get("/manage/leavers/{id}/statement.pdf", page.Administrator, leaverPaper),
		page.Get(yearsPath, page.Administrator, showYears),
		page.Get("/manage/years/{to}", page.Administrator, showYear),
		page.Post("/manage/years/{to}", page.Administrator, closeYear),
		page.Post("/manage/years/{to}/reopen", page.Administrator, reopenYear),
		page.Get("/manage/years/{to}/file", page.Administrator, yearFile),
		page.Get("/manage/notices", page.Administrator, showNotices),
		page.Get("/manage/notices/{type}/{ends}", page.Administrator, showRun),
		page.Post("/manage/notices/{type}/{ends}", page.Administrator, sendRun),
		page.Get("/manage/notices/{type}/{ends}/proof", page.Administrator, exportRun),
	}
}
