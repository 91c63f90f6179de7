import { expect, test } from 'vitest'
import type { Place } from '../../../src/lib/place.ts'
import { sendRaw } from '../../support/raw.ts'
import { startTraffic } from '../../support/traffic-harness.ts'

/** Sends to the door and to an app; what cold code, the app and the log are told of the client. */
async function startListening(trustedProxies: string[]) {
  let told: Place | undefined
  const gate = await startTraffic({
    parts: {
      trustedProxies,
      cold: {
        threshold: (_req, res) => void res.end(),
        door(_req, res, { place }) {
          told = place
          res.end()
        },
      },
    },
  })
  return {
    gate,
    async ask(...headers: string[]) {
      const lines = headers.map((header) => `${header}\r\n`).join('')
      await sendRaw(gate.port, `GET / HTTP/1.1\r\nHost: door.home.example\r\nConnection: close\r\n${lines}\r\n`)
      gate.recorder.clear()
      const line = gate.nextLine()
      await sendRaw(gate.port, gate.signedIn('GET /', ...headers))
      expect((await line)['client']).toBe(told?.address)
      expect(gate.recorder.requests[0]?.all('x-forwarded-for')).toEqual([told?.address])
      return told
    },
  }
}

/** Every field of the kind but X-Forwarded-For, naming somebody. */
const others = [
  'Forwarded: for=6.6.6.6',
  'Forwarded: for="[2001:db8::6]:80";host=door.home.example;proto=https',
  'X-Real-IP: 6.6.6.6',
  'CF-Connecting-IP: 6.6.6.6',
  'True-Client-IP: 6.6.6.6',
]

/** Those that name no client. */
const nameless = [
  'X-Forwarded-Port: 1',
  'X-Forwarded-Uri: /public',
  'X-Forwarded-Method: OPTIONS',
  'X-Forwarded-Prefix: /public',
  'X-Forwarded-Ssl: on',
  'X-Forwarded-Server: evil.example',
]

test('H5: of all forwarding fields only X-Forwarded-For of a proxy in the list says who the client is', async () => {
  const { gate, ask } = await startListening(['127.0.0.1'])
  expect(await ask('X-Forwarded-For: 1.2.3.4', ...nameless)).toEqual({ address: '1.2.3.4', certain: true })
  for (const field of others)
    expect([field, await ask(field)]).toEqual([field, { address: '127.0.0.1', certain: false }])
  for (const field of nameless)
    expect([field, await ask(field)]).toEqual([field, { address: '127.0.0.1', certain: false }])
  await gate.close()
})

test('H5: without a list, and from somebody who is not in it, no field moves anything', async () => {
  for (const list of [[], ['10.0.0.0/8', '::1']]) {
    const { gate, ask } = await startListening(list)
    for (const field of ['X-Forwarded-For: 1.2.3.4', ...others, ...nameless]) {
      expect([field, await ask(field)]).toMatchObject([field, { address: '127.0.0.1', certain: false }])
    }
    await gate.close()
  }
})

test('H6: fields that name different clients leave it open who it is', async () => {
  const { gate, ask } = await startListening(['127.0.0.1', '10.0.0.0/8'])
  for (const field of [...others, 'Forwarded: for=unknown', 'Forwarded: for=_hidden', 'X-Real-IP: a', 'X-Real-IP:'])
    expect([field, await ask('X-Forwarded-For: 1.2.3.4', field)]).toEqual([
      field,
      { address: '1.2.3.4', certain: true, disputed: true },
    ])
  for (const field of [
    'Forwarded: for=1.2.3.4',
    'Forwarded: for=6.6.6.6, for="1.2.3.4:80";by=10.0.0.1, For=10.0.0.1',
    'X-Real-IP: 1.2.3.4',
    'X-Real-IP: 10.0.0.7',
    'CF-Connecting-IP: ::ffff:1.2.3.4',
  ]) {
    expect([field, await ask('X-Forwarded-For: 1.2.3.4', field)]).toEqual([
      field,
      { address: '1.2.3.4', certain: true },
    ])
  }
  await gate.close()
})

test('H6: an odd value is the address of the proxy, and never somebody at home', async () => {
  const { gate, ask } = await startListening(['127.0.0.1', '10.0.0.0/8'])
  const nobody = { address: '127.0.0.1', certain: false }
  for (const value of [
    'a',
    '',
    '1.2.3',
    '300.1.1.1',
    '1.2.3.4.5',
    '::g',
    '[::1',
    '1.2.3.4:x',
    '1.2.3.4, ',
    ',',
    'for=1.2.3.4',
  ]) {
    expect([value, await ask(`X-Forwarded-For: ${value}`)]).toEqual([value, nobody])
  }
  for (const value of [
    '127.0.0.1',
    '[::1]:80',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '10.0.0.9',
    '10.0.0.9, 10.0.0.8',
  ]) {
    expect([value, (await ask(`X-Forwarded-For: ${value}`))?.certain]).toEqual([value, false])
  }
  // An address of a proxy that the client put in itself stands further left than the client's own.
  expect(await ask('X-Forwarded-For: 10.0.0.9, 1.2.3.4')).toEqual({ address: '1.2.3.4', certain: true })
  expect(await ask('X-Forwarded-For: 192.168.1.7, 1.2.3.4, 10.0.0.9')).toEqual({ address: '1.2.3.4', certain: true })
  const many = `${'10.0.0.9, '.repeat(1500)}a`
  expect(await ask(`X-Forwarded-For: ${many}`)).toEqual(nobody)
  await gate.close()
})

test('the PROXY protocol is not spoken: its line is a broken request', async () => {
  const { gate } = await startListening(['127.0.0.1'])
  const request = gate.signedIn('GET /')
  for (const line of [
    'PROXY TCP4 6.6.6.6 127.0.0.1 1 2\r\n',
    '\r\n\r\n\0\r\nQUIT\n!\x11\0\f\x06\x06\x06\x06\x7f\0\0\x01\0\x01\0\x02',
  ]) {
    expect((await sendRaw(gate.port, line + request)).status).toBe(400)
  }
  expect(gate.recorder.requests).toEqual([])
  await gate.close()
})
