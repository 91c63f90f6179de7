import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useHouse } from '../../support/house.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import { type Nginx, startNginx } from '../../support/nginx.ts'
import { needPart } from '../../support/parts.ts'
import { type RawResponse, sendRaw } from '../../support/raw.ts'
import { startRecorder } from '../../support/recorder.ts'
import { LG_TV, openOnTelevision } from '../../support/television.ts'

// A proxy in front that keeps every status for ten minutes, whoever asks and whatever varies, unless it is told not to.
const program = needPart('nginx')
const keepEverything = (dir: string) => `proxy_cache_path ${dir}/cache keys_zone=all:1m;`
const keep = `proxy_cache all; proxy_cache_key $http_host$request_uri; proxy_cache_valid any 10m;
proxy_ignore_headers Set-Cookie Vary Expires; add_header X-Kept $upstream_cache_status always;`

// As an app that has pictures kept for everybody says it to its own cache.
const app = await startRecorder(
  () =>
    `HTTP/1.1 200 OK\r\nContent-Length: 6\r\nCache-Control: public\r\nX-Accel-Expires: 600\r\nSurrogate-Control: max-age=600\r\nCDN-Cache-Control: max-age=600\r\nEdge-Control: !no-store\r\n\r\nsecret`,
)
afterAll(() => app.close())

describe.skipIf(program === undefined)('a cache in front that keeps all that it may', () => {
  const house = useHouse({ libraryPort: Number(app.url.port) })
  let nginx: Nginx
  beforeAll(async () => {
    const location = `location / { proxy_pass http://127.0.0.1:${house.port}; proxy_set_header Host $http_host; ${keep} }`
    nginx = await startNginx(program ?? '', keepEverything, location)
  })
  afterAll(() => nginx.close())

  function ask(origin: string, target: string, fields: string[] = []): Promise<RawResponse> {
    const lines = [`Host: ${new URL(origin).host}`, 'Connection: close', 'Accept: text/html', ...fields]
    return sendRaw(nginx.port, `GET ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  }
  const pathOf = (url: string) => url.replace(/^https?:\/\/[^/]*/, '')

  test('X1: nothing of ours is given to anybody but who asked for it', async () => {
    const { tv: inside, phone } = await letTelevisionIn(house)
    const waiting = await openOnTelevision(house)
    const screen = [`User-Agent: ${LG_TV}`, `Cookie: ${waiting.browser.cookies('cinema.localhost')}`]
    const person = [`Cookie: ${phone.cookies('door.localhost')}`]
    const set = [`User-Agent: ${LG_TV}`, `Cookie: ${inside.browser.cookies('cinema.localhost')}`]
    const login = pathOf(waiting.page)
    const cases: [string, string, string[]][] = [
      [house.cinema, '/films/42', [`User-Agent: ${LG_TV}`]],
      [house.cinema, '/.entryphone/auth/start', [`User-Agent: ${LG_TV}`]],
      [house.cinema, '/.entryphone/auth/sign-out', set],
      [house.cinema, '/.entryphone/auth/ticket?t=x', set],
      [house.cinema, login, screen],
      [house.cinema, /src="([^"]*\/qr-[^"]*)"/.exec(waiting.html)?.[1] ?? '', screen],
      [house.cinema, `${login}collect`, screen],
      [house.cinema, `${login}wait`, screen],
      [house.cinema, '/.entryphone/auth/nothing', []],
      [house.cinema, '/.entryphone/auth/%25', []],
      [house.door, '/me', person],
      [house.door, '/d', person],
      [house.door, pathOf(waiting.link), person],
      [house.door, '/callback?state=x', person],
      [house.door, '/sign-in?visit=x', person],
      [house.door, '/nothing', person],
    ]
    for (const [origin, target, fields] of cases) {
      const first = await ask(origin, target, fields)
      const second = await ask(origin, target)
      expect([target, first.all('x-kept'), second.all('x-kept')]).toEqual([target, ['MISS'], ['MISS']])
      // X4: nor does anything of ours carry a mark by which somebody is known again.
      expect([target, first.all('etag'), first.all('last-modified'), first.all('vary')]).toEqual([target, [], [], []])
    }
  })

  test('X2: an answer of the app that a signed-in person got is not given to a stranger', async () => {
    const { tv } = await letTelevisionIn(house)
    const cookie = [`Cookie: ${tv.browser.cookies('cinema.localhost')}`]
    for (const target of ['/', '/films/42', '/films/42/style.css', '/poster.jpg', '/app.js%2f%3b', '/films/42;x.css']) {
      const inside = await ask(house.cinema, target, cookie)
      expect([target, inside.status === 401, inside.all('x-kept')]).toEqual([target, false, ['MISS']])
      const outside = await ask(house.cinema, target)
      expect([target, outside.status, outside.all('x-kept')]).toEqual([target, 401, ['MISS']])
    }
  })

  test('X2: what an app says to one cache alone does not keep it for everybody', async () => {
    const { tv } = await letTelevisionIn({ cinema: house.library })
    const cookie = [`Cookie: ${tv.browser.cookies('library.localhost')}`]
    const inside = await ask(house.library, '/poster.jpg', cookie)
    expect([inside.body, inside.all('x-kept')]).toEqual(['secret', ['MISS']])
    const outside = await ask(house.library, '/poster.jpg')
    expect([outside.status, outside.all('x-kept')]).toEqual([401, ['MISS']])
    const direct = await sendRaw(
      house.port,
      `GET /x HTTP/1.1\r\nHost: ${new URL(house.library).host}\r\nConnection: close\r\n${cookie}\r\n\r\n`,
    )
    expect(direct.body).toBe('secret')
    for (const name of ['surrogate-control', 'cdn-cache-control', 'edge-control', 'x-accel-expires'])
      expect([name, direct.all(name)]).toEqual([name, []])
  })

  test('X3: fields that are no part of the address change nothing that could be kept', async () => {
    const plain = await ask(house.cinema, '/films/42')
    const evil = 'evil.example'
    for (const field of [
      `X-Forwarded-Host: ${evil}`,
      `X-Forwarded-Prefix: /${evil}`,
      `X-Original-URL: /${evil}`,
      `X-Rewrite-URL: /${evil}`,
      `Forwarded: host=${evil}`,
      `Cookie: x=${evil}`,
      `Origin: https://${evil}`,
      `User-Agent: ${evil}`,
    ]) {
      const poisoned = await ask(house.cinema, '/films/42', [field])
      expect([field, poisoned.all('x-kept'), poisoned.bytes.includes(evil)]).toEqual([field, ['MISS'], false])
      expect((await ask(house.cinema, '/films/42')).status).toBe(plain.status)
    }
  })
})
