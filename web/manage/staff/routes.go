// SPDX-License-Identifier: Apache-2.0

// Package staff owns the pages of Manage on who works here: people, teams, locations,
// holidays, working patterns; and the first page of Manage, which says what is missing.
// It refuses leave itself: that is in everyday and work.
package staff

import "verlof/web/page"

// Routes are the pages of those who keep people and places.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/manage", page.Administrator, showAdmin),
		page.Get("/manage/people", page.Administrator, showStaff),
		page.Get("/manage/people/new", page.Administrator, showNewPerson),
		page.Post("/manage/people/new", page.Administrator, addPerson),
		page.Get("/manage/people/{id}", page.Administrator, showPerson),
		page.Get("/manage/people/{id}/edit", page.Administrator, showEditPerson),
		page.Post("/manage/people/{id}/edit", page.Administrator, savePerson),
		page.Post("/manage/people/{id}/sign-in", page.Administrator, sendLink),
		page.Get("/manage/people/{id}/employments/new", page.Administrator, showEmployment),
		page.Post("/manage/people/{id}/employments/new", page.Administrator, saveEmployment),
		page.Get("/manage/people/{id}/employments/{line}", page.Administrator, showEmployment),
		page.Post("/manage/people/{id}/employments/{line}", page.Administrator, saveEmployment),
		page.Post("/manage/people/{id}/employments/{line}/delete", page.Administrator, deleteEmployment),
		page.Get("/manage/people/{id}/contracts/new", page.Administrator, showContract),
		page.Post("/manage/people/{id}/contracts/new", page.Administrator, saveContract),
		page.Get("/manage/people/{id}/contracts/{line}", page.Administrator, showContract),
		page.Post("/manage/people/{id}/contracts/{line}", page.Administrator, saveContract),
		page.Post("/manage/people/{id}/contracts/{line}/delete", page.Administrator, deleteContract),
		page.Post("/manage/people/{id}/directory", page.Administrator, detach),
		page.Get(joinersPath, page.Administrator, showJoiners),
		page.Get(joinersPath+"/{id}", page.Administrator, showJoiner),
		page.Post(joinersPath+"/{id}", page.Administrator, hire),
		page.Post(joinersPath+"/moves/{id}/confirm", page.Administrator, confirmMove),
		page.Post(joinersPath+"/moves/{id}/drop", page.Administrator, dropMove),
		page.Get("/manage/teams", page.Administrator, showTeams),
		page.Get("/manage/teams/new", page.Administrator, showTeam),
		page.Post("/manage/teams/new", page.Administrator, saveTeam),
		page.Get("/manage/teams/{id}", page.Administrator, showTeam),
		page.Post("/manage/teams/{id}", page.Administrator, saveTeam),
		page.Post("/manage/teams/{id}/delete", page.Administrator, deleteTeam),
		page.Get("/manage/locations", page.Administrator, showLocations),
		page.Get("/manage/locations/new", page.Administrator, showLocation),
		page.Post("/manage/locations/new", page.Administrator, saveLocation),
		page.Get("/manage/locations/{id}", page.Administrator, showLocation),
		page.Post("/manage/locations/{id}", page.Administrator, saveLocation),
		page.Get("/manage/patterns", page.Administrator, showPatterns),
		page.Get("/manage/patterns/new", page.Administrator, showPattern),
		page.Post("/manage/patterns/new", page.Administrator, savePattern),
		page.Get("/manage/patterns/preview", page.Administrator, page.Fragment(previewPattern)),
		page.Get("/manage/patterns/{id}", page.Administrator, showPattern),
		page.Post("/manage/patterns/{id}", page.Administrator, savePattern),
		page.Get("/manage/holidays", page.Administrator, showHolidays),
		page.Post("/manage/holidays/copy", page.Administrator, copyDays),
		page.Get("/manage/holidays/sets/new", page.Administrator, showHolidaySet),
		page.Post("/manage/holidays/sets/new", page.Administrator, saveHolidaySet),
		page.Get("/manage/holidays/sets/{id}", page.Administrator, showHolidaySet),
		page.Post("/manage/holidays/sets/{id}", page.Administrator, saveHolidaySet),
		page.Post("/manage/holidays/sets/{id}/delete", page.Administrator, deleteHolidaySet),
		page.Get("/manage/days/new", page.Administrator, showOwnDay),
		page.Post("/manage/days/new", page.Administrator, saveOwnDay),
		page.Get("/manage/days/{id}", page.Administrator, showOwnDay),
		page.Post("/manage/days/{id}", page.Administrator, saveOwnDay),
		page.Post("/manage/days/{id}/delete", page.Administrator, deleteOwnDay),
	}
}
