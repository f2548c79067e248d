// SPDX-License-Identifier: Apache-2.0

// Signs somebody in with oauth4webapi in the safest way that there is: the application signs
// who it is, hands its request over beforehand, and its tokens open nothing without its key.
// The part between the lines stands in docs/openid.md.

import * as oauth from 'oauth4webapi'
import { done, fetch, given, key, refused, visit } from './here.mjs'

const { issuer, id, back } = given
const options = { [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: true }

// ---
const found = await oauth.discoveryRequest(new URL(issuer), options)
const server = await oauth.processDiscoveryResponse(new URL(issuer), found)
const client = { client_id: id }
const proof = oauth.PrivateKeyJwt(key) // a CryptoKey: who the application is
const pair = await oauth.generateKeyPair('ES256') // what its tokens are bound to
const bound = { DPoP: oauth.DPoP(client, pair), ...options }

const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const pushed = await oauth.pushedAuthorizationRequest(server, client, proof, {
  redirect_uri: back, response_type: 'code', scope: 'openid profile email', state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
}, bound)
const { request_uri } = await oauth.processPushedAuthorizationResponse(server, client, pushed)

const address = new URL(server.authorization_endpoint)
address.searchParams.set('client_id', id)
address.searchParams.set('request_uri', request_uri)
const params = oauth.validateAuthResponse(server, client, await visit(address), state)

const answer = await oauth.authorizationCodeGrantRequest(server, client, proof, params, back, verifier, bound)
const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer)
const told = await oauth.userInfoRequest(server, client, tokens.access_token, bound)
const { sub } = oauth.getValidatedIdTokenClaims(tokens)
const info = await oauth.processUserInfoResponse(server, client, sub, told)
// ---

if (tokens.token_type !== 'dpop') throw new Error(`the token is one of ${tokens.token_type}`)
const again = await oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, bound))
const stolen = await oauth.userInfoRequest(server, client, again.access_token, options).catch(e => e.status)
if (stolen !== 401 && stolen.status !== 401) throw new Error('a stolen token is taken')

const claims = oauth.getValidatedIdTokenClaims(tokens)

const lax = { [oauth.clockSkew]: -3600, client_id: id } // its clock is an hour behind
const late = { DPoP: oauth.DPoP(lax, pair), ...options }
const refresh = () => oauth.refreshTokenGrantRequest(server, client, proof, again.refresh_token, late).then(a => oauth.processRefreshTokenResponse(server, client, a))
const last = await refresh().catch(e => {
  if (!oauth.isDPoPNonceError(e)) throw e
  return refresh()
})

const end = new URL(server.end_session_endpoint)
for (const [name, value] of Object.entries({ id_token_hint: tokens.id_token, post_logout_redirect_uri: given.out, state: 'over' })) end.searchParams.set(name, value)
const out = await visit(end)
await refused(oauth.refreshTokenGrantRequest(server, client, proof, last.refresh_token, bound).then(a => oauth.processRefreshTokenResponse(server, client, a)), 'invalid_grant')

done({ sub, sid: claims.sid, name: info.name, email: info.email, active: true, out: String(out) })
