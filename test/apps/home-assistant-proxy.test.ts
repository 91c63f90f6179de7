import { FormData } from 'undici'
import { beforeAll, describe, expect, test } from 'vitest'
import { homePort, useFurnishedHome } from '../support/furnished-home.ts'
import { beginLogin, openCommands, signIn, submitLogin, type Way, wayTo } from '../support/home-assistant-client.ts'
import { people } from '../support/home-assistant-people.ts'
import { useHouse } from '../support/house.ts'
import { letTelevisionIn } from '../support/let-in.ts'
import { needPart } from '../support/parts.ts'
import { openRaw, sendRaw } from '../support/raw.ts'

// Home Assistant judges by the addresses that a proxy tells it, and answers 400 to whatever it finds odd about them.

const FAR = '203.0.113.7'
const AT_HOME = '192.168.1.20'
const home = useFurnishedHome()
const house = useHouse({ homePort, trustLoopback: true })
/** One that trusts nobody, so that everybody comes from the proxy. */
const untold = useHouse({ homePort })

describe.skipIf(needPart('home-assistant') === undefined)('Home Assistant, told by the gate', () => {
  let cookie: string
  beforeAll(async () => {
    const { tv } = await letTelevisionIn({ cinema: house.home })
    cookie = tv.browser.cookies('home.localhost')
  })

  /** Through a proxy in front of the gate, which says where somebody comes from. */
  const from = (forwardedFor: string): Way => wayTo(house.home, { cookie, 'x-forwarded-for': forwardedFor })

  async function lastAddress(way: Way): Promise<string | undefined> {
    const commands = await openCommands(way, (await signIn(way, people.anna)).access_token)
    const sessions = await commands.ask<{ is_current: boolean; last_used_ip: string }[]>('auth/refresh_tokens')
    commands.close()
    return sessions.find(({ is_current }) => is_current)?.last_used_ip
  }

  test('knows the address that somebody comes from', async () => {
    expect(await lastAddress(from(FAR))).toBe(FAR)
    expect(await lastAddress(from(`${AT_HOME}, ${FAR}`))).toBe(FAR)
  })

  test('keeps an account for the local network from everybody else, whatever they say of themselves', async () => {
    const login = async (way: Way) => submitLogin(way, (await beginLogin(way)).flow_id, people.entryphone)
    expect(await login(from(AT_HOME))).toMatchObject({ type: 'create_entry' })
    await expect(login(from(FAR))).rejects.toThrow('Login blocked')
    await expect(login(from(`${AT_HOME}, ${FAR}`))).rejects.toThrow('Login blocked')
  })

  test('is told nothing that it would refuse', async () => {
    const odd = [
      [`X-Forwarded-For: ${FAR}`, `X-Forwarded-For: ${AT_HOME}`],
      ['X-Forwarded-For: nonsense'],
      [`X-Forwarded-For: ${FAR}`, 'X-Forwarded-Proto: '],
      [`X-Forwarded-For: ${FAR}`, 'X-Forwarded-Proto: https', 'X-Forwarded-Proto: http'],
      [`X-Forwarded-For: ${FAR}`, 'X-Forwarded-Host: a', 'X-Forwarded-Host: b'],
    ]
    const ask = (port: number, host: string, fields: string[]) =>
      sendRaw(
        port,
        ['GET /auth/providers HTTP/1.1', `Host: ${host}`, ...fields, 'Connection: close', '', ''].join('\r\n'),
      )
    for (const fields of odd) {
      expect([fields, (await ask(homePort ?? 0, 'a.example', fields)).status]).toEqual([fields, 400])
      const through = await ask(house.port, new URL(house.home).host, [...fields, `Cookie: ${cookie}`])
      expect([fields, through.status]).toEqual([fields, 200])
    }
  })

  test('would refuse a gate that its configuration does not name', async () => {
    const lines = ['GET / HTTP/1.1', 'Host: a.example', `X-Forwarded-For: ${FAR}`, 'Connection: close', '', '']
    for (const [address, status] of [
      ['127.0.0.2', '400'],
      ['127.0.0.1', '200'],
    ] as const) {
      const gate = await openRaw(homePort ?? 0, address)
      gate.write(lines.join('\r\n'))
      expect([address, (await gate.closed()).slice(9, 12)]).toEqual([address, status])
    }
  })

  test('takes everybody for a neighbour when the gate was not told of the proxy in front of it', async () => {
    const { tv } = await letTelevisionIn({ cinema: untold.home })
    const cookies = tv.browser.cookies('home.localhost')
    const way = wayTo(untold.home, { cookie: cookies, 'x-forwarded-for': FAR })
    expect((await signIn(way, people.entryphone)).token_type).toBe('Bearer')
  })

  test('takes an upload that is larger than what it takes elsewhere', async () => {
    const way = from(AT_HOME)
    const { access_token } = await signIn(way, people.anna)
    const authorization = `Bearer ${access_token}`
    const size = 20 * 1024 * 1024
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(size).fill(7)]), 'backup.bin')
    const answer = await way.send('/api/file_upload', { method: 'POST', headers: { authorization }, body: form })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ file_id: expect.any(String) })
  })

  test('shows a picture by an address that needs no token of its own to the browsers that the gate lets in alone', async () => {
    const way = from(AT_HOME)
    const { access_token } = await signIn(way, people.owner)
    const authorization = `Bearer ${access_token}`
    const form = new FormData()
    form.set('file', new Blob([pixel], { type: 'image/png' }), 'pixel.png')
    const answer = await way.send('/api/image/upload', { method: 'POST', headers: { authorization }, body: form })
    const { id } = (await answer.json()) as { id: string }
    const picture = `/api/image/serve/${id}/original`
    const shown = await way.send(picture)
    expect(shown.status).toBe(200)
    expect(Buffer.from(await shown.arrayBuffer()).equals(pixel)).toBe(true)
    expect((await wayTo(home.origin).send(picture)).status).toBe(200)
    expect((await wayTo(house.home).send(picture)).status).toBe(401)
  })
})

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==',
  'base64',
)
