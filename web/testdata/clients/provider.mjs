// SPDX-License-Identifier: Apache-2.0

// An OpenID provider of others, as a customer might run it: oidc-provider with its own pages
// for signing in, and people who are in groups. It says where it listens and runs until its
// input ends.

import http from 'node:http'
import Provider from 'oidc-provider'

const given = JSON.parse(process.env.GIVEN)
const server = http.createServer().listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [{
      client_id: given.id, client_secret: given.secret, redirect_uris: [given.back], grant_types: ['authorization_code'],
      response_types: ['code'], token_endpoint_auth_method: given.method, id_token_signed_response_alg: given.alg,
    }],
    jwks: given.jwks,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['given_name', 'family_name', 'name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    conformIdTokenClaims: given.conform,
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
    cookies: { keys: ['of this test'] },
    async findAccount(_, sub) {
      const [name] = sub.split('@')
      return {
        accountId: sub,
        claims: async () => ({ sub, email: `${name}@${given.domain}`, email_verified: true, given_name: name, family_name: 'There', groups: given.groups }),
      }
    },
    async loadExistingGrant(ctx) { // its people are not asked whether they agree
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId })
      grant.addOIDCScope('openid email profile groups')
      await grant.save()
      return grant
    },
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
process.stdin.resume().on('end', () => process.exit(0))
