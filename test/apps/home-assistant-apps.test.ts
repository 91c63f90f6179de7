import { createHmac } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { ANDROID, askForApp, PIXEL } from '../support/contract-home/companion.ts'
import { authorizeTarget, codeIn, enterHome, look, redeemAs } from '../support/contract-home/enter.ts'
import { signInOnDesktop } from '../support/desktop.ts'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { openCommands, postJson, signIn, wayTo } from '../support/home-assistant-client.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn, signedInPhone } from '../support/let-in.ts'
import { needPart } from '../support/parts.ts'
import type { Person } from '../support/person.ts'
import { signOutFirst } from '../support/phone.ts'
import { useSessionsThere } from '../support/sessions-there.ts'
import { waitsFor } from '../support/waits.ts'

// What a real Home Assistant says to what the attacks try on its contract: its apps, its second factor, its proof of who is who.

vi.setConfig({ testTimeout: 60_000 })
const home = useFurnishedHome()
const there = useSessionsThere(home)
const house = useHouse({
  homePort,
  homeLines: () => `${there.lines({ robin: 'anna', sam: 'tina' })}    learn_webhooks: false\n`,
})
const cinema = {
  get cinema() {
    return house.home
  },
}

describe.skipIf(needPart('home-assistant') === undefined)('a real Home Assistant', () => {
  const desk = async (person: string) => (await signInOnDesktop(house, house.home, '/', person)).browser
  const typeIn = async (browser: Person, clientId: string, username: string, password: string) => {
    const way = wayTo(house.home, { cookie: browser.cookies('home.localhost'), origin: house.home })
    const begin = { client_id: clientId, handler: ['homeassistant', null], redirect_uri: clientId }
    const { flow_id } = await postJson<{ flow_id: string }>(way, '/auth/login_flow', begin)
    const typed = { client_id: clientId, username, password }
    return postJson<{ result: string; type: string; step_id: string }>(way, `/auth/login_flow/${flow_id}`, typed)
  }

  test('lets its app in by a press, lists it, takes its webhook, and has forgotten it after "sign out"', async () => {
    const browser = await desk('Robin')
    const { yes } = await askForApp(house.home, browser)
    const began = performance.now()
    const code = codeIn(await look(browser, yes)) ?? ''
    console.log(`a code of a real Home Assistant: ${(performance.now() - began).toFixed(0)} ms`)
    const { tokens } = await redeemAs(cinema, undefined, { grant_type: 'authorization_code', client_id: ANDROID, code })
    const token = tokens.access_token ?? ''
    const way = wayTo(house.home, PIXEL)
    const registration = {
      device_id: 'pixel',
      app_id: 'io.homeassistant.companion.android',
      app_name: 'Home Assistant',
      app_version: '2025.4.2',
      device_name: 'Pixel 9',
      manufacturer: 'Google',
      model: 'Pixel 9',
      os_name: 'Android',
      os_version: '35',
      supports_encryption: false,
    }
    const registered = await postJson<{ webhook_id: string }>(way, '/api/mobile_app/registrations', registration, token)
    const call = async () => {
      const body = JSON.stringify({ type: 'get_config' })
      const headers = { 'content-type': 'application/json' }
      const answer = await wayTo(house.home).send(`/api/webhook/${registered.webhook_id}`, {
        method: 'POST',
        headers,
        body,
      })
      return answer.status === 200 ? ((await answer.json()) as { version?: string }).version : answer.status
    }
    expect(await call()).toBe('2025.4.4')
    const commands = await openCommands(way, token)
    const listed = await commands.ask<{ client_id: string }[]>('auth/refresh_tokens')
    expect(listed.map((one) => one.client_id)).toContain(ANDROID)
    const phone = await signedInPhone(house)
    await signOutFirst(house.door, phone)
    await commands.closed
    expect(await call()).toBe(401)
    expect((await way.send('/api/', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
    const there = await openCommands(wayTo(home.origin), (await signIn(wayTo(home.origin), people.anna)).access_token)
    const left = await there.ask<{ client_id: string | null }[]>('auth/refresh_tokens')
    expect(left.map((one) => one.client_id)).not.toContain(ANDROID)
    there.close()
  })

  test('what entering costs, beside its own answers', async () => {
    const browser = await desk('Robin')
    const enter = async () => expect(codeIn(await look(browser, house.home + authorizeTarget(cinema)))).toBeDefined()
    const all = [await waitsFor(home.origin, enter), await waitsFor(home.origin, enter)]
    const adds = ({ took, waited }: (typeof all)[number]) => took - waited
    // The better of two: other tests run at the same time.
    const [best = { took: 0, waited: 0 }] = all.sort((a, b) => adds(a) - adds(b))
    const added = `${adds(best).toFixed(0)} ms to its own ${best.waited.toFixed(0)}`
    console.log(`Home Assistant: entering adds no page and ${added}`)
    expect(best.waited).toBeGreaterThan(0)
    // The goal is 300 ms on a machine of its own.
    expect(adds(best)).toBeLessThan(5000)
  })

  test('gives a code to any site, and the gate asks it for none', async () => {
    const { tv } = await letTelevisionIn(cinema)
    const evil = 'https://evil.example/'
    expect(await typeIn(tv.browser, evil, ...byName('ben'))).toMatchObject({ type: 'create_entry' })
    const answer = await look(tv.browser, house.home + authorizeTarget(cinema, { client_id: evil, redirect_uri: evil }))
    expect([answer.status, codeIn(answer)]).toEqual([200, undefined])
  })

  test("an administrator's password opens a desk and no screen", async () => {
    const { tv } = await letTelevisionIn(cinema)
    const redeem = async (browser: Person) => {
      const { result } = await typeIn(browser, `${house.home}/`, ...byName('owner'))
      return (await redeemAs(cinema, browser, { grant_type: 'authorization_code', code: result })).status
    }
    expect(await redeem(tv.browser)).toBe(400)
    expect(await redeem(await desk('Robin'))).toBe(200)
  })

  test('asks for a second factor itself, and no name is left; switched off, there is no way in at all', async () => {
    const { users } = home
    const admin = await openCommands(wayTo(home.origin), home.adminToken)
    const tina = await signIn(wayTo(home.origin), people.tina)
    const own = await openCommands(wayTo(home.origin), tina.access_token)
    type Setup = { flow_id: string; description_placeholders: { code: string } }
    const setup = await own.ask<Setup>('auth/setup_mfa', { mfa_module_id: 'totp' })
    const code = totp(setup.description_placeholders.code)
    await own.ask('auth/setup_mfa', { flow_id: setup.flow_id, user_input: { code } })
    const browser = await desk('Sam')
    const target = house.home + authorizeTarget(cinema)
    const page = await look(browser, target)
    expect([page.status, codeIn(page)]).toEqual([200, undefined])
    expect(await typeIn(browser, `${house.home}/`, ...byName('tina'))).toMatchObject({ type: 'form', step_id: 'mfa' })
    await own.ask('auth/depose_mfa', { mfa_module_id: 'totp' })
    expect((await enterHome(cinema, browser)).tokens.token_type).toBe('Bearer')
    await admin.ask('config/auth/update', { user_id: users.tina, is_active: false })
    expect((await look(browser, target)).headers.get('location')).toContain('failed=disabled')
    await admin.ask('config/auth/update', { user_id: users.tina, is_active: true })
    await expect.poll(() => there.leftovers()).toEqual([])
    for (const one of [own, admin]) one.close()
  })

  test('makes nobody somebody else whom the operator has named, and keeps nothing of the try', async () => {
    const browser = await desk('Robin')
    const begun = await look(browser, `${house.home}/.entryphone/auth/prove`)
    const asked = new URL(begun.headers.get('location') ?? '', house.home).searchParams
    const { result } = await typeIn(browser, asked.get('client_id') ?? '', ...byName('ben'))
    const back = new URLSearchParams({ code: result, state: asked.get('state') ?? '' })
    const proved = await look(browser, `${asked.get('redirect_uri')}?${back}`)
    expect(proved.status).toBe(403)
    expect(await there.sessionsOf('ben', house.home)).toEqual([])
  })
})

const byName = (name: keyof typeof people): [string, string] => [people[name].username, people[name].password]

/** RFC 6238 with its usual numbers. */
function totp(secret: string): string {
  const bits = [...secret]
    .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = (hash.at(-1) as number) & 0xf
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
