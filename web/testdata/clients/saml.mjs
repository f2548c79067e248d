// SPDX-License-Identifier: Apache-2.0

// A SAML provider of others, as a customer might run it: samlify. It reads our metadata, says
// what it publishes in one line, and then answers a question in each line with the answer.

import readline from 'node:readline'
import samlify from 'samlify'

samlify.setSchemaValidator({ validate: async () => 'ok' }) // it validates with what is installed apart

const given = JSON.parse(process.env.GIVEN)
const provider = samlify.IdentityProvider({
  entityID: 'https://there.example.test/saml',
  privateKey: given.key, encPrivateKey: given.key, signingCert: given.certificate, encryptCert: given.certificate,
  isAssertionEncrypted: given.sealed,
  wantAuthnRequestsSigned: true,
  requestSignatureAlgorithm: given.algorithm,
  messageSigningOrder: 'sign-then-encrypt',
  nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
  singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: 'https://there.example.test/sso' }],
  loginResponseTemplate: {
    context: samlify.SamlLib.defaultLoginResponseTemplate.context.replace('{AuthnStatement}',
      '<saml:AuthnStatement AuthnInstant="{IssueInstant}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>'),
    attributes: ['email', 'groups'].map((name) => (
      { name, nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic', valueTag: name, valueXsiType: 'xs:string' })),
  },
})
const service = samlify.ServiceProvider({
  metadata: given.metadata, wantMessageSigned: given.both,
  ...(given.sealed && { dataEncryptionAlgorithm: undefined }),
})

console.log(JSON.stringify({ metadata: provider.getMetadata() }))

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const at = new URL(line)
  const octetString = at.search.slice(1, at.search.indexOf('&Signature='))
  const query = Object.fromEntries(at.searchParams)
  const asked = await provider.parseLoginRequest(service, 'redirect', { query, octetString })
  const later = new Date(Date.now() + 5 * 60 * 1000).toISOString()
  const entity = service.entityMeta
  const back = entity.getAssertionConsumerService('post')
  const values = {
    ID: provider.entitySetting.generateID(), AssertionID: provider.entitySetting.generateID(), Destination: back, SubjectRecipient: back,
    Audience: entity.getEntityID(), Issuer: provider.entityMeta.getEntityID(), IssueInstant: new Date().toISOString(),
    StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success', ConditionsNotBefore: new Date().toISOString(), ConditionsNotOnOrAfter: later,
    SubjectConfirmationDataNotOnOrAfter: later, NameIDFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', NameID: `there-${given.who}`,
    InResponseTo: asked.extract.request.id, attrEmail: `${given.who}@${given.domain}`, attrGroups: given.group,
  }
  const { context } = await provider.createLoginResponse(service, asked, 'post', {}, {
    customTagReplacement: (template) => ({ id: values.ID, context: samlify.SamlLib.replaceTagsByValue(template, values) }),
  })
  console.log(JSON.stringify({ form: context, state: query.RelayState }))
}).on('close', () => process.exit(0))
