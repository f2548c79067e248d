// SPDX-License-Identifier: Apache-2.0

// Package upkeep owns the pages of Manage on data and settings: the log of changes,
// imports, what is demanded of those who sign in, the providers they sign in with, the applications that sign people in,
// the webhooks that changes are sent to, and how the customer's site looks. It
// refuses to read files: that is for intake.
package upkeep

import (
	"verlof/people"
	"verlof/web/page"
)

// Routes are changes, imports, applications and settings.
func Routes() []page.Route {
	return []page.Route{
		page.Get(page.ChangesPath, page.To(people.SeeRecord), showChanges),
		page.Get(page.ChangesPath+"/{id}", page.To(people.SeeRecord), showChange),
		page.Get(page.ImportPath, page.Administrator, showImport),
		page.Post(page.ImportPath, page.Administrator, reading(takeFile)),
		page.Get("/manage/import-blank/{kind}", page.Administrator, sendBlank),
		page.Get("/manage/import/{file}", page.Administrator, reading(showPlan)),
		page.Post("/manage/import/{file}", page.Administrator, reading(setOptions)),
		page.Post("/manage/import/{file}/accept", page.Administrator, reading(acceptPlan)),
		page.Get("/manage/import/{file}/mend", page.Administrator, reading(mendFile)),
		page.Get(page.SignInPolicyPath, page.To(people.SeeSignIn), showSignIn),
		page.Post(page.SignInPolicyPath, page.SignInKeeper, saveSignIn),
		page.Post(page.SignInPolicyPath+"/sessions", page.SignInKeeper, fresh(endAllSessions)),
		page.Get(page.SignInPolicyPath+"/{id}", page.SignInKeeper, showEntrance),
		page.Post(page.SignInPolicyPath+"/{id}/sessions", page.SignInKeeper, fresh(endSessionsOf)),
		page.Post(page.SignInPolicyPath+"/{id}/applications/{app}/end", page.SignInKeeper, fresh(endAgreementOf)),
		page.Post(page.SignInPolicyPath+"/{id}/feeds/{feed}/revoke", page.SignInKeeper, fresh(endFeedOf)),
		page.Post(page.SignInPolicyPath+"/{id}/reset", page.SignInKeeper, resetFactors),
		page.Get("/manage/settings", page.To(people.KeepSettings), showSettings),
		page.Post("/manage/settings", page.To(people.KeepSettings), saveSettings),
		page.Get(page.ExportPath, page.Administrator, showExport),
		page.Post(page.ExportPath, page.Administrator, fresh(sendExport)),
		page.Get(providersPath, page.SignInKeeper, showProviders),
		page.Get(providersPath+"/new", page.SignInKeeper, showNewProvider),
		page.Post(providersPath+"/new", page.SignInKeeper, fresh(addProvider)),
		page.Get(keysPath, page.SignInKeeper, showKeys),
		page.Post(keysPath, page.Administrator, fresh(prepareKey)),
		page.Post(keysPath+"/use", page.Administrator, fresh(useKey)),
		page.Post(keysPath+"/{key}/delete", page.Administrator, fresh(dropKey)),
		page.Get(providersPath+"/{id}", page.SignInKeeper, showProvider),
		page.Get(providersPath+"/{id}/metadata", page.SignInKeeper, fresh(showTheirs)),
		page.Post(providersPath+"/{id}/metadata", page.SignInKeeper, fresh(takeTheirs)),
		page.Post(providersPath+"/{id}", page.SignInKeeper, fresh(saveProvider)),
		page.Post(providersPath+"/{id}/delete", page.SignInKeeper, fresh(deleteProvider)),
		page.Post(providersPath+"/{id}/people/{person}/unlink", page.SignInKeeper, fresh(unlink)),
		page.Get(applicationsPath, page.SignInKeeper, showApplications),
		page.Get(applicationsPath+"/new", page.SignInKeeper, showNewApplication),
		page.Post(applicationsPath+"/new", page.SignInKeeper, fresh(addApplication)),
		page.Get(applicationsPath+"/{id}", page.SignInKeeper, showApplication),
		page.Post(applicationsPath+"/{id}", page.SignInKeeper, fresh(saveApplication)),
		page.Post(applicationsPath+"/{id}/delete", page.SignInKeeper, fresh(deleteApplication)),
		page.Post(applicationsPath+"/{id}/secrets", page.SignInKeeper, fresh(addSecret)),
		page.Post(applicationsPath+"/{id}/secrets/{secret}/delete", page.SignInKeeper, fresh(deleteSecret)),
		page.Get(page.ProvisioningPath, page.SignInKeeper, showProvisioning),
		page.Post(page.ProvisioningPath, page.SignInKeeper, saveProvisioning),
		page.Post(page.ProvisioningPath+"/tokens", page.SignInKeeper, fresh(makeServiceToken)),
		page.Post(page.ProvisioningPath+"/tokens/{id}/revoke", page.SignInKeeper, revokeServiceToken),
		page.Get(page.ProvisioningPath+"/groups/{id}", page.Administrator, showGroup),
		page.Post(page.ProvisioningPath+"/groups/{id}", page.Administrator, saveGroup),
		page.Get(webhooksPath, page.To(people.KeepSignIn), showWebhooks),
		page.Get(webhooksPath+"/new", page.To(people.KeepSignIn), showNewWebhook),
		page.Post(webhooksPath+"/new", page.To(people.KeepSignIn), fresh(addWebhook)),
		page.Get(webhooksPath+"/{id}", page.To(people.KeepSignIn), showWebhook),
		page.Post(webhooksPath+"/{id}", page.To(people.KeepSignIn), fresh(saveWebhook)),
		page.Post(webhooksPath+"/{id}/secret", page.To(people.KeepSignIn), fresh(rotateWebhook)),
		page.Post(webhooksPath+"/{id}/delete", page.To(people.KeepSignIn), fresh(deleteWebhook)),
		page.Post(webhooksPath+"/{id}/test", page.To(people.KeepSignIn), testWebhook),
		page.Post(webhooksPath+"/{id}/replay", page.To(people.KeepSignIn), replayWebhook),
		page.Post(webhooksPath+"/{id}/deliveries/{delivery}/resend", page.To(people.KeepSignIn), resendDelivery),
		page.Get(page.PastsPath, page.To(people.KeepSignIn), showPasts),
		page.Get(page.PastsPath+"/{id}", page.Administrator, showCompared),
		page.Get(page.PastsPath+"/{id}/back", page.Administrator, showBack),
		page.Post(page.PastsPath+"/{id}/back", page.Administrator, takeBack),
		page.Get(page.PastsPath+"/{id}/look", page.To(people.KeepSignIn), stepOver),
		page.Get("/manage/settings/preview", page.To(people.KeepSettings), page.Fragment(previewSettings)),
	}
}
