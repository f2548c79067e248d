// SPDX-License-Identifier: Apache-2.0

// Package staff owns the pages of Manage on who works here: people, teams, locations,
// holidays, working patterns; and the first page of Manage, which says what is missing.
// It refuses leave itself: see everyday and work.
package web

// staffRoutes are the pages of those who keep people and places.
func staffRoutes() []Route {
	return []Route{
		get("/manage", Administrator, showAdmin),
		get("/manage/people", Administrator, showStaff),
		get("/manage/people/new", Administrator, showNewPerson),
		post("/manage/people/new", Administrator, addPerson),
		get("/manage/people/{id}", Administrator, showPerson),
		get("/manage/people/{id}/edit", Administrator, showEditPerson),
		post("/manage/people/{id}/edit", Administrator, savePerson),
		post("/manage/people/{id}/sign-in", Administrator, sendLink),
		get("/manage/people/{id}/employments/new", Administrator, showEmployment),
		post("/manage/people/{id}/employments/new", Administrator, saveEmployment),
		get("/manage/people/{id}/employments/{line}", Administrator, showEmployment),
		post("/manage/people/{id}/employments/{line}", Administrator, saveEmployment),
		post("/manage/people/{id}/employments/{line}/delete", Administrator, deleteEmployment),
		get("/manage/people/{id}/contracts/new", Administrator, showContract),
		post("/manage/people/{id}/contracts/new", Administrator, saveContract),
		get("/manage/people/{id}/contracts/{line}", Administrator, showContract),
		post("/manage/people/{id}/contracts/{line}", Administrator, saveContract),
		post("/manage/people/{id}/contracts/{line}/delete", Administrator, deleteContract),
		get("/manage/teams", Administrator, showTeams),
		get("/manage/teams/new", Administrator, showTeam),
		post("/manage/teams/new", Administrator, saveTeam),
		get("/manage/teams/{id}", Administrator, showTeam),
		post("/manage/teams/{id}", Administrator, saveTeam),
		post("/manage/teams/{id}/delete", Administrator, deleteTeam),
		get("/manage/locations", Administrator, showLocations),
		get("/manage/locations/new", Administrator, showLocation),
		post("/manage/locations/new", Administrator, saveLocation),
		get("/manage/locations/{id}", Administrator, showLocation),
		post("/manage/locations/{id}", Administrator, saveLocation),
		get("/manage/patterns", Administrator, showPatterns),
		get("/manage/patterns/new", Administrator, showPattern),
		post("/manage/patterns/new", Administrator, savePattern),
		get("/manage/patterns/preview", Administrator, fragment(previewPattern)),
		get("/manage/patterns/{id}", Administrator, showPattern),
		post("/manage/patterns/{id}", Administrator, savePattern),
		get("/manage/holidays", Administrator, showHolidays),
		post("/manage/holidays/copy", Administrator, copyDays),
		get("/manage/holidays/sets/new", Administrator, showHolidaySet),
		post("/manage/holidays/sets/new", Administrator, saveHolidaySet),
		get("/manage/holidays/sets/{id}", Administrator, showHolidaySet),
		post("/manage/holidays/sets/{id}", Administrator, saveHolidaySet),
		post("/manage/holidays/sets/{id}/delete", Administrator, deleteHolidaySet),
		get("/manage/days/new", Administrator, showOwnDay),
		post("/manage/days/new", Administrator, saveOwnDay),
		get("/manage/days/{id}", Administrator, showOwnDay),
		post("/manage/days/{id}", Administrator, saveOwnDay),
		post("/manage/days/{id}/delete", Administrator, deleteOwnDay),
	}
}
