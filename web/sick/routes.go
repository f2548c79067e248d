// SPDX-License-Identifier: Apache-2.0

// Package sick owns the pages that report sickness and follow it. It refuses to decide
// who may see a report: that is for people and leave.
package sick

import "verlof/web/page"

// Routes report sickness and follow it. Who may see and do what with one report is for
// the domain.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/sick", page.SignedIn, showSick),
		page.Post("/sick", page.SignedIn, reportSick),
		page.Get("/sick/history", page.SignedIn, showOwnSickness),
		page.Get("/absences/{id}", page.SignedIn, showAbsence),
		page.Post("/absences/{id}/recover", page.SignedIn, recoverSick),
		page.Post("/absences/{id}/partly", page.SignedIn, partlySick),
		page.Post("/absences/{id}/expect", page.SignedIn, expectSick),
		page.Post("/absences/{id}/agree", page.SignedIn, agreeSick),
		page.Post("/absences/{id}/withdraw", page.SignedIn, withdrawSick),
		page.Post("/absences/{id}/notes", page.SignedIn, addSickNote),
		page.Get("/absences/{id}/correct", page.Officer, showCorrectSick),
		page.Post("/absences/{id}/correct", page.Officer, correctSick),
		page.Get("/people/{id}/sickness", page.SignedIn, showSicknessOf),
		page.Get("/sickness", page.Officer, showSickness),
		page.Get(page.FiguresPath, page.SignedIn, showSickFigures),
		page.Get(page.FiguresPath+"/csv", page.SignedIn, sendSickFigures),
	}
}
