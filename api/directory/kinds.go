// SPDX-License-Identifier: Apache-2.0

package directory

import (
	"verlof/internal/scim"
)

// The URNs of schemas and messages (RFC 7643, section 10.3.1; RFC 7644, section 8.2).
const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	configURN     = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeURN       = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaURN     = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	listURN       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	errorURN      = "urn:ietf:params:scim:api:messages:2.0:Error"
)

// user is what of a user is kept. All else of the standard is read and forgotten.
var user = &scim.Kind{Name: "User", Endpoint: "/Users", Says: "A person who works, or worked, for the customer",
	Core: scim.Schema{ID: userURN, Name: "User", Says: "A person", Attributes: []scim.Attribute{
		{Name: "userName", Required: true, Unique: true, Says: "What the person signs in with at the directory; where no mail address is sent and it is one, it is the mail address too"},
		{Name: "name", Type: scim.Complex, Says: "The person's name", Sub: []scim.Attribute{
			{Name: "formatted", Says: "The whole name; it counts where neither of its parts is sent"},
			{Name: "familyName", Says: "The family name"},
			{Name: "givenName", Says: "The given name"}}},
		{Name: "displayName", Says: "The name to show; it counts where no other is sent"},
		{Name: "preferredLanguage", Says: "The language of a new person's pages and mails, which they may change"},
		{Name: "active", Type: scim.Boolean, Says: "Whether the person may sign in; false ends every session and token at once"},
		{Name: "emails", Type: scim.Complex, Multi: true, Says: "Mail addresses: the primary one counts, else the first of work, else the first", Sub: []scim.Attribute{
			{Name: "value", Says: "The address"},
			{Name: "type", Says: "What it is for", Values: []string{"work", "home", "other"}},
			{Name: "primary", Type: scim.Boolean, Says: "Whether it is the one that counts"}}},
	}},
	Extensions: []scim.Schema{{ID: enterpriseURN, Name: "EnterpriseUser", Says: "What an employer knows of a person", Attributes: []scim.Attribute{
		{Name: "employeeNumber", Exact: true, Says: "The customer's own number of the person; unique"},
		{Name: "department", Says: "Where the customer's rules say so, the name of the person's team"},
		{Name: "manager", Type: scim.Complex, Says: "Who the person reports to; it is kept and gives nobody a right", Sub: []scim.Attribute{
			{Name: "value", Exact: true, Says: "The id of a user"},
			{Name: "$ref", Type: scim.Reference, Exact: true, ReadOnly: true, Refers: []string{"User"}, Says: "The address of that user"},
			{Name: "displayName", ReadOnly: true, Says: "The name of that user"}}},
	}}},
	Unkept: []string{"nickName", "profileUrl", "title", "userType", "locale", "timezone", "password", "phoneNumbers", "ims", "photos", "addresses",
		"groups", "entitlements", "roles", "x509Certificates", "costCenter", "organization", "division"},
}

// group is what of a group is kept.
var group = &scim.Kind{Name: "Group", Endpoint: "/Groups", Says: "Persons who belong together; the customer says what that means",
	Core: scim.Schema{ID: groupURN, Name: "Group", Says: "A group of persons", Attributes: []scim.Attribute{
		{Name: "displayName", Required: true, Unique: true, Says: "The name of the group"},
		{Name: "members", Type: scim.Complex, Multi: true, Says: "Who belongs to it", Sub: []scim.Attribute{
			{Name: "value", Exact: true, Says: "The id of a user"},
			{Name: "$ref", Type: scim.Reference, Exact: true, ReadOnly: true, Refers: []string{"User"}, Says: "The address of that user"},
			{Name: "type", ReadOnly: true, Values: []string{"User"}, Says: "A group holds users, and no groups"},
			{Name: "display", ReadOnly: true, Says: "The name of that user"}}},
	}},
}

// kinds are all that a directory works on.
var kinds = []*scim.Kind{user, group}

// The bounds of a list.
const (
	usualCount = 100
	maxCount   = 1000
)

// config says what is offered (RFC 7643, section 5), and only what is true.
func config() scim.Object {
	on := func(is bool) scim.Object { return scim.Object{"supported": is} }
	return scim.Object{
		"schemas": []any{configURN},
		"patch":   on(true), "changePassword": on(false), "sort": on(true), "etag": on(true),
		"bulk":   scim.Object{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": scim.Object{"supported": true, "maxResults": maxCount},
		"authenticationSchemes": []any{scim.Object{"type": "oauthbearertoken", "name": "Bearer token", "primary": true,
			"description": "A token that the customer makes for its directory, or an access token of the customer's OpenID provider for a service, with the scope scim",
			"specUri":     "https://www.rfc-editor.org/rfc/rfc6750"}},
	}
}

// typeOf is a kind as a resource (RFC 7643, section 6).
func typeOf(k *scim.Kind) scim.Object {
	extensions := []any{}
	for _, x := range k.Extensions {
		extensions = append(extensions, scim.Object{"schema": x.ID, "required": false})
	}
	return scim.Object{"schemas": []any{typeURN}, "id": k.Name, "name": k.Name, "description": k.Says, "endpoint": k.Endpoint,
		"schema": k.Core.ID, "schemaExtensions": extensions}
}
