// SPDX-License-Identifier: Apache-2.0

// What the programs of this folder share: what they were given, a fetch that finds every
// host at the server of the test, and somebody's browser.

import http from 'node:http'
import readline from 'node:readline'

export const given = JSON.parse(process.env.GIVEN)

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()

// key is what the program signs with, where it was given one.
export const key = given.key && await crypto.subtle.importKey('jwk', given.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])

// visit sends the browser to an address and returns where it came back.
export async function visit(address) {
  console.log(JSON.stringify({ visit: String(address) }))
  return new URL((await lines.next()).value)
}

// done tells the test what the program knows, and ends.
export function done(known) {
  console.log(JSON.stringify({ known }))
  process.exit(0)
}

// refused fails unless a promise is refused in one of the protocol's words.
export async function refused(promise, word) {
  const error = await promise.then(() => 'nothing', e => e.error ?? e.code ?? String(e))
  if (error !== word) throw new Error(`refused with ${error}, not ${word}`)
}

// fetch asks the server of the test, whatever the host of the address.
export function fetch(address, options = {}) {
  const url = new URL(address)
  const headers = { ...Object.fromEntries(new Headers(options.headers)), host: url.host }
  return new Promise((resolve, reject) => {
    const request = http.request({ ...given.server, method: options.method ?? 'GET', path: url.pathname + url.search, headers }, async answer => {
      const parts = []
      for await (const part of answer) parts.push(part)
      const body = Buffer.concat(parts)
      resolve(new Response(body.length ? body : null, { status: answer.statusCode, headers: answer.headers }))
    })
    request.on('error', reject)
    request.end(options.body === undefined || options.body === null ? undefined : String(options.body))
  })
}
