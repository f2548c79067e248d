// SPDX-License-Identifier: Apache-2.0

// Signs somebody in with oauth4webapi, with a key or with the secret in the header, and looks at the access
// token as an API does that asks nobody (RFC 9068).

import * as oauth from 'oauth4webapi'
import { done, fetch, given, key, refused, visit } from './here.mjs'

const issuer = new URL(given.issuer)
const client = { client_id: given.id }
const proof = key ? oauth.PrivateKeyJwt(key) : given.secret ? oauth.ClientSecretBasic(given.secret) : oauth.None()
const options = { [oauth.customFetch]: fetch, [oauth.allowInsecureRequests]: true }

const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...options }))

const verifier = oauth.generateRandomCodeVerifier()
const nonce = oauth.generateRandomNonce()
const state = oauth.generateRandomState()
const address = new URL(server.authorization_endpoint)
for (const [name, value] of Object.entries({
  client_id: given.id, redirect_uri: given.back, response_type: 'code', scope: 'openid profile email', state, nonce, max_age: 600,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
})) address.searchParams.set(name, value)

const params = oauth.validateAuthResponse(server, client, await visit(address), state)
const answer = await oauth.authorizationCodeGrantRequest(server, client, proof, params, given.back, verifier, options)
const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce: nonce, maxAge: 600, requireIdToken: true })
await oauth.validateApplicationLevelSignature(server, answer, options)
const claims = oauth.getValidatedIdTokenClaims(tokens)

const again = await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, options)
const later = await oauth.processRefreshTokenResponse(server, client, again)
const told = await oauth.userInfoRequest(server, client, later.access_token, options)
const info = await oauth.processUserInfoResponse(server, client, claims.sub, told)

const call = new Request('https://api.example.test/', { headers: { authorization: `Bearer ${later.access_token}` } })
const access = await oauth.validateJwtAccessToken(server, call, given.issuer, options)

const end = new URL(server.end_session_endpoint)
for (const [name, value] of Object.entries({ id_token_hint: tokens.id_token, post_logout_redirect_uri: given.out, state: 'over' })) end.searchParams.set(name, value)
const out = await visit(end)

const refresh = async () => oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, proof, later.refresh_token, options))
await refused(refresh(), 'invalid_grant')
await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, proof, later.refresh_token, options))

done({ sub: access.sub, sid: claims.sid, name: info.name, email: info.email, active: access.client_id === given.id, out: String(out) })
