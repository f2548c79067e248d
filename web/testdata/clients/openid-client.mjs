// SPDX-License-Identifier: Apache-2.0

// Signs somebody in with openid-client: as an application that signs who it is, as one that
// keeps a secret and sends it in the form, or as one that keeps none.

import * as client from 'openid-client'
import { done, fetch, given, key, refused, visit } from './here.mjs'

const proof = key ? client.PrivateKeyJwt(key) : given.secret ? client.ClientSecretPost(given.secret) : client.None()
const config = await client.discovery(new URL(given.issuer), given.id, undefined, proof, {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  [client.customFetch]: fetch,
})
config[client.customFetch] = fetch

const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedNonce = client.randomNonce()
const expectedState = client.randomState()
const back = await visit(client.buildAuthorizationUrl(config, {
  redirect_uri: given.back, scope: 'openid profile email', nonce: expectedNonce, state: expectedState,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: 'S256',
}))

const checks = { pkceCodeVerifier, expectedNonce, expectedState, idTokenExpected: true, maxAge: 600 }
const tokens = await client.authorizationCodeGrant(config, back, checks)
const claims = tokens.claims()

const later = await client.refreshTokenGrant(config, tokens.refresh_token)
const info = await client.fetchUserInfo(config, later.access_token, claims.sub)
const told = key || given.secret ? await client.tokenIntrospection(config, later.access_token) : { active: true }

const out = await visit(client.buildEndSessionUrl(config, { id_token_hint: later.id_token, post_logout_redirect_uri: given.out, state: 'over' }))
await refused(client.refreshTokenGrant(config, later.refresh_token), 'invalid_grant')

done({ sub: claims.sub, sid: claims.sid, name: info.name, email: info.email, active: told.active, out: String(out) })
