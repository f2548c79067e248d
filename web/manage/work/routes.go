// SPDX-License-Identifier: Apache-2.0

// Package work owns the pages on leave for many at once: balances, leave taken, collective leave,
// letters about leave that ends, leave years, leavers, trades, what was written by hand. It
// refuses to count: a page shows what leave has worked out.
package work

import (
	"verlof/people"
	"verlof/web/page"
)

// Routes are what is to be done about leave, for many at once.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/notices/{id}", page.SignedIn, showNotice),
		page.Get(page.OverviewPath, page.Manager, showOverview),
		page.Get("/balances/file", page.Manager, overviewFile),
		page.Get(page.TakenPath, page.Manager, showTaken),
		page.Get("/taken/file", page.Manager, takenFile),
		page.Get(settlementsPath, page.To(people.SeeReports), showSettlements),
		page.Post(settlementsPath, page.To(people.SettleLeave), makeSettlement),
		page.Get(settlementsPath+"/new", page.To(people.SeeReports), newSettlement),
		page.Get(settlementsPath+"/{id}", page.To(people.SeeReports), showSettlement),
		page.Get(settlementsPath+"/{id}/file", page.To(people.SeeReports), settlementFile),
		page.Post(settlementsPath+"/{id}/undo", page.To(people.SettleLeave), undoSettlement),
		page.Get(page.CollectivePath, page.Manager, showCollectives),
		page.Post(page.CollectivePath, page.To(people.DecideLeave), bookCollective),
		page.Get("/collective/new", page.To(people.DecideLeave), showNewCollective),
		page.Post("/collective/new", page.To(people.DecideLeave), previewCollective),
		page.Get("/collective/{id}", page.Manager, showCollective),
		page.Post("/collective/{id}/undo", page.To(people.DecideLeave), undoCollective),
		page.Get(byHandPath, page.To(people.SeeLeave), showByHand),
		page.Get(byHandPath+"/{id}/undo", page.To(people.KeepBalances), showUndoByHand),
		page.Post(byHandPath+"/{id}/undo", page.To(people.KeepBalances), undoByHand),
		page.Get("/manage/trades", page.To(people.SeeReports), showTrades),
		page.Get("/manage/trades/list.csv", page.To(people.SeeReports), tradesFile),
		page.Get("/manage/leavers", page.To(people.SeeReports), showLeavers),
		page.Get("/manage/leavers/{id}", page.To(people.SeeReports), showLeaver),
		page.Post("/manage/leavers/{id}/final-pay", page.To(people.KeepBalances), recordFinalPay),
		page.Get("/manage/leavers/{id}/statement.pdf", page.To(people.SeeReports), leaverPaper),
		page.Get(yearsPath, page.To(people.SeeReports), showYears),
		page.Get("/manage/years/{to}", page.To(people.SeeReports), showYear),
		page.Post("/manage/years/{to}", page.To(people.KeepYears), closeYear),
		page.Post("/manage/years/{to}/reopen", page.To(people.KeepYears), reopenYear),
		page.Get("/manage/years/{to}/file", page.To(people.SeeReports), yearFile),
		page.Get("/manage/notices", page.To(people.SeeReports), showNotices),
		page.Get("/manage/notices/{type}/{ends}", page.To(people.SeeReports), showRun),
		page.Post("/manage/notices/{type}/{ends}", page.To(people.KeepYears), sendRun),
		page.Get("/manage/notices/{type}/{ends}/proof", page.To(people.SeeReports), exportRun),
	}
}
