// SPDX-License-Identifier: Apache-2.0

// Package staff owns the pages of Manage on who works here: people, teams, locations,
// holidays, working patterns; and the first page of Manage, which says what is missing.
// It refuses leave itself: that is in everyday and work.
package staff

import (
	"verlof/people"
	"verlof/web/page"
)

// Routes are the pages of those who keep people and places.
func Routes() []page.Route {
	return []page.Route{
		page.Get("/manage", page.Managing, showAdmin),
		page.Get("/manage/people", page.To(people.SeeSetup), showStaff),
		page.Post("/manage/people/invite", page.To(people.KeepPeople), inviteAll),
		page.Get("/manage/people/new", page.To(people.KeepPeople), showNewPerson),
		page.Post("/manage/people/new", page.To(people.KeepPeople), addPerson),
		page.Get("/manage/people/{id}", page.To(people.SeeSetup), showPerson),
		page.Get("/manage/people/{id}/edit", page.To(people.KeepPeople), showEditPerson),
		page.Post("/manage/people/{id}/edit", page.To(people.KeepPeople), savePerson),
		page.Post("/manage/people/{id}/sign-in", page.To(people.KeepPeople), sendLink),
		page.Get("/manage/people/{id}/employments/new", page.To(people.KeepPeople), showEmployment),
		page.Post("/manage/people/{id}/employments/new", page.To(people.KeepPeople), saveEmployment),
		page.Get("/manage/people/{id}/employments/{line}", page.To(people.KeepPeople), showEmployment),
		page.Post("/manage/people/{id}/employments/{line}", page.To(people.KeepPeople), saveEmployment),
		page.Post("/manage/people/{id}/employments/{line}/delete", page.To(people.KeepPeople), deleteEmployment),
		page.Get("/manage/people/{id}/contracts/new", page.To(people.KeepPeople), showContract),
		page.Post("/manage/people/{id}/contracts/new", page.To(people.KeepPeople), saveContract),
		page.Get("/manage/people/{id}/contracts/{line}", page.To(people.KeepPeople), showContract),
		page.Post("/manage/people/{id}/contracts/{line}", page.To(people.KeepPeople), saveContract),
		page.Post("/manage/people/{id}/contracts/{line}/delete", page.To(people.KeepPeople), deleteContract),
		page.Post("/manage/people/{id}/directory", page.Administrator, detach),
		page.Get(joinersPath, page.Administrator, showJoiners),
		page.Get(joinersPath+"/{id}", page.Administrator, showJoiner),
		page.Post(joinersPath+"/{id}", page.Administrator, hire),
		page.Post(joinersPath+"/moves/{id}/confirm", page.Administrator, confirmMove),
		page.Post(joinersPath+"/moves/{id}/drop", page.Administrator, dropMove),
		page.Get(page.RolesPath, page.To(people.SeeRecord), showRoles),
		page.Get(page.RolesPath+"/new", page.To(people.KeepRoles), showRole),
		page.Post(page.RolesPath+"/new", page.To(people.KeepRoles), saveRole),
		page.Get(page.RolesPath+"/{id}", page.To(people.KeepRoles), showRole),
		page.Post(page.RolesPath+"/{id}", page.To(people.KeepRoles), saveRole),
		page.Post(page.RolesPath+"/{id}/delete", page.To(people.KeepRoles), deleteRole),
		page.Get(page.RightsPath, page.To(people.SeeRecord), showRights),
		page.Get(page.RightsPath+"/list.csv", page.To(people.SeeRecord), rightsFile),
		page.Get("/manage/teams", page.To(people.SeeSetup), showTeams),
		page.Get("/manage/teams/new", page.To(people.KeepPeople), showTeam),
		page.Post("/manage/teams/new", page.To(people.KeepPeople), saveTeam),
		page.Get("/manage/teams/{id}", page.To(people.SeeSetup), showTeam),
		page.Post("/manage/teams/{id}", page.To(people.KeepPeople), saveTeam),
		page.Post("/manage/teams/{id}/delete", page.To(people.KeepPeople), deleteTeam),
		page.Get("/manage/locations", page.To(people.SeeSetup), showLocations),
		page.Get("/manage/locations/new", page.To(people.KeepPeople), showLocation),
		page.Post("/manage/locations/new", page.To(people.KeepPeople), saveLocation),
		page.Get("/manage/locations/{id}", page.To(people.SeeSetup), showLocation),
		page.Post("/manage/locations/{id}", page.To(people.KeepPeople), saveLocation),
		page.Get("/manage/patterns", page.To(people.SeeSetup), showPatterns),
		page.Get("/manage/patterns/new", page.To(people.KeepPeople), showPattern),
		page.Post("/manage/patterns/new", page.To(people.KeepPeople), savePattern),
		page.Get("/manage/patterns/preview", page.To(people.SeeSetup), page.Fragment(previewPattern)),
		page.Get("/manage/patterns/{id}", page.To(people.SeeSetup), showPattern),
		page.Post("/manage/patterns/{id}", page.To(people.KeepPeople), savePattern),
		page.Get("/manage/holidays", page.To(people.SeeSetup), showHolidays),
		page.Post("/manage/holidays/copy", page.To(people.KeepPeople), copyDays),
		page.Get("/manage/holidays/sets/new", page.To(people.KeepPeople), showHolidaySet),
		page.Post("/manage/holidays/sets/new", page.To(people.KeepPeople), saveHolidaySet),
		page.Get("/manage/holidays/sets/{id}", page.To(people.SeeSetup), showHolidaySet),
		page.Post("/manage/holidays/sets/{id}", page.To(people.KeepPeople), saveHolidaySet),
		page.Post("/manage/holidays/sets/{id}/delete", page.To(people.KeepPeople), deleteHolidaySet),
		page.Get("/manage/days/new", page.To(people.KeepPeople), showOwnDay),
		page.Post("/manage/days/new", page.To(people.KeepPeople), saveOwnDay),
		page.Get("/manage/days/{id}", page.To(people.SeeSetup), showOwnDay),
		page.Post("/manage/days/{id}", page.To(people.KeepPeople), saveOwnDay),
		page.Post("/manage/days/{id}/delete", page.To(people.KeepPeople), deleteOwnDay),
	}
}
