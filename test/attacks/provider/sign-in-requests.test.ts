import { createHash } from 'node:crypto'
import { request } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { createDesktop, leaveForProvider, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { signedInPhone } from '../../support/let-in.ts'
import { type LyingProvider, startLyingProvider } from '../../support/lying-provider.ts'
import { openForm } from '../../support/phone.ts'
import { sendRaw } from '../../support/raw.ts'
import { linkIn, openOnTelevision } from '../../support/television.ts'

let provider: LyingProvider
const house = useHouse({
  async startProvider(options) {
    provider = await startLyingProvider(options)
    return provider
  },
})
afterEach(() => {
  provider.lies = {}
})

const asked = (path: string) => provider.requests.filter((one) => one.path === path)
const own = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
]

test('J24 J23: nothing in an address becomes part of what the provider is asked', async () => {
  const browser = createDesktop()
  const challenge = await browser.go(`${house.cinema}/`)
  const start = await browser.go(new URL(linkIn(await challenge.text()), house.cinema))
  const visit = new URL(start.headers.get('location') ?? '')
  const query = new URLSearchParams({
    prompt: 'none',
    scope: 'openid admin',
    scopes: 'admin',
    redirect_uri: 'https://evil.example/',
    response_mode: 'form_post',
    response_type: 'token',
    max_age: '99999',
    login_hint: 'x',
    id_token_hint: 'x',
    acr_values: 'x',
    request: 'x',
    request_uri: 'https://evil.example/',
    claims: '{}',
    client_id: 'evil',
    iss: 'https://evil.example',
    target_link_uri: 'https://evil.example',
    state: 'x',
    nonce: 'x',
    code_challenge: 'x',
  })
  for (const [path, more] of [
    ['/me', []],
    ['/d', []],
    [`/sign-in?visit=${visit.searchParams.get('visit')}`, []],
    [`/sign-in?visit=${visit.searchParams.get('visit')}&account=other`, ['prompt']],
  ] as const) {
    const left = await createDesktop().go(`${house.door}${path}${path.includes('?') ? '&' : '?'}${query}`)
    const away = new URL(left.headers.get('location') ?? house.door)
    expect([path, away.origin + away.pathname]).toEqual([path, `${house.issuer.issuer}/authorize`])
    const names = [...away.searchParams.keys()].sort()
    expect([path, names]).toEqual([path, [...own, ...more].sort()])
    expect([path, away.search.includes('evil'), away.searchParams.get('scope')?.includes('admin')]).toEqual([
      path,
      false,
      false,
    ])
    expect(away.searchParams.get('redirect_uri')).toBe(`${house.door}/callback`)
    expect(['select_account', null]).toContain(away.searchParams.get('prompt'))
  }
  // Where a third party begins a sign-in (OpenID Connect Core §4), nothing begins.
  const third = await createDesktop().go(`${house.door}/sign-in?${query}`)
  expect([third.status, third.headers.get('location')]).toEqual([400, null])
})

test('J1 J4: the code is redeemed with the verifier of the challenge that was sent, also where S256 is not advertised', async () => {
  provider.secrets.clear()
  const before = asked('/token').length
  const { url } = await signInOnDesktop(house, house.cinema, '/films/9')
  expect([url.href, asked('/token').length]).toEqual([`${house.cinema}/films/9`, before + 1])
  const challenge = asked('/authorize').at(-1)?.query.get('code_challenge')
  const hashes = [...provider.secrets].map((secret) => createHash('sha256').update(secret).digest('base64url'))
  expect(hashes).toContain(challenge)
})

test('J2 C8: a state that is foreign, used, made up or missing sends no code to the provider', async () => {
  const { browser, away } = await leaveForProvider(house, house.cinema, '/')
  const { url: callback } = await browser.follow(away, (at) => at.pathname === '/callback')
  const before = asked('/token').length
  const stranger = createDesktop()
  await stranger.go(`${house.door}/me`)
  const edited = (edit: (params: URLSearchParams) => void) => {
    const other = new URL(callback)
    edit(other.searchParams)
    return other
  }
  const tries: [string, URL, typeof browser][] = [
    ['another browser', callback, stranger],
    ['no cookie', callback, createDesktop()],
    ['made up', edited((params) => params.set('state', 'A'.repeat(43))), browser],
    ['missing', edited((params) => params.delete('state')), browser],
    ['empty', edited((params) => params.set('state', '')), browser],
    ['twice', edited((params) => params.append('state', params.get('state') ?? '')), browser],
  ]
  for (const [why, url, who] of tries) {
    const answer = await who.go(url)
    expect([why, answer.status === 400 || /^\/sign-in/.test(answer.headers.get('location') ?? '')]).toEqual([why, true])
    expect([why, asked('/token').length]).toEqual([why, before])
  }
  expect((await browser.go(callback)).status).toBe(303)
  expect((await browser.go(callback)).status).toBe(400)
  expect(asked('/token').length).toBe(before + 1)
})

test('J3: a response that says a thing twice, or two things at once, signs nobody in', async () => {
  const edits: [string, (params: URLSearchParams) => void][] = [
    ['code twice', (params) => params.append('code', params.get('code') ?? '')],
    ['iss twice', (params) => params.append('iss', params.get('iss') ?? '')],
    ['state twice', (params) => params.append('state', params.get('state') ?? '')],
    ['a code and an error', (params) => params.append('error', 'access_denied')],
    ['an error twice', (params) => ['a', 'b'].map((error) => params.append('error', error))],
    ['a response as a token', (params) => params.append('response', 'eyJhbGciOiJub25lIn0.e30.')],
    ['tokens in the address', (params) => params.append('id_token', 'eyJhbGciOiJub25lIn0.e30.')],
    ['no code', (params) => params.delete('code')],
    ['an empty code', (params) => params.set('code', '')],
  ]
  for (const [what, edit] of edits) {
    const { browser, away } = await leaveForProvider(house, house.cinema, '/')
    const { url: callback } = await browser.follow(away, (at) => at.pathname === '/callback')
    edit(callback.searchParams)
    const answer = await browser.go(callback)
    expect([what, answer.status >= 400, answer.headers.getSetCookie()]).toEqual([what, true, []])
    expect([what, (await browser.go(`${house.cinema}/`)).status]).toEqual([what, 401])
  }
})

