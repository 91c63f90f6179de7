import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { approveWithKey, tokenFor } from '../support/jellyfin/administrator.ts'
import { ask } from '../support/jellyfin/ask.ts'
import { furnish, useJellyfinHouse } from '../support/jellyfin/house.ts'
import {
  type Known,
  type NativeCall,
  type NativeClient,
  type NativeRequest,
  nativeClients,
  requestsOf,
  wants,
} from '../support/jellyfin/native-clients.ts'
import { nativeText } from '../support/jellyfin/native-text.ts'
import { type Jellyfin, startJellyfin } from '../support/jellyfin/server.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { openRaw, parseResponse, sendRaw } from '../support/raw.ts'

// Clients that never load a page, request by request: what Jellyfin itself tells them, and what the gate does.

const nobody: Known = { token: '', secret: '' }

/** What each request of a first evening gets from Jellyfin when it is signed in. */
const wanted: Record<NativeCall, number> = {
  find: 200,
  enabled: 200,
  begin: 200,
  look: 200,
  redeem: 200,
  me: 200,
  library: 200,
  picture: 200,
  film: 200,
  report: 204,
  socket: 101,
}

const calls = Object.keys(wanted) as NativeCall[]

/** Signs a client in with what Jellyfin answers to its own requests, at `port`. */
async function signIn(client: NativeClient, jellyfin: Jellyfin, send: Send): Promise<Known> {
  const pick = (what: NativeCall, known: Known) =>
    requestsOf(client, known).find((request) => request.what === what) as NativeRequest
  const { Secret, Code } = JSON.parse((await send(pick('begin', nobody))).body) as { Secret: string; Code: string }
  await approveWithKey(jellyfin, Code, 'Robin')
  const redeemed = await send(pick('redeem', { token: '', secret: Secret }))
  return { token: (JSON.parse(redeemed.body) as { AccessToken: string }).AccessToken, secret: Secret }
}

type Send = (request: NativeRequest) => Promise<ReturnType<typeof parseResponse>>

/** Sends over connections of their own; a socket is left as soon as it is open. */
const sender =
  (port: number, host: string, more: string[] = []): Send =>
  async (request) => {
    const text = nativeText(request, host, more)
    if (request.what !== 'socket') return sendRaw(port, text)
    const connection = await openRaw(port)
    connection.write(text)
    const head = await connection.until((received) => received.includes('\r\n\r\n'))
    connection.socket.destroy()
    return parseResponse(head)
  }

async function evening(client: NativeClient, known: Known, send: Send): Promise<Record<string, number>> {
  const got: Record<string, number> = {}
  for (const request of requestsOf(client, known)) got[request.what] = (await send(request)).status
  return got
}

describe('without a gateway', () => {
  let jellyfin: Jellyfin
  let latest: Jellyfin
  beforeAll(async () => {
    ;[jellyfin, latest] = [await startJellyfin({ version: '10.11' }), await startJellyfin({ version: '12.0' })]
    furnish(jellyfin)
    furnish(latest)
  })
  afterAll(() => Promise.all([jellyfin.close(), latest.close()]))

  test.each(nativeClients)('$name is let in by Quick Connect at 10.11, and spends its evening', async (client) => {
    const send = sender(jellyfin.port, 'jellyfin')
    expect(await evening(client, await signIn(client, jellyfin, send), send)).toEqual(wanted)
  })

  test('which of them 12.0 no longer understands', async () => {
    const send = sender(latest.port, 'jellyfin')
    const works = async (client: NativeClient) => {
      const token = await tokenFor(latest, 'Robin', client.name)
      const got = await evening(client, { token, secret: '' }, send)
      return [client.name, calls.filter((what) => wants[what] === 'token' && got[what] !== wanted[what])] as const
    }
    const refused = new Map(await Promise.all(nativeClients.map(works)))
    expect(Object.fromEntries(refused)).toEqual({
      'Android TV': [],
      Findroid: ['socket'],
      Roku: ['socket'],
      Swiftfin: ['socket'],
      Kodi: ['me', 'library', 'report', 'socket'],
      Infuse: ['me', 'library', 'film', 'report', 'socket'],
    })
  })
})

describe('behind the gate', () => {
  const { house, jellyfin } = useJellyfinHouse()

  test.each(nativeClients)(
    '$name without a session gets 401 in a form that it can read, and nothing is begun',
    async (client) => {
      const host = new URL(house.cinema).host
      const known = { token: await tokenFor(jellyfin(), 'Robin', client.name), secret: 'F'.repeat(64) }
      const before = jellyfin().asked.length
      const requests = requestsOf(client, known)
      for (const request of [...requests, ...requests.map((one) => ({ ...one, method: 'HEAD' as const }))]) {
        if (request.method === 'HEAD' && request.what === 'socket') continue
        const answer = await sender(house.port, host)(request)
        const what = `${request.method} ${request.what}`
        expect([what, answer.status]).toEqual([what, 401])
        const json = (request.headers['accept'] ?? '').includes('json')
        expect([what, answer.all('content-type')]).toEqual([
          what,
          [json ? 'application/problem+json' : 'text/plain; charset=utf-8'],
        ])
        for (const name of ['location', 'set-cookie', 'refresh']) expect([what, answer.all(name)]).toEqual([what, []])
        expect(answer.all('www-authenticate')).toEqual(['Entryphone realm="cinema"'])
        expect(answer.body).not.toMatch(/<|\/\.entryphone\/|[?]to=/)
        expect(answer.body).not.toContain(known.token)
      }
      expect(jellyfin().asked.length).toBe(before)
    },
  )

  test.each(nativeClients)(
    'what $name says of itself reaches Jellyfin as it was said, with a session’s cookie',
    async (client) => {
      const { tv } = await letTelevisionIn(house)
      const { host, hostname } = new URL(house.cinema)
      const send = sender(house.port, host, [`cookie: ${tv.browser.cookies(hostname)}`])
      expect(await evening(client, await signIn(client, jellyfin(), send), send)).toEqual(wanted)
    },
  )

  test('the open doors of Jellyfin itself are shut: a film and a picture need a session', async () => {
    for (const target of [
      '/Videos/f27caa37e5142225cceded48f6553502/stream',
      '/Items/f27caa37e5142225cceded48f6553502/Images/Primary',
    ]) {
      expect((await ask('GET', `${jellyfin().origin}${target}`)).status).toBe(200)
      expect((await ask('GET', `${house.cinema}${target}`)).status).toBe(401)
    }
  })
})
