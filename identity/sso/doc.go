// SPDX-License-Identifier: Apache-2.0

// Package sso owns sign-in with providers of the customer's own: which there are, who a
// person there is here, and what follows from the groups they are in. It refuses to speak
// their protocols (a Party does) and to open a session by itself: identity does.
//
// # Who is who
//
// A person there is known by issuer and subject, which never change, and never by
// a mail address, which may be given to somebody else. The first time, a mail address of a
// domain that the customer has said the provider decides on leads to the person here who
// has it; from then on the subject counts. Nobody is linked to two providers, or to two
// people at one, so a second provider cannot take over what a first vouches for.
//
// # What follows from groups
//
// At each sign-in the rules are looked at anew: what a group gives is given, and what an
// earlier sign-in gave and none gives any more is taken. What people gave by hand is never
// taken: a Link remembers what came from the provider.
//
// # Who may change what
//
// A provider that is on vouches for everybody, administrators among them. So it takes an
// administrator to switch one on, to change one that is on, and to have groups give
// anything; who keeps sign-in only may prepare one and try it out.
package sso
