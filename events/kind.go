// SPDX-License-Identifier: Apache-2.0

package events

import (
	"slices"
	"strings"
)

// Area is the part of the API that a thing belongs to: whoever may read the one may know
// of changes in the other.
type Area string

// The areas, by the names of their scopes.
const (
	OfLeave    Area = "leave"
	OfPeople   Area = "people"
	OfPolicies Area = "policies"
	OfSickness Area = "sickness"
	OfClients  Area = "clients"
)

// Areas are all areas in the order in which people read them.
func Areas() []Area { return []Area{OfLeave, OfPeople, OfPolicies, OfSickness, OfClients} }

// Thing is a kind of thing that changes.
type Thing struct {
	Name  string // what the type of an event begins with
	Area  Area
	Path  string   // where the API tells of it, below its root: {id} is the thing's, {person} whose it is; empty: nowhere
	Words []string // what can become of it: how the type of an event ends
}

// Type returns the name of an event: what became of a thing.
func (t Thing) Type(word string) string { return t.Name + "." + word }

// The words that most things share.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

var (
	kept    = []string{Added, Changed, Removed}
	lasting = []string{Added, Changed}
)

// The things that change.
var (
	Person       = Thing{"person", OfPeople, "/people/{id}", append(lasting, "roles_changed")}
	Employment   = Thing{"person.employment", OfPeople, "/people/{person}/employments/{id}", kept}
	Contract     = Thing{"person.contract", OfPeople, "/people/{person}/contracts/{id}", kept}
	Team         = Thing{"team", OfPeople, "/teams/{id}", kept}
	Role         = Thing{"role", OfPeople, "/roles/{id}", kept}
	Location     = Thing{"location", OfPeople, "/locations/{id}", lasting}
	Pattern      = Thing{"working_pattern", OfPeople, "/patterns/{id}", lasting}
	HolidaySet   = Thing{"holiday_set", OfPeople, "/holiday-sets/{id}", kept}
	OwnDay       = Thing{"holiday", OfPeople, "/own-days/{id}", kept}
	Settings     = Thing{"settings", OfPeople, "", []string{Changed}}
	LeaveType    = Thing{"leave_type", OfPolicies, "/leave-types/{id}", lasting}
	Package      = Thing{"package", OfPolicies, "/packages/{id}", lasting}
	Policy       = Thing{"policy", OfPolicies, "/policies/{id}", kept}
	ApprovalRule = Thing{"approval_rule", OfPolicies, "", kept}
	Limit        = Thing{"limit", OfPolicies, "", kept}
	Request      = Thing{"leave.request", OfLeave, "/requests/{id}", []string{"asked", "approved", "refused", "withdrawn", "cancelled", Changed}}
	Claim        = Thing{"leave.claim", OfLeave, "/people/{person}/claims/{id}", []string{"asked", "approved", "refused", "withdrawn", "cancelled", Changed}}
	Adjustment   = Thing{"leave.adjustment", OfLeave, "/people/{person}/balances", []string{Added}}
	Entitlement  = Thing{"leave.entitlement", OfLeave, "/people/{person}/balances/{id}", []string{Changed, Removed}}
	Collective   = Thing{"leave.collective", OfLeave, "", []string{"booked", "undone"}}
	Notice       = Thing{"leave.notice", OfLeave, "", []string{"given", "read"}}
	Year         = Thing{"leave.year", OfLeave, "", []string{"closed", "reopened"}}
	Settlement   = Thing{"leave.settlement", OfLeave, "/settlements/{id}", []string{"made", "undone"}}
	StandIn      = Thing{"stand_in", OfLeave, "", kept}
	Sickness     = Thing{"sickness", OfSickness, "/sickness/{id}", []string{"reported", Changed}}
	Account      = Thing{"account", OfClients, "/people/{id}", []string{"invited", "opened", "blocked", Changed}}
	Factor       = Thing{"account.factor", OfClients, "", []string{Added, Removed}}
	SignIn       = Thing{"sign_in_policy", OfClients, "", []string{Changed}}
	Provider     = Thing{"sign_in_provider", OfClients, "", kept}
	Application  = Thing{"application", OfClients, "", kept}
	Consent      = Thing{"application.consent", OfClients, "", []string{"given", Removed}}
	Token        = Thing{"token", OfClients, "", []string{Added, Removed}}
	Bureau       = Thing{"bureau", OfClients, "", []string{Added, Changed}}
	Served       = Thing{"served_customer", OfClients, "", []string{Added, Changed}}
	Hook         = Thing{"webhook", OfClients, "/webhooks/{id}", append(kept, "broken")}
	ServiceToken = Thing{"service_token", OfClients, "", []string{Added, Removed}}
	Feed         = Thing{"calendar_feed", OfClients, "", []string{Added, Removed}}

	DirectoryGroup = Thing{"directory_group", OfClients, "", kept}
	Directory      = Thing{"directory", OfClients, "/directory", []string{Changed}}
	ProviderKey    = Thing{"sign_in_provider.key", OfClients, "", kept}
	ProviderLink   = Thing{"sign_in_provider.link", OfClients, "", []string{Removed}}
)

