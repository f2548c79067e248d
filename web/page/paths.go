// SPDX-License-Identifier: Apache-2.0

package page

import (
	"net/url"

	"verlof/calendar"
	"verlof/people"
)

// CollectivePath is where the leave lies that was booked for many at once.
const CollectivePath = "/collective"

// OverviewPath is where everybody's balances stand side by side.
const OverviewPath = "/balances"

// TakenPath is where the leave that was taken in a time is listed.
const TakenPath = "/taken"

// SettlementsPath is where what payroll has settled is listed.
const SettlementsPath = TakenPath + "/settlements"

// SettlePath is where one sees what settling a time would tell, or a further page of it.
func SettlePath(in calendar.Range, number string) string {
	return WithQuery(SettlementsPath+"/new", "from", in.From.String(), "to", in.To.String(), "page", number)
}

// FiguresPath is where the figures of sickness are.
const FiguresPath = "/sickness/figures"

// AbsencePath returns the address of a report of sickness. It stands in mails to managers, so
// it does not say what it is about.
func AbsencePath(id string) string { return "/absences/" + id }

// ChangesPath is where the log of changes is that concern people's leave.
const ChangesPath = "/manage/changes"

// ProvisioningPath is where the customer's directory is connected.
const ProvisioningPath = "/manage/provisioning"

// SecondPath is where the second step of a sign-in is taken.
const SecondPath = "/sign-in/second"

// SignInPolicyPath is where what is demanded of those who sign in is kept.
const SignInPolicyPath = "/manage/sign-in"

// ProvidersPath is where the customer's own providers are kept that people sign in with.
const ProvidersPath = "/manage/sso"

// FeedsPath is where somebody keeps the calendar feeds that their apps fetch.
const FeedsPath = "/account/feeds"

// DigestPath is where somebody chooses a mail that says who is away.
const DigestPath = "/account/digest"

// EnrolPath is where somebody sets up a second factor who must, before anything else.
const EnrolPath = "/account/enrol"

// ImportPath is where a file is handed in; its body may be as large as a file.
const ImportPath = "/manage/import"

// PersonPath returns the address of a person's page in Manage.
func PersonPath(id people.ID) string { return "/manage/people/" + url.PathEscape(string(id)) }

// BureausPath is where the bureaus stand that the customer admits, ServedPath the customers that
// it serves as a bureau, and ServePath those that somebody serves.
const (
	BureausPath = "/manage/bureaus"
	ServedPath  = "/manage/served"
	ServePath   = "/serve"
)

// RolesPath is where the roles stand, RightsPath who may what and why.
const (
	RolesPath  = "/manage/roles"
	RightsPath = "/manage/rights"
)

// ExportPath is where a customer takes everything along.
const ExportPath = "/manage/export"

// PastsPath is where past states are that can be looked at.
const PastsPath = "/manage/pasts"

// LeaverPath is what becomes of the leave of somebody who leaves.
func LeaverPath(id people.ID) string { return "/manage/leavers/" + url.PathEscape(string(id)) }
