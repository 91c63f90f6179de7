import { once } from 'node:events'
import { connect as connectH2 } from 'node:http2'
import { text } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { signInOnDesktop } from '../support/desktop.ts'
import { type FrontedHouse, useFrontedHouse } from '../support/fronted-house.ts'
import { needPart } from '../support/parts.ts'
import { createPerson, type Person } from '../support/person.ts'
import { createPhone, pressYes, readForm, scan } from '../support/phone.ts'
import { parseResponse, sendRaw } from '../support/raw.ts'
import { DESKTOP, openOnTelevision } from '../support/television.ts'
import { until } from '../support/turns.ts'

const fronts = [
  ['nginx', needPart('nginx')],
  ['haproxy', needPart('haproxy')],
  ['caddy', needPart('caddy')],
] as const

const MB = 1_048_576

describe.each(fronts)('behind %s', (name, program) => {
  const house = useFrontedHouse(name, program)
  const testHere = test.skipIf(program === undefined)

  testHere('a television is scanned and let in, and a press on the phone cuts its socket', async () => {
    const tv = await openOnTelevision(house)
    expect(tv.link).toMatch(/^https:\/\/door\.home\.example\/d\//)
    const waiting = tv.wait()
    const phone = createPhone(house.connect)
    expect((await pressYes(phone, await scan(phone, tv.link), { stay: 'ours' })).status).toBe(200)
    expect((await waiting).state).toMatch(/opened|go|seen/)
    expect((await tv.collect()).headers.get('location')).toBe('/films/42?t=90')
    expect(await (await tv.browser.go(`${house.cinema}/films/42?t=90`)).text()).toBe('<p>/films/42?t=90')

    const socket = await openSocket(house, tv.browser)
    const closed = once(socket, 'close')
    const address = new URL(`${house.door}/me`)
    const form = readForm(address, await (await phone.go(address)).text(), 'name="ref"')
    expect((await phone.go(form.action, form.fields)).status).toBe(303)
    await closed
    expect((await tv.browser.go(`${house.cinema}/`)).status).toBe(401)
  })

  testHere('a browser signs in, and stands where it wanted to go', async () => {
    expect((await signIn(house)).url.href).toBe(`${house.cinema}/films/42?t=90`)
  })

  testHere('a WebSocket carries words and a megabyte both ways', async () => {
    const socket = await openSocket(house, (await signIn(house)).browser)
    for (const [sent, binary] of [
      [Buffer.from('hello'), false],
      [Buffer.alloc(MB, 7), true],
    ] as const) {
      const answered = once(socket, 'message')
      socket.send(sent, { binary })
      const [echoed, isBinary] = (await answered) as [Buffer, boolean]
      expect([echoed.equals(sent), isBinary]).toEqual([true, binary])
    }
    socket.terminate()
  })

  testHere('each event arrives as it is sent, and the app learns when nobody looks any more', async () => {
    const client = await house.openRaw(house.cinema)
    client.write(await signedIn(house, 'GET /events', 'Accept: text/event-stream'))
    await house.stage.watchedBy(1)
    for (const word of ['one', 'two', 'three']) {
      house.stage.push(word)
      await client.until((received) => received.includes(`data: ${word}\n\n`))
    }
    expect(parseResponse(client.received()).status).toBe(200)
    client.socket.destroy()
    await house.stage.watchedBy(0)
  })

  testHere('an upload of 100 MB reaches the app while it is sent, and whole', { timeout: 60_000 }, async () => {
    const client = await house.openRaw(house.cinema)
    client.write(await signedIn(house, 'POST /upload', `Content-Length: ${100 * MB}`))
    const piece = Buffer.alloc(MB, 1)
    // With 99 MB still to come, the app has the first.
    client.write(piece)
    await house.stage.received(MB)
    for (let i = 1; i < 100; i++) if (!client.socket.write(piece)) await once(client.socket, 'drain')
    const answer = parseResponse(await client.until((received) => received.includes(`${100 * MB}`)))
    expect(answer.status).toBe(200)
    client.socket.destroy()
  })

  testHere('H5 H6: the app and the log are told the address of the client, whatever it says of itself', async () => {
    const claims = [
      'X-Forwarded-For: 6.6.6.6, 127.0.0.1',
      'Forwarded: for=6.6.6.6;host=evil.example;proto=http',
      'X-Real-IP: 6.6.6.6',
      'CF-Connecting-IP: 6.6.6.6',
      'True-Client-IP: 6.6.6.6',
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Port: 1',
      'X-Forwarded-Prefix: /evil',
    ]
    for (const headers of [[], claims]) {
      house.recorder.clear()
      const client = await house.openRaw(house.ha, { from: '127.0.0.7' })
      client.write(await signedIn(house, 'GET /who', 'Connection: close', ...headers))
      expect(parseResponse(await client.closed()).status).toBe(200)
      const seen = house.recorder.requests.find(({ target }) => target === '/who')
      const told = ['for', 'proto', 'host', 'port'].flatMap((what) => seen?.all(`x-forwarded-${what}`))
      expect(told).toEqual(['127.0.0.7', 'https', 'ha.home.example', '443'])
      expect(seen?.head).not.toMatch(/6\.6\.6\.6|evil/)
      const line = () => house.log().find(({ path }) => path === '/who')
      await until(() => line() !== undefined)
      expect(line()).toMatchObject({ client: '127.0.0.7' })
    }
  })

  testHere("V4: a host of the client's making is in no answer, and no other name is served", async () => {
    const ask = async (host: string) => {
      const client = await house.openRaw(house.cinema)
      client.write(
        `GET /x HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Host: attacker.example\r\nForwarded: host=attacker.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
      )
      return parseResponse(await client.closed())
    }
    const challenge = await ask('jellyfin.home.example')
    expect(challenge.status).toBe(401)
    expect(challenge.bytes).not.toContain('attacker')
    const unknown = await ask('attacker.example')
    // Caddy answers names that it does not know by itself, with nothing.
    expect([unknown.status, unknown.body]).toEqual(name === 'caddy' ? [200, ''] : [421, unknown.body])
    expect(unknown.bytes).not.toMatch(/set-cookie|location:|attacker/i)
  })

  testHere('plain http leads to https, and to nothing else', async () => {
    const answer = await sendRaw(
      house.front.http,
      'GET /films/42?t=90 HTTP/1.1\r\nHost: jellyfin.home.example\r\nConnection: close\r\n\r\n',
    )
    expect([answer.status, answer.all('location')]).toEqual([
      name === 'caddy' ? 308 : 301,
      [`${house.cinema}/films/42?t=90`],
    ])
  })

  testHere('over HTTP/2 seven streams are open at once, and a cookie in pieces is one', async () => {
    const { browser } = await signIn(house)
    const host = 'jellyfin.home.example'
    const session = connectH2(`https://127.0.0.1:${house.front.https}`, { servername: host, rejectUnauthorized: false })
    const cookie = ['theme=dark', ...browser.cookies(host).split('; ')]
    const ask = (path: string) =>
      session.request({ ':authority': host, ':path': path, cookie, accept: 'text/event-stream' })
    const events = Array.from({ length: 6 }, () => ask('/events'))
    const heads = Promise.all(events.map((stream) => once(stream, 'response')))
    await house.stage.watchedBy(6)
    // nginx 1.22 keeps a head until the first byte of the body.
    house.stage.push('word')
    expect((await heads).map(([head]) => head[':status'])).toEqual([200, 200, 200, 200, 200, 200])
    const page = ask('/films/42')
    expect((await once(page, 'response'))[0]).toMatchObject({ ':status': 200 })
    expect(await text(page)).toBe('<p>/films/42')
    session.destroy()
  })

  testHere('nothing in front is told to be missing, and no proxy to be silent', () => {
    expect(house.log().filter(({ event }) => `${event}`.startsWith('proxy_'))).toEqual([])
  })
})

/** Signed in to the cinema. */
function signIn(house: FrontedHouse, origin = house.cinema) {
  const browser = createPerson({ 'user-agent': DESKTOP }, house.connect)
  return signInOnDesktop(house, origin, '/films/42?t=90', 'Robin', browser)
}

/** The head of a request with the session of somebody who is signed in to the app that this block's request is for. */
async function signedIn(house: FrontedHouse, line: string, ...headers: string[]): Promise<string> {
  const origin = line.endsWith('/who') ? house.ha : house.cinema
  const { host } = new URL(origin)
  const cookie = (await signIn(house, origin)).browser.cookies(host)
  return `${[`${line} HTTP/1.1`, `Host: ${host}`, `Cookie: ${cookie}`, ...headers].join('\r\n')}\r\n\r\n`
}

async function openSocket(house: FrontedHouse, browser: Person): Promise<WebSocket> {
  const tls: TLSSocket = await house.open(house.cinema)
  const socket = new WebSocket('wss://jellyfin.home.example/socket', {
    origin: house.cinema,
    headers: { cookie: browser.cookies('jellyfin.home.example') },
    createConnection: () => tls,
  } as object)
  await once(socket, 'open')
  return socket
}