// Things are all of them, in the order in which people read them.
func Things() []Thing {
	return []Thing{Request, Claim, Adjustment, Entitlement, Collective, Notice, Year, Settlement, StandIn,
		Person, Employment, Contract, Team, Role, Location, Pattern, HolidaySet, OwnDay, Settings,
		LeaveType, Package, Policy, ApprovalRule, Limit, Sickness,
		Account, Factor, SignIn, Provider, Application, Consent, Token, Feed, ServiceToken, Hook, Directory, DirectoryGroup, ProviderKey, ProviderLink,
		Bureau, Served}
}

// types has every type of event with its thing.
var types = func() map[string]Thing {
	all := map[string]Thing{}
	for _, t := range Things() {
		for _, word := range t.Words {
			all[t.Type(word)] = t
		}
	}
	return all
}()

// Types returns every type of event, by area and thing.
func Types() (list []string) {
	for _, t := range Things() {
		for _, word := range t.Words {
			list = append(list, t.Type(word))
		}
	}
	return list
}

// IsKind reports whether a name is that of a kind of thing.
func IsKind(name string) bool {
	return slices.ContainsFunc(Things(), func(t Thing) bool { return t.Name == name })
}

// root is where the API begins on each customer's site.
const root = "/api/v1"

// Link returns where the API tells of what e names; empty where it does not.
func (e Event) Link() string {
	path := types[e.Type].Path
	if path == "" {
		return ""
	}
	return root + strings.NewReplacer("{id}", e.Thing, "{person}", string(e.Person)).Replace(path)
}

// Filter chooses events by type: "leave.request.approved", or "leave.request.*" for all
// whose type begins with "leave.request.". An empty one chooses all.
type Filter []string

// Takes reports whether f chooses events of a type.
func (f Filter) Takes(typ string) bool {
	return len(f) == 0 || slices.ContainsFunc(f, func(one string) bool { return chooses(one, typ) })
}

// ofSickness reports whether f chooses events of sickness, which are chosen by name only.
func (f Filter) ofSickness() bool {
	return len(f) > 0 && slices.ContainsFunc(Types(), func(typ string) bool { return ofSickness(typ) && f.Takes(typ) })
}

func ofSickness(typ string) bool { return types[typ].Area == OfSickness }

func chooses(one, typ string) bool {
	if stem, ok := strings.CutSuffix(one, "*"); ok && strings.HasSuffix(stem, ".") {
		return strings.HasPrefix(typ, stem)
	}
	return one == typ
}

// unknown returns what in f chooses nothing at all.
func (f Filter) unknown() (string, bool) {
	for _, one := range f {
		if !slices.ContainsFunc(Types(), func(typ string) bool { return chooses(one, typ) }) {
			return one, true
		}
	}
	return "", false
}
