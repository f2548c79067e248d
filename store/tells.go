// SPDX-License-Identifier: Apache-2.0

package store

import (
	"fmt"

	"verlof/events"
)

// Every statement that changes something either tells an event of it or stands in quiet with
// the reason why not. This is the one place where events come from, below every page, operation and
// import, so that no change can forget its event; TestTells goes over all statements.

// tale is which event a statement means.
type tale struct {
	thing  events.Thing
	id     int        // which argument names the thing
	person int        // which one names the person whose it is; nobody where there is none
	before *statement // what the thing was: a text and whose it is; nil: not asked
	by     int        // which argument the key of before is
	words  []string   // what can be told
	word   func(was former, there bool, args []any) string
}

// nobody is no argument.
const nobody = -1

// former is what a thing was before a statement.
type former struct{ text, person string }

func formerRow(f *former) []any { return []any{&f.text, &f.person} }

// told is an event of a transaction: the name of a kind of thing, what became of it, its
// id, and whose it is.
type told struct{ thing, word, id, person string }

// formerOf declares the statement that reads what a thing was.
func formerOf(table, key, text, person string) *statement {
	return query(table+".before", fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s = $1", text, person, table, key))
}

// plain tells one word, whatever the thing was.
func plain(thing events.Thing, word string, id, person int) tale {
	return tale{thing: thing, id: id, person: person, words: []string{word},
		word: func(former, bool, []any) string { return word }}
}

// of tells one word, and whose the thing is as before says. Its id is an argument.
func of(before *statement, id int, thing events.Thing, word string) tale {
	t := plain(thing, word, id, nobody)
	t.before, t.by = before, id
	return t
}

// saved tells whether a thing was added or changed. Its id is the first argument.
func saved(thing events.Thing, before *statement, person int) tale {
	return tale{thing: thing, person: person, before: before, words: []string{events.Added, events.Changed},
		word: func(_ former, there bool, _ []any) string {
			if there {
				return events.Changed
			}
			return events.Added
		}}
}

// removed tells that a thing is gone, and whose it was. Its id is the first argument.
func removed(thing events.Thing, before *statement) tale {
	t := plain(thing, events.Removed, 0, nobody)
	t.before = before
	return t
}

// stated tells which state a thing has come into: the argument state, in words. first is
// the word for one that begins to wait for a decision.
func stated(thing events.Thing, before *statement, person, state int, words map[string]string) tale {
	t := tale{thing: thing, person: person, before: before, words: []string{events.Changed}}
	for _, word := range words {
		t.words = append(t.words, word)
	}
	t.word = func(was former, _ bool, args []any) string {
		now := fmt.Sprint(args[state])
		if now == was.text {
			return events.Changed
		}
		return words[now]
	}
	return t
}

var (
	decided = map[string]string{"pending": "asked", "approved": "approved", "refused": "refused", "withdrawn": "withdrawn", "cancelled": "cancelled"}
	opened  = map[string]string{"invited": "invited", "open": "opened", "blocked": "blocked"}
)

// What things were.
var (
	wasRequest        = formerOf("leave_request", "id", "state", "person")
	wasNotice         = formerOf("notice", "id", "''", "person")
	wasClaim          = formerOf("claim", "id", "state", "person")
	wasPerson         = formerOf("person", "id", "roles", "id")
	wasEmployment     = formerOf("employment", "id", "''", "person")
	wasContract       = formerOf("contract", "id", "''", "person")
	wasAccount        = formerOf("account", "person", "state", "person")
	wasFactor         = formerOf("factor", "id", "''", "person")
	wasToken          = formerOf("access_token", "digest", "id", "person")
	wasStandIn        = formerOf("stand_in", "id", "''", "person")
	wasSickness       = formerOf("sickness", "id", "''", "person")
	wasTeam           = formerOf("team", "id", "''", "''")
	wasRole           = formerOf("role", "id", "''", "''")
	wasLocation       = formerOf("location", "id", "''", "''")
	wasPattern        = formerOf("working_pattern", "id", "''", "''")
	wasHolidaySet     = formerOf("holiday_set", "id", "''", "''")
	wasOwnDay         = formerOf("own_day", "id", "''", "''")
	wasType           = formerOf("leave_type", "id", "''", "''")
	wasPackage        = formerOf("leave_package", "id", "''", "''")
	wasPolicy         = formerOf("leave_policy", "id", "''", "''")
	wasRule           = formerOf("approval_rule", "id", "''", "''")
	wasLimit          = formerOf("leave_limit", "id", "''", "''")
	wasProvider       = formerOf("sso_provider", "id", "''", "''")
	wasClient         = formerOf("client", "id", "''", "''")
	wasBureau         = formerOf("bureau", "id", "state", "''")
	wasServed         = formerOf("served", "id", "state", "''")
	wasWebhook        = formerOf("webhook", "id", "state", "''")
	wasFeed           = formerOf("feed", "digest", "id", "person")
	wasServiceToken   = formerOf("service_token", "digest", "id", "''")
	wasDirectoryGroup = formerOf("directory_group", "id", "''", "''")
	wasSSOKey         = formerOf("sso_key", "id", "''", "''")
)

// tales are the statements that tell, by what they change.
var tales = map[*statement]tale{
	qInsertRequest:    stated(events.Request, nil, 1, 7, decided),
	qUpdateRequest:    stated(events.Request, wasRequest, nobody, 1, decided),
	qInsertDecision:   of(wasRequest, 1, events.Request, events.Changed),
	qSaveClaim:        stated(events.Claim, wasClaim, 1, 12, decided),
	qSaveAdjustment:   plain(events.Adjustment, events.Added, 0, 1),
	qSaveFixed:        plain(events.Entitlement, events.Changed, 2, 1), // named by its leave type
	qDeleteFixed:      plain(events.Entitlement, events.Removed, 1, 0),
	qInsertCollective: plain(events.Collective, "booked", 0, nobody),
	qUpdateCollective: plain(events.Collective, "undone", 0, nobody),
	qInsertNotice:     plain(events.Notice, "given", 0, 1),
	qMarkRead:         of(wasNotice, 0, events.Notice, "read"),
	qInsertClosingAct: acted(),
	qInsertSettlement: plain(events.Settlement, "made", 0, nobody),
	qUndoSettlement:   plain(events.Settlement, "undone", 0, nobody),
	qSaveStandIn:      saved(events.StandIn, wasStandIn, 1),
	qDeleteStandIn:    removed(events.StandIn, wasStandIn),

	qSavePerson:       person(),
	qSaveEmployment:   saved(events.Employment, wasEmployment, 1),
	qDeleteEmployment: removed(events.Employment, wasEmployment),
	qSaveContract:     saved(events.Contract, wasContract, 1),
	qDeleteContract:   removed(events.Contract, wasContract),
	qSaveRole:         saved(events.Role, wasRole, nobody),
	qDeleteRole:       removed(events.Role, nil),
	qSaveTeam:         saved(events.Team, wasTeam, nobody),
	qDeleteTeam:       removed(events.Team, nil),
	qSaveLocation:     saved(events.Location, wasLocation, nobody),
	qSavePattern:      saved(events.Pattern, wasPattern, nobody),
	qSaveHolidaySet:   saved(events.HolidaySet, wasHolidaySet, nobody),
	qDeleteHolidaySet: removed(events.HolidaySet, nil),
	qSaveOwnDay:       saved(events.OwnDay, wasOwnDay, nobody),
	qDeleteOwnDay:     removed(events.OwnDay, nil),

	qSaveType:     saved(events.LeaveType, wasType, nobody),
	qSavePackage:  saved(events.Package, wasPackage, nobody),
	qSavePolicy:   saved(events.Policy, wasPolicy, nobody),
	qDeletePolicy: removed(events.Policy, nil),
	qSaveRule:     saved(events.ApprovalRule, wasRule, nobody),
	qDeleteRule:   removed(events.ApprovalRule, nil),
	qSaveLimit:    saved(events.Limit, wasLimit, nobody),
	qDeleteLimit:  removed(events.Limit, nil),

	qSaveSickReport: sick(),

	qSaveAccount:       stated(events.Account, wasAccount, 0, 1, opened),
	qSaveFactor:        added(events.Factor, wasFactor, 1),
	qDeleteFactor:      removed(events.Factor, wasFactor),
	qSaveClient:        saved(events.Application, wasClient, nobody),
	qDeleteClient:      removed(events.Application, nil),
	qSaveSSOProvider:   saved(events.Provider, wasProvider, nobody),
	qDeleteSSOProvider: removed(events.Provider, wasProvider),
	qSaveSecret:        plain(events.Application, events.Changed, 1, nobody),
	qDeleteSecret:      plain(events.Application, events.Changed, 0, nobody),
	qSaveConsent:       plain(events.Consent, "given", 1, 0),
	qDeleteConsent:     plain(events.Consent, events.Removed, 1, 0),
	qInsertToken:       plain(events.Token, events.Added, 1, 2),
	qDeleteToken:       removedByDigest(events.Token, wasToken),
	qInsertFeed:        plain(events.Feed, events.Added, 1, 2),
	qDeleteFeed:        removedByDigest(events.Feed, wasFeed),
	qSetMeta:           setting(),

	qSaveBureau:           saved(events.Bureau, wasBureau, nobody),
	qSaveServed:           saved(events.Served, wasServed, nobody),
	qSaveWebhook:          saved(events.Hook, wasWebhook, nobody),
	qMarkWebhook:          marked(),
	qDeleteWebhook:        removed(events.Hook, nil),
	qInsertServiceToken:   plain(events.ServiceToken, events.Added, 1, nobody),
	qDeleteServiceToken:   removedByDigest(events.ServiceToken, wasServiceToken),
	qSaveDirectoryGroup:   saved(events.DirectoryGroup, wasDirectoryGroup, nobody),
	qDeleteDirectoryGroup: removed(events.DirectoryGroup, nil),
	qSaveSSOKey:           saved(events.ProviderKey, wasSSOKey, nobody),
	qDeleteSSOKey:         removed(events.ProviderKey, nil),
	qDeleteSSOLink:        plain(events.ProviderLink, events.Removed, 0, nobody), // named by its provider
}

// person tells of somebody new, of other roles, and of any other change.
func person() tale {
	t := saved(events.Person, wasPerson, 0)
	t.words = append(t.words, "roles_changed")
	t.word = func(was former, there bool, args []any) string {
		switch {
		case !there:
			return events.Added
		case was.text != fmt.Sprint(args[7]):
			return "roles_changed"
		}
		return events.Changed
	}
	return t
}

// acted tells what became of a leave year.
func acted() tale {
	t := plain(events.Year, "closed", 0, 5)
	t.words = []string{"closed", "reopened"}
	t.word = func(_ former, _ bool, args []any) string {
		if fmt.Sprint(args[1]) == "reopen" {
			return "reopened"
		}
		return "closed"
	}
	return t
}

// sick tells of a new report, and that one is not what it was. It does not tell what.
func sick() tale {
	t := saved(events.Sickness, wasSickness, 1)
	t.words = []string{"reported", events.Changed}
	t.word = func(_ former, there bool, _ []any) string {
		if there {
			return events.Changed
		}
		return "reported"
	}
	return t
}

// added tells of what is new alone: what is kept there changes with every use.
func added(thing events.Thing, before *statement, person int) tale {
	t := saved(thing, before, person)
	t.words = []string{events.Added}
	t.word = func(_ former, there bool, _ []any) string {
		if there {
			return ""
		}
		return events.Added
	}
	return t
}

// removedByDigest tells of a token, which is deleted by its digest and named by its id.
func removedByDigest(thing events.Thing, before *statement) tale {
	t := removed(thing, before)
	t.id = nobody
	return t
}

// marked tells that a webhook is broken; that a message did not arrive is none of it.
func marked() tale {
	t := plain(events.Hook, "broken", 0, nobody)
	t.before = wasWebhook
	t.word = func(was former, _ bool, args []any) string {
		if now := fmt.Sprint(args[1]); now == was.text || now != string(events.HookBroken) {
			return ""
		}
		return "broken"
	}
	return t
}

// setting tells of what the customer set; the rest of what a database knows about itself
// is nobody's business.
func setting() tale {
	t := plain(events.Settings, events.Changed, nobody, nobody)
	t.word = func(_ former, _ bool, args []any) string {
		if _, ok := settingsOf[fmt.Sprint(args[0])]; ok {
			return events.Changed
		}
		return ""
	}
	return t
}

// settingsOf are the things that the settings belong to.
var settingsOf = map[string]events.Thing{
	metaName: events.Settings, metaAccent: events.Settings, metaLanguage: events.Settings,
	metaSicknessKnown: events.Settings, metaSickFigures: events.Settings,
	metaSecondFactor: events.SignIn, metaPasskey: events.SignIn, metaRemember: events.SignIn, metaOnlyProvider: events.SignIn, metaFeeds: events.SignIn,
	metaDirectory: events.Directory,
}

// quiet are the statements that change something and tell nothing, by name, with the reason.
// Sealed texts that are sealed by another key say what they said, so ".reseal" is not here.
var quiet = map[string]string{
	"change.insert":           ofThing,
	"closing.insert":          "the act that closed the year tells of it",
	"closing.reopen":          "the act that opened the year again tells of it",
	"settlement_line.insert":  ofThing,
	"notice.delivered":        "that a mail left changes nothing for the person: a notice counts when it is read",
	"notice.undelivered":      "as notice.delivered",
	"location.clear_sets":     ofThing,
	"location.add_set":        ofThing,
	"holiday_set.delete_days": ofThing,
	"team.clear_members":      ofThing,
	"team.clear_managers":     ofThing,
	"team.add_member":         ofThing,
	"team.add_manager":        ofThing,
	"sickness_change.insert":  ofThing,
	"sickness_note.insert":    "that there is a note is for the sickness officer alone",

	"session.insert": signingIn, "session.touch": signingIn, "session.delete": signingIn, "session.forget": signingIn,
	"device.save": signingIn, "device.delete": signingIn, "device.forget": signingIn,
	"ticket.save": signingIn, "ticket.delete": signingIn, "ticket.forget": signingIn,
	"ceremony.insert": signingIn, "ceremony.delete": signingIn, "ceremony.forget": signingIn,
	"tally.save": signingIn, "tally.delete": signingIn, "tally.forget": signingIn,
	"recovery.save": "a code that was used is the person's business; they are told by mail", "recovery.delete": "as recovery.save",
	"sso_rule.insert": "the provider's own row tells of its rules", "sso_rule.delete": "the provider's own row tells of its rules",
	"guest.save":               "somebody of a bureau is none of the customer's people; that they came is kept for those who see the record",
	"sso_provider.save_bureau": ofThing, "bureau_visit.insert": signingIn,
	"sso_link.save":    signingIn,
	"sso_session.save": signingIn, "sso_session.delete": signingIn, "sso_session.forget": signingIn, "sso_flow.answer": signingIn, "sso_taken.insert": signingIn, "sso_taken.forget": signingIn,
	"sso_flow.insert": signingIn, "sso_flow.delete": signingIn, "sso_flow.forget": signingIn,
	"sign_in_record.add": "what it records tells of itself: a factor, an account",

	"client_grant.insert": signingIn, "client_grant.save": signingIn, "client_grant.delete": signingIn, "client_grant.forget": signingIn,
	"client_code.save": signingIn, "refresh_token.save": signingIn, "subject.insert": signingIn,
	"device_request.save": signingIn, "device_request.delete": signingIn, "device_request.forget": signingIn,
	"pushed_request.save": signingIn, "pushed_request.delete": signingIn, "pushed_request.forget": signingIn,
	"proof_used.insert": signingIn, "proof_used.forget": signingIn,
	"signing_key.save":   "the keys that are good stand at the provider's /keys",
	"access_token.touch": "using a token changes nothing", "access_token.forget": "it had expired",
	"access_answer.insert": plumbing, "access_answer.save": plumbing, "access_answer.delete": plumbing, "access_answer.forget": plumbing,

	"directory_user.save":  "what the directory says of people is told when it becomes true of a person",
	"directory_member.add": ofThing, "directory_member.drop": ofThing,
	"directory_move.save": "a move waits until it is made: then the team tells of it",
	"directory_log.add":   plumbing, "directory_log.cut": plumbing,
	"service_token.touch": "using a token changes nothing",
	"feed.touch":          "fetching a feed changes nothing",

	"digest.save": ownMail, "digest.delete": ownMail, "digest.tell": plumbing,

	"webhook_delivery.put": plumbing, "webhook_delivery.save": plumbing, "webhook_delivery.end": plumbing, "webhook_delivery.forget": plumbing,

	"upload.insert": "a file changes nothing before its plan is accepted", "upload.set": "as upload.insert", "upload.drop": "as upload.insert",
	"meta.add": "whose database it is", "seal_mark.insert": plumbing, "seal_mark.delete": plumbing, "revision.grow": plumbing,
	"outbox.insert": plumbing, "outbox.hold": plumbing, "outbox.end": plumbing, "outbox.retry": plumbing, "outbox.give_up": plumbing, "outbox.forget": plumbing,
	"outbox.cut":   plumbing,
	"event.insert": plumbing, "event.number": plumbing, "event.forget": plumbing, "event_head.set": plumbing,
}

const (
	ownMail   = "which mail somebody wants changes nothing that the customer keeps"
	ofThing   = "it is a part of what another statement of the same change tells of"
	signingIn = "that somebody signs in, or an application in their name, changes nothing that the customer keeps"
	plumbing  = "it is how changes are made, told and repeated, and is none"
)

func init() {
	for q, t := range tales {
		q.tale = &t
	}
}

// ask returns what a statement is about to change was, where its tale needs that.
func (tx *Tx) ask(t *tale, args []any) (was former, there bool, err error) {
	if t.before == nil {
		return former{}, false, nil
	}
	return maybe(tx, t.before, formerRow, args[t.by])
}

// tell notes the event of a statement that has changed something.
func (tx *Tx) tell(t *tale, was former, there bool, args []any) {
	word := t.word(was, there, args)
	if word == "" {
		return
	}
	e := told{thing: t.thing.Name, word: word, id: was.text, person: t.whose(was, args)}
	if of, ok := settingsOf[fmt.Sprint(args[0])]; ok && t.thing.Name == events.Settings.Name {
		e.thing = of.Name
	}
	if t.id != nobody {
		e.id = fmt.Sprint(args[t.id])
	}
	tx.told = append(tx.told, e)
}

// whose returns whose the thing is that a statement changes; empty: nobody's.
func (t *tale) whose(was former, args []any) string {
	if t.person != nobody && args[t.person] != nil {
		return fmt.Sprint(args[t.person])
	}
	return was.person
}
