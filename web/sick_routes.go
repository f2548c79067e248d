// SPDX-License-Identifier: Apache-2.0

// Package sick owns the pages that report sickness and follow it. It refuses who may see
// a report: that is for people and leave to say.
package web

// sickRoutes report sickness and follow it. Who may see and do what with one report is for
// the domain.
func sickRoutes() []Route {
	return []Route{
		get("/sick", SignedIn, showSick),
		post("/sick", SignedIn, reportSick),
		get("/sick/history", SignedIn, showOwnSickness),
		get("/absences/{id}", SignedIn, showAbsence),
		post("/absences/{id}/recover", SignedIn, recoverSick),
		post("/absences/{id}/expect", SignedIn, expectSick),
		post("/absences/{id}/agree", SignedIn, agreeSick),
		post("/absences/{id}/withdraw", SignedIn, withdrawSick),
		post("/absences/{id}/notes", SignedIn, addSickNote),
		get("/absences/{id}/correct", Officer, showCorrectSick),
		post("/absences/{id}/correct", Officer, correctSick),
		get("/people/{id}/sickness", SignedIn, showSicknessOf),
		get("/sickness", Officer, showSickness),
		get(figuresPath, SignedIn, showSickFigures),
		get(figuresPath+"/csv", SignedIn, sendSickFigures),
	}
}
