// SPDX-License-Identifier: Apache-2.0

// Package bureau owns the pages about people who serve several customers: the bureaus that
// a customer admits, the customers that a bureau serves, and for its people the way from one
// to another. It refuses to decide who may come in: that is for identity/bureau.
package bureau

import (
	"verlof/people"
	"verlof/web/page"
)

// Routes are the pages of both sides.
func Routes() []page.Route {
	return []page.Route{
		page.Get(page.BureausPath, page.To(people.SeeRecord), showBureaus),
		page.Get(page.BureausPath+"/new", page.To(people.KeepRoles), showNew),
		page.Post(page.BureausPath+"/new", page.To(people.KeepRoles), admit),
		page.Get(page.BureausPath+"/{id}", page.To(people.SeeRecord), showBureau),
		page.Post(page.BureausPath+"/{id}", page.To(people.KeepRoles), change),
		page.Post(page.BureausPath+"/{id}/end", page.To(people.KeepRoles), end),
		page.Get(page.ServedPath, page.To(people.SeeRecord), showServed),
		page.Get(page.ServedPath+"/{id}", page.To(people.SeeRecord), showCustomer),
		page.Post(page.ServedPath+"/{id}", page.To(people.KeepRoles), choose),
		page.Post(page.ServedPath+"/{id}/leave", page.To(people.KeepRoles), leave),
		page.Get(page.ServePath, page.SignedIn, showServe),
	}
}
