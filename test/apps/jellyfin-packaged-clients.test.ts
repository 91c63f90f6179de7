import { describe, expect, test } from 'vitest'
import { type Asked, ask } from '../support/jellyfin/ask.ts'
import { useJellyfinHouse } from '../support/jellyfin/house.ts'
import { androidPhone, type PackagedRequest, tizen, webos } from '../support/jellyfin/packaged-clients.ts'

// Clients between a browser and a native app. A gate without Jellyfin's recipe lets none of them in; these are its
// answers, so that a change to them is seen. With it: `jellyfin-gate.test.ts`.

const told = ({ headers }: Asked) => Object.keys(headers).filter((name) => name.startsWith('access-control-'))

describe('Jellyfin itself', () => {
  const { jellyfin } = useJellyfinHouse()
  const send = ({ method, target, headers }: PackagedRequest) => ask(method, jellyfin().origin + target, { headers })

  test('answers scripts of a packaged client, wherever they come from', async () => {
    for (const request of [tizen.find, tizen.begin, webos.find, webos.manifest, androidPhone.find]) {
      const answer = await send(request)
      expect([request.target, answer.status]).toEqual([request.target, 200])
      if ('origin' in request.headers) expect(answer.headers['access-control-allow-origin']).toBe('*')
    }
    const preflight = await send(tizen.preflight)
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([204, 'authorization'])
  })
})

describe('the gate without a recipe', () => {
  const { house, jellyfin } = useJellyfinHouse()
  const send = ({ method, target, headers }: PackagedRequest) => ask(method, house.cinema + target, { headers })

  test('tells scripts from elsewhere nothing, and lets none of them reach Jellyfin', async () => {
    const before = jellyfin().asked.length
    const answers = [tizen.find, tizen.preflight, tizen.begin, webos.find, webos.manifest].map(send)
    const got = await Promise.all(answers)
    expect(got.map(({ status }) => status)).toEqual([401, 401, 403, 401, 401])
    for (const answer of got) {
      expect(told(answer)).toEqual([])
      expect(answer.headers['content-type']).not.toContain('html')
    }
    expect(jellyfin().asked.length).toBe(before)
  })

  test('shows its page in no foreign frame', async () => {
    const answer = await send(webos.frame)
    expect([answer.status, answer.headers['content-security-policy']]).toEqual([
      401,
      expect.stringContaining("frame-ancestors 'none'"),
    ])
  })

  test('keeps the phone’s app on its host, with a page that is no error', async () => {
    expect((await send(androidPhone.find)).headers['content-type']).toBe('application/problem+json')
    const page = await send(androidPhone.page)
    expect([page.status, page.headers['location']]).toEqual([200, undefined])
    expect(page.text).toContain('href="/.entryphone/auth/start')
  })
})

describe('the gate without a recipe, with scripts of every site allowed to ask', () => {
  const { house, jellyfin } = useJellyfinHouse({}, { cinemaLines: '    cors: "*"' })
  const send = ({ method, target, headers }: PackagedRequest) => ask(method, house.cinema + target, { headers })

  test('a packaged client can read that it has to sign in, and still changes nothing', async () => {
    const preflight = await send(tizen.preflight)
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
    const find = await send(tizen.find)
    expect([find.status, find.headers['access-control-allow-origin']]).toEqual([401, '*'])
    expect((await send(tizen.begin)).status).toBe(403)
    expect(jellyfin().asked.map(({ method }) => method)).toEqual(['OPTIONS'])
  })
})
