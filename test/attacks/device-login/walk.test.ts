import { Agent, request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { loopbackLookup } from '../../../src/demo/loopback.ts'
import { leaveForProvider } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { signedInPhone } from '../../support/let-in.ts'
import { createPhone, openForm } from '../../support/phone.ts'
import { seeded } from '../../support/seeded.ts'
import { DESKTOP, LG_TV, openOnTelevision, PHONE } from '../../support/television.ts'

const house = useHouse()
const AUTH = '/.entryphone/auth'

/**
 * A television that waits, another one, a browser half-way to the provider, somebody who is signed in and never says
 * yes, and nobody: each asks for anything with whatever any of them knows, in any order.
 */
async function gather() {
  const [tv, other] = [await openOnTelevision(house), await openOnTelevision(house)]
  const { browser, away } = await leaveForProvider(house, house.cinema, '/films/7')
  const sam = await signedInPhone(house, 'Sam')
  const looking = createPhone()
  // Sam has looked, and so there is a form whose press would count: his, in his browser, and in no other.
  const approve = await openForm(sam, tv.link, 'decision')
  const list = await openForm(sam, `${house.door}/me`)
  const shown = await openForm(looking, tv.link, 'decision')
  const jars = [tv.browser, other.browser, browser, looking].map((one) => ({
    cinema: one.cookies('cinema.localhost'),
    door: one.cookies('door.localhost'),
  }))
  const idOf = (page: string) => page.split('/').at(-2) ?? ''
  const known = (texts: (string | undefined)[]) => texts.filter((text) => text !== undefined)
  const tokens = known([approve.fields['token'], shown.fields['token'], 'x'])
  const links = [tv.link.slice(-16), other.link.slice(-16)]
  const logins = [idOf(tv.page), idOf(other.page)]
  const secrets = jars.flatMap(({ cinema, door }) => [cinema, door].flatMap((jar) => jar.split(/; |=|\./)))
  const values = [
    ...tokens,
    ...known([list.fields['token']]),
    ...links,
    ...logins,
    ...secrets,
    ...away.searchParams.values(),
    tv.userCode,
    '',
  ]
  const sams = { cinema: sam.cookies('cinema.localhost'), door: sam.cookies('door.localhost') }
  return { tv, other, jars, sams, tokens, links, logins, values, samsToken: approve.fields['token'] ?? '' }
}

/** What our pages send, so that a form is often a whole one. */
const forms = [
  ['token', 'decision', 'stay'],
  ['token', 'decision'],
  ['token'],
  ['token', 'ref'],
  ['token', 'code'],
  ['seen'],
]
const names = [
  ...new Set(forms.flat()),
  'until',
  'zone',
  'here',
  'state',
  'iss',
  'error',
  'to',
  't',
  'visit',
  'account',
  'kind',
]

const headers = [
  {},
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-mode': 'navigate' },
  { 'sec-fetch-mode': 'cors' },
  { origin: 'null' },
  { origin: 'https://evil.example' },
  { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-user': 'robin', 'remote-user': 'robin' },
  { 'x-http-method-override': 'POST', 'x-original-url': '/me' },
  { authorization: 'Bearer robin' },
]

/** One request after the other, the same for the same `seed`. */
function createWalk(
  seed: number,
  { jars, sams, tokens, links, logins, values, samsToken }: Awaited<ReturnType<typeof gather>>,
) {
  const random = seeded(seed)
  const below = (most: number) => Math.floor(random() * most)
  const oneOf = <T>(list: readonly T[]) => list[below(list.length)] as T
  const usual: Record<string, string[]> = {
    token: tokens,
    decision: ['approve', 'approve', 'approve', 'approve', 'deny', 'sign-in', 'here'],
    until: ['2027-01-01'],
    stay: ['tonight', 'ours', 'until'],
  }
  const anything = (most: number) =>
    Array.from({ length: below(most) }, (): [string, string] => [oneOf(names), oneOf(values)])
  const formOf = (fieldNames: readonly string[]) => {
    const fields = fieldNames.map((name): [string, string] => [name, oneOf(usual[name] ?? values)])
    return below(4) === 0 ? [...fields, ...anything(4)] : fields
  }

  function pathOf(): string {
    const id = encodeURIComponent(oneOf(values))
    const [link, login] = [oneOf(links), oneOf(logins)]
    return oneOf([
      ...[`/d/${link}`, `/d/${link}`, `/d/${link}/other-account`],
      ...['', 'wait', 'again', 'collect'].map((path) => `${AUTH}/${login}/${path}`),
      ...[`/d/${id}`, `/D/${id}`, '/d', '/me', '/sign-in', '/callback', `/d/${id}/other-account`, '/'],
      ...['/me/revoke', '/me/revoke-all', '/me/sign-out'],
      ...['start', 'choose', 'way/phone', 'way/here', 'ticket', 'sign-out'].map((path) => `${AUTH}/${path}`),
      ...['', 'wait', 'again', 'collect', 'qr-x.png'].map((path) => `${AUTH}/${id}/${path}`),
    ])
  }

  return () => {
    // Two in five are presses on an approve page, with something about them that is not right.
    const press = below(5) < 2
    const at = press || below(2) === 0 ? 'door' : 'cinema'
    const jar = oneOf([...jars, sams, { cinema: '', door: '' }])
    const path = press ? `/d/${oneOf(links)}` : `${pathOf()}?${new URLSearchParams(anything(4))}`
    const fields = press ? formOf(['token', 'decision', 'stay']) : formOf(oneOf(forms))
    return {
      url: house[at] + path,
      method: press ? 'POST' : oneOf(['GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'OPTIONS'] as const),
      // The one press that would count is left out: his own form, in his own browser.
      form: fields.filter(([, value]) => jar !== sams || value !== samsToken),
      headers: {
        accept: oneOf(['text/html', '*/*', 'application/json']),
        'user-agent': oneOf([LG_TV, DESKTOP, PHONE]),
        'content-type': 'application/x-www-form-urlencoded',
        cookie: jar[at],
        ...oneOf(headers),
      },
    } as const
  }
}

test('U6: of two thousand requests of any kind, in any order, none signs anybody in without a person who says yes', async () => {
  const seed = 20_261_126
  const gathered = await gather()
  const nextRequest = createWalk(seed, gathered)
  const agent = new Agent({ connect: { lookup: loopbackLookup } })
  onTestFinished(() => agent.close())

  const statuses = new Map<number, number>()
  for (let step = 0; step < 2000; step++) {
    const { url, method, form, headers: sent } = nextRequest()
    const body = method === 'POST' || method === 'PUT' ? new URLSearchParams(form).toString() : null
    const answer = await request(url, { dispatcher: agent, method, headers: sent, body })
    const text = await answer.body.text()
    statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1)
    const what = `seed ${seed}, step ${step}: ${method} ${url} ${body}`
    expect([what, answer.statusCode < 500, text.includes('class="good"')]).toEqual([what, true, false])
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      // A session is taken away by its own sign-out at most, and given to nobody.
      expect([what, line]).toEqual([what, expect.stringMatching(/-(?:login|way|known)=|=; Max-Age=0/)])
    }
  }
  // It has got everywhere: to pages, redirects and every kind of no.
  for (const status of [200, 204, 303, 400, 403, 404]) expect([status, statuses.has(status)]).toEqual([status, true])
  for (const screen of [gathered.tv, gathered.other]) {
    expect((await screen.collect()).headers.getSetCookie().join()).not.toMatch(/[0-9a-f]{8}=[A-Za-z0-9_-]{43}/)
    expect((await screen.browser.go(`${house.cinema}/`)).status).toBe(401)
  }
})
