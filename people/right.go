// SPDX-License-Identifier: Apache-2.0

package people

import (
	"iter"
	"slices"
)

// Right is one thing that somebody may see or do. The list is closed: a role is a set of
// these, and what no right allows nobody may.
type Right uint8

// The rights over persons. Who has one has it over everybody, over those of some teams, or
// over themselves.
const (
	SeeAway        Right = iota // that somebody is away, and until when
	SeeLeave                    // why somebody is away, their balances and their work
	SeeEvents                   // what happened to somebody on which leave is due, such as a birth
	SeeBirth                    // when somebody was born
	AskLeave                    // ask for leave, and change it, in somebody's name
	DecideLeave                 // approve and refuse leave
	KeepBalances                // write into balances by hand, and record events
	KnowSick                    // that an absence is sickness, where the customer's settings let it be known
	ReportSick                  // report somebody sick, and back at work
	FollowSickness              // all of somebody's sickness, with notes and figures: data on health

	// The rights over the customer as a whole.
	SeeSetup     // people's files, teams, places, leave types, policies and approval rules
	SeeReports   // year ends, letters, leavers, trades and corrections of everybody
	SeeRecord    // what was changed by whom, and who may do what
	SeeSignIn    // how people sign in, and what is demanded of them
	KeepPeople   // people, teams, locations, working patterns and days off
	KeepRules    // leave types, packages, policies, approval rules and limits
	KeepYears    // close years, send letters, name stand-ins for others
	SettleLeave  // settle months for payroll
	KeepSettings // the customer's name, colours and language, and what may be known of sickness
	KeepSignIn   // what is demanded at sign-in, and the applications
	KeepRoles    // roles, and who holds them
	rightCount
)

// rights has the name of each right, for storage and catalogue keys, and what it is worth
// nothing without.
var rights = [rightCount]struct {
	name   string
	brings Rights
}{
	SeeAway:        {"see-away", 0},
	SeeLeave:       {"see-leave", Set(SeeAway)},
	SeeEvents:      {"see-events", Set(SeeLeave)},
	SeeBirth:       {"see-birth", Set(SeeAway)},
	AskLeave:       {"ask-leave", Set(SeeLeave)},
	DecideLeave:    {"decide-leave", Set(SeeLeave)},
	KeepBalances:   {"keep-balances", Set(SeeLeave, SeeEvents)},
	KnowSick:       {"know-sick", Set(SeeAway)},
	ReportSick:     {"report-sick", Set(SeeAway)},
	FollowSickness: {"follow-sickness", Set(KnowSick, ReportSick)},
	SeeSetup:       {"see-setup", Set(SeeAway)},
	SeeReports:     {"see-reports", Set(SeeLeave)},
	SeeRecord:      {"see-record", 0},
	SeeSignIn:      {"see-sign-in", 0},
	KeepPeople:     {"keep-people", Set(SeeSetup, SeeBirth, SeeLeave)}, // what a change does to balances is shown
	KeepRules:      {"keep-rules", Set(SeeSetup, SeeLeave)},
	KeepYears:      {"keep-years", Set(SeeReports)},
	SettleLeave:    {"settle-leave", Set(SeeReports)},
	KeepSettings:   {"keep-settings", 0},
	KeepSignIn:     {"keep-sign-in", Set(SeeSignIn)},
	KeepRoles:      {"keep-roles", Set(SeeSetup, SeeRecord)},
}

// String returns the stable name.
func (r Right) String() string { return rights[r].name }

// OverPersons reports whether the right is over persons, so that it can be limited to those
// of some teams. The others are over the customer as a whole.
func (r Right) OverPersons() bool { return r < SeeSetup }

// ParseRight returns the right with a stable name.
func ParseRight(name string) (Right, bool) {
	for r := range rightCount {
		if rights[r].name == name {
			return r, true
		}
	}
	return 0, false
}

// Rights is a set of rights.
type Rights uint32

// AllRights has every right, overPersons those over persons.
const (
	AllRights   = Rights(1)<<rightCount - 1
	overPersons = Rights(1)<<SeeSetup - 1
)

// Set returns a set of some rights.
func Set(list ...Right) Rights {
	var s Rights
	for _, r := range list {
		s |= 1 << r
	}
	return s
}

// Has reports whether the set has a right.
func (s Rights) Has(r Right) bool { return s&(1<<r) != 0 }

// Covers reports whether the set has every right of another.
func (s Rights) Covers(other Rights) bool { return other&^s == 0 }

// Whole returns the set with what its rights are worth nothing without.
func (s Rights) Whole() Rights {
	for was := ^s; s != was; {
		was = s
		for r := range was.All() {
			s |= rights[r].brings
		}
	}
	return s
}

// All returns the rights of the set, in the order of their declaration.
func (s Rights) All() iter.Seq[Right] {
	return func(yield func(Right) bool) {
		for r := range rightCount {
			if s.Has(r) && !yield(r) {
				return
			}
		}
	}
}

// Names returns the stable names, in order.
func (s Rights) Names() []string {
	var out []string
	for r := range s.All() {
		out = append(out, r.String())
	}
	return out
}

// ParseRights returns the rights of some names. Names that mean nothing are left out.
func ParseRights(names []string) Rights {
	var s Rights
	for r := range rightCount {
		if slices.Contains(names, rights[r].name) {
			s |= 1 << r
		}
	}
	return s
}

// What people may without a role.
var (
	// ownRights is what everybody may about themselves.
	ownRights = Set(SeeAway, SeeLeave, SeeEvents, SeeBirth, AskLeave, KnowSick, ReportSick, FollowSickness)
	// managerRights is what those who lead a team may about its members.
	managerRights = Set(DecideLeave, AskLeave, KnowSick, ReportSick).Whole()
	// teamRights is what those of one team may about each other.
	teamRights = Set(SeeAway)
)
