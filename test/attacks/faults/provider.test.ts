import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { useFaultHouse } from '../../support/fault-house.ts'
import { startGatewayProcess } from '../../support/gateway-process.ts'
import { type Issuer, startIssuer } from '../../support/issuer.ts'
import { letTelevisionIn } from '../../support/let-in.ts'
import type { Person } from '../../support/person.ts'
import { freePort } from '../../support/ports.ts'
import { linkIn } from '../../support/television.ts'
import { makeTempDir } from '../../support/temp-dir.ts'

const stage = await useFaultHouse()
const { house } = stage
let another: Issuer | undefined
afterAll(() => another?.close())

/** Where somebody new ends who wants to sign in: what they read, and with which status. */
async function signIn(browser: Person = createDesktop()): Promise<{ status: number | undefined; text: string }> {
  const challenge = await browser.go(`${house.library}/`)
  const start = new URL(linkIn(await challenge.text()), house.library)
  const { response } = await browser.follow(start, (at) => at.origin === house.issuer.issuer)
  return { status: response?.status, text: (await response?.text()) ?? 'led to the provider' }
}

/** What a person reads while the provider does not answer. */
async function expectExplained(): Promise<void> {
  const { status, text } = await signIn()
  expect([status, /<h1>(.*?)<\/h1>/s.exec(text)?.[1]]).toEqual([503, 'Signing in has to wait'])
  expect(text).not.toMatch(/ECONN|fetch failed|127\.0\.0\.1:\d+ /)
}

test('N4: a provider that answers with errors keeps out whoever is new, and nobody else', async () => {
  const losses = await stage.traffic.count('provider answers 500', async (more) => {
    house.issuer.setOption('failWith', 500)
    // The code in somebody's hand is answered with an error.
    const { browser, url, html } = await signInOnDesktop(house, house.library).catch((error: Error) => ({
      browser: createDesktop(),
      url: undefined,
      html: error.message,
    }))
    expect([url?.origin, html]).not.toContain(house.library)
    expect((await browser.go(`${house.library}/`)).status).toBe(401)
    await more(20)
    house.issuer.setOption('failWith', undefined)
  })
  expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
  expect((await signInOnDesktop(house, house.library)).url.origin).toBe(house.library)
})

test('N4: a provider that is gone at the start is waited for; when it is back, people sign in', async () => {
  await house.issuer.close()
  await house.restart()
  const losses = await stage.traffic.count('provider gone at the start', async () => {
    await expectExplained()
    await expect.poll(() => house.log().join('\n')).toContain('"event":"provider_unreachable"')
    await startAnother()
    expect((await signInOnDesktop(house, house.library)).url.origin).toBe(house.library)
  })
  expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
})

async function startAnother(): Promise<void> {
  const { port, redirectUris } = house.issuer
  another = await startIssuer({ port, hostname: '127.0.0.1', redirectUris })
}

test('N4: a provider that accepts and never answers is given up, and holds nobody up who is signed in', async () => {
  await another?.close()
  another = undefined
  const silent = createServer((socket) => void socket.on('error', () => undefined))
  silent.listen(house.issuer.port, '127.0.0.1')
  await once(silent, 'listening')
  await house.restart()
  const losses = await stage.traffic.count('provider never answers', expectExplained)
  silent.close()
  expect(losses).toMatchObject({ lost: 0, unauthorised: 0 })
  await startAnother()
  expect((await signInOnDesktop(house, house.library)).url.origin).toBe(house.library)
})

test("N3: an app whose name cannot be found is down, and no other app with it; a provider's name is no reason not to start", async () => {
  const { tv } = await letTelevisionIn(house)
  const dir = await makeTempDir()
  const port = await freePort()
  const text = readFileSync(house.configFile, 'utf8').replace(
    `listen: 127.0.0.1:${house.port}`,
    `listen: 127.0.0.1:${port}`,
  )
  const start = async (name: string, config: string) => {
    writeFileSync(join(dir, name), config)
    const gateway = await startGatewayProcess(join(dir, name), { CLIENT_SECRET: house.issuer.clientSecret })
    onTestFinished(gateway.kill)
    return gateway
  }
  const first = await start(
    'app.yaml',
    text.replace(/(cinema:\n.*\n {4}upstream: http:\/\/)127\.0\.0\.1/, '$1cinema.invalid'),
  )
  const ask = (host: string, cookie = '') =>
    tv.browser.go(`http://127.0.0.1:${port}/`, undefined, { host: new URL(host).host, cookie })
  const cinema = await ask(house.cinema, tv.browser.cookies('cinema.localhost'))
  expect([cinema.status, (await cinema.text()).includes('cinema.invalid')]).toEqual([502, false])
  const { browser } = await signInOnDesktop(house, house.library)
  expect((await ask(house.library, browser.cookies('library.localhost'))).status).toBe(200)
  await first.close()

  const second = await start(
    'id.yaml',
    text
      .replace(`issuer: ${house.issuer.issuer}`, 'issuer: https://id.invalid')
      .replace(/data_dir: .*/, `data_dir: ${dir}`),
  )
  const me = await createDesktop().go(`http://127.0.0.1:${port}/me`, undefined, { host: new URL(house.door).host })
  expect(me.status).toBe(503)
  await expect.poll(() => second.lines.join('\n')).toContain('"event":"provider_unreachable"')
})
