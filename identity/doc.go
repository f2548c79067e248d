// SPDX-License-Identifier: Apache-2.0

// Package identity owns how a person of one customer proves who they are:
// accounts and their passwords, second factors and passkeys, sessions, known
// devices, invitations and resets, what the customer demands, and the brakes on
// guessing. It knows persons by people.ID and their mail
// address, which is what they sign in with.
//
// It refuses to decide what a person may do (people does), to keep anything that
// opens a door if the database is read by somebody else (passwords rest as
// Argon2id and sealed under the customer's keys, tokens as SHA-256, and a link is
// made only when its mail is written),
// and to tell a stranger whether an address is known: what is read, written and
// computed is the same.
//
// # Why guessing stops and the owner gets in
//
// Each attempt is charged before the password is looked at, so a thousand at
// once count as a thousand. The charge is taken back when the password is right.
// An attempt that must wait costs no hash and no write.
//
//   - A stranger pays at three places. The pair of address typed and network may
//     fail 5 times, then waits 30 seconds, doubled each time up to an hour. The
//     network may fail 100 times, and gets one back each minute. The address
//     typed may fail 20 times from anywhere, and gets one back each quarter of an
//     hour: that stops a guesser who owns many networks.
//   - A network from which the person has signed in lately does not pay at the
//     third place, so a guesser far away cannot lock the person's office or home.
//   - A device on which the person has signed in carries a cookie and pays only
//     for itself, at the pace of a pair. Neither a guesser far away nor one in the
//     same network can lock it. (OWASP: slow down online guessing attacks with
//     device cookies.)
//   - Who has neither, while an attack goes on, asks for a reset by mail: redeeming
//     the link makes the browser a known device, though not for codes until they
//     have signed in on it: the mailbox brings no guesses at a second factor.
//
// A network is one IPv4 address or one IPv6 /56, what a provider hands to one
// home (RFC 6177, section 2). The charges survive a restart because they lie in
// the customer's database, under hashes of address and network. They fade by
// themselves and are bounded: when there are 50,000, strangers who have none yet
// share one charge, which lets 30 a minute of them try.
//
// # How far a sign-in has come
//
// Service.open is the only place that writes a session, and a session is at a
// stage. The right password opens it only where no second factor is set up or
// demanded. Else it waits: for the second step, or for somebody to set up a factor
// that their customer demands. Authenticate knows open sessions alone, so what waits
// reaches no page but those that ask for Waiting.
//
// A code is charged before it is looked at, to the device on which the person has
// signed in before, or else to all their other browsers together. Whoever knows the password
// gets five guesses, then ever fewer, and does not hold up the owner's own browser.
//
// A session remembers when its holder last proved all there is to prove.
// Service.NeedProof is the rule for what changes how people get in; Stale tells its
// refusal from others, and StepUp lifts it.
package identity