test('J6: a code of another sign-in signs nobody in', async () => {
  const victim = await leaveForProvider(house, house.cinema, '/')
  const { url: stolen } = await victim.browser.follow(victim.away, (at) => at.pathname === '/callback')
  const { browser, away } = await leaveForProvider(house, house.cinema, '/')
  const { url: callback } = await browser.follow(away, (at) => at.pathname === '/callback')
  callback.searchParams.set('code', stolen.searchParams.get('code') ?? '')
  expect((await browser.go(callback)).status).toBe(400)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(401)
})

test('J26: after the callback no address holds a code or a state, and nothing is kept or passed on', async () => {
  const { browser, away } = await leaveForProvider(house, house.cinema, '/films/9')
  const { url: callback } = await browser.follow(away, (at) => at.pathname === '/callback')
  let next: URL | undefined = callback
  for (let hops = 0; next !== undefined && hops < 5; hops++) {
    const answer = await browser.go(next)
    const location = answer.headers.get('location')
    if (location === null) break
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('same-origin')
    next = new URL(location, next)
    expect([next.searchParams.get('code'), next.searchParams.get('state')]).toEqual([null, null])
  }
  expect(next?.href).toBe(`${house.cinema}/films/9`)
})

test('J25 J34: presses lead on by 303 alone, and looking changes nothing', async () => {
  const tv = await openOnTelevision(house)
  const phone = await signedInPhone(house)
  const page = await openForm(phone, tv.link, 'decision')
  const me = await openForm(phone, `${house.door}/me`)
  const token = me.fields['token'] ?? ''
  for (const [path, form] of [
    [page.action.pathname, { ...page.fields, decision: 'sign-in' }],
    [`${page.action.pathname}/other-account`, { token: page.fields['token'] ?? '' }],
    ['/me/revoke', { token, ref: 'x' }],
  ] as const) {
    expect([path, (await phone.go(house.door + path, form)).status]).toEqual([path, 303])
  }
  // Every address that takes a press, asked for without one.
  const query = `?${new URLSearchParams({ ...page.fields, token, decision: 'approve', stay: 'ours', ref: 'x' })}`
  for (const path of [page.action.pathname, '/me/revoke', '/me/revoke-all', '/me/sign-out', '/d']) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'] as const) {
      const { statusCode, body } = await request(`http://127.0.0.1:${house.port}${path}${query}`, {
        method,
        headers: { host: new URL(house.door).host, cookie: phone.cookies('door.localhost'), accept: 'text/html' },
      })
      await body.dump()
      expect([method, path, statusCode < 500]).toEqual([method, path, true])
    }
  }
  expect((await tv.collect()).headers.get('set-cookie')).toBeNull()
  expect((await phone.go(`${house.door}/me`)).status).toBe(200)
})

test('J14 J16 J17: a token of the provider is no session, wherever it is put', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
  const names = browser
    .cookies('cinema.localhost')
    .split('; ')
    .map((pair) => pair.split('=')[0])
  for (const token of provider.secrets) {
    const encoded = encodeURIComponent(token)
    const fields = [`Authorization: Bearer ${token}`, `Cookie: ${names.map((name) => `${name}=${token}`).join('; ')}`]
    for (const field of fields) {
      const head = `GET /?access_token=${encoded}&id_token=${encoded} HTTP/1.1\r\nHost: ${new URL(house.cinema).host}\r\n`
      const answer = await sendRaw(house.port, `${head}Connection: close\r\n${field}\r\n\r\n`)
      expect([token, field, answer.status]).toEqual([token, field, 401])
      expect(answer.all('www-authenticate')).toEqual(['Entryphone realm="cinema"'])
    }
    const posted = await createDesktop().go(`${house.cinema}/`, { access_token: token })
    expect(posted.status).toBe(401)
  }
})

test('J21 J22 J40: the provider can push nothing: no logout, no posted response, no refresh', async () => {
  const { browser } = await signInOnDesktop(house, house.cinema)
  const phone = await signedInPhone(house)
  const form = { logout_token: 'eyJhbGciOiJub25lIn0.e30.', state: 'x', code: 'x', iss: house.issuer.issuer }
  for (const path of [
    '/callback',
    '/backchannel-logout',
    '/back-channel-logout',
    '/logout',
    '/frontchannel-logout',
    '/sign-in',
  ]) {
    const { status, headers } = await phone.go(house.door + path, form)
    expect([path, status, headers.getSetCookie()]).toEqual([path, 404, []])
  }
  // A picture on another site asks for it, as a front-channel logout would; a person is asked first.
  for (const url of [
    `${house.cinema}/.entryphone/auth/sign-out?iss=x&sid=x`,
    `${house.door}/me/sign-out`,
    `${house.door}/logout`,
  ]) {
    await browser.go(url, undefined, {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'image',
      'sec-fetch-mode': 'no-cors',
    })
    await phone.go(url, undefined, {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-dest': 'image',
      'sec-fetch-mode': 'no-cors',
    })
  }
  expect((await browser.go(`${house.cinema}/`)).status).toBe(200)
  expect((await phone.go(`${house.door}/me`)).status).toBe(200)
  for (const { query } of asked('/authorize')) expect(query.get('scope')).not.toContain('offline_access')
})
