// SPDX-License-Identifier: Apache-2.0

// Package openid owns the OpenID provider that each customer is on its own host
// name: the clients that the customer has registered, what people granted them,
// the keys that sign, and the protocol, each rule beside the section that asks for
// it. It knows who is signed in from package identity and asks nobody for a
// password.
//
// It refuses what RFC 9700 (Best Current Practice for OAuth 2.0 Security) advises
// against: no implicit grant, no password grant, no authorization request without
// PKCE (S256), no address for answers that is not registered letter for letter, no
// refresh token that works twice, no second algorithm. Nothing of an error but the
// protocol's own words reaches a client.
//
// # Tokens
//
// An access token is a JWT of RFC 9068 that lives ten minutes: whoever has the
// certificates can check it without asking. Inside Verlof it is good only while its
// grant is: the grant ends when it is revoked, when a code or a refresh token of it
// is used twice, when the person may no longer sign in, and with the session it was
// given in, unless it was given for when the person is away (offline_access). Of what it
// was given for it is good for what its client may still ask for.
//
// Keys and tokens belong to one customer: each has keys of its own and an issuer of
// its own, and what is looked up is looked up in the customer's database.
//
// # Keys
//
// One RSA key signs at a time. Its certificate is issued by the installation's
// issuing certificate, or by one that the operator brings, so a token can be traced
// to a root that was handed over once. A new key takes over at once and the old one
// is published until the last token that it signed has ended: nobody is signed out.
package openid
