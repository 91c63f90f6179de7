import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import type { FrameLocator, Locator, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Demo, startDemo } from '../../src/demo/demo.ts'
import { lanPlaces, localPlaces, type Places, privateAddresses } from '../../src/demo/places.ts'
import { useChromium } from '../support/chromium.ts'
import { needPart } from '../support/parts.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const root = resolve(import.meta.dirname, '../..')
const chromium = needPart('chromium')

describe.skipIf(chromium === undefined)('in a newcomer’s browser', () => {
  const browser = useChromium(chromium)

  /** A room with the demo's television, on which no script error may happen. */
  async function enterRoom(places: Places): Promise<{ room: Page; screen: FrameLocator; errors: string[] }> {
    const demo: Demo = await startDemo(places, await makeTempDir())
    onTestFinished(demo.close)
    const context = await browser().newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
    onTestFinished(() => context.close())
    const errors: string[] = []
    context.on('weberror', (error) => errors.push(error.error().message))
    context.setDefaultTimeout(10_000)
    const room = await context.newPage()
    await room.goto(places.television.origin)
    return { room, screen: room.frameLocator('#screen'), errors }
  }

  /** The window that a press on the drawn phone opens. */
  async function press(room: Page, button: '#scan' | '#mine'): Promise<Page> {
    const [phone] = await Promise.all([room.waitForEvent('popup'), room.click(button)])
    return phone
  }

  async function letIn(room: Page): Promise<void> {
    const phone = await press(room, '#scan')
    const button = (name: string) => phone.getByRole('button', { name })
    await insist(button('Sign in to let this TV in'), button('Continue as Robin'))
    await button('Continue as Robin').click()
    await insist(button('Yes, let it in'), phone.getByRole('heading', { name: 'Done' }))
  }

  /** Presses again while nothing happens, as people do: the page ignores what comes within its first half second. */
  async function insist(button: Locator, next: Locator): Promise<void> {
    for (let tries = 0; tries < 10; tries++) {
      // A press that came late finds its button gone.
      await button.click({ timeout: 2000 }).catch(() => undefined)
      const arrived = await next.waitFor({ timeout: 800 }).then(
        () => true,
        () => false,
      )
      if (arrived) return
    }
    throw new Error(`nothing comes of pressing ${button}`)
  }

  test('a newcomer sees the television being let in, and signs it out again', async () => {
    const { room, screen, errors } = await enterRoom(await localPlaces())
    await screen.locator('img[src*="qr"]').waitFor()
    await letIn(room)
    await screen.locator('#asked').waitFor()
    expect(await screen.locator('#asked').textContent()).toBe('/films/42?t=90')
    expect(
      room
        .frames()
        .find((frame) => frame.name() === 'screen')
        ?.url(),
    ).toMatch(/\/films\/42\?t=90$/)
    await screen.locator('#live.on').waitFor()

    await room.click('#power')
    await screen.locator('#live.on').waitFor()

    const list = await press(room, '#mine')
    await list.getByRole('button', { name: /^Sign out .*TV/ }).click()
    await screen.locator('img[src*="qr"]').waitFor()
    expect(errors).toEqual([])
  })

  test('the demo for other devices works from one address with a port for each part', async () => {
    const { room, screen, errors } = await enterRoom(await lanPlaces(['127.0.0.1']))
    await screen.locator('img[src*="qr"]').waitFor()
    await letIn(room)
    await screen.locator('#live.on').waitFor()
    expect(errors).toEqual([])
  })
})

test('the demo command says what to open, and leaves nothing behind', async () => {
  const command = spawn(process.execPath, [resolve(root, 'src/main.ts'), 'demo'], { cwd: root })
  onTestFinished(() => void command.kill('SIGKILL'))
  const text = await outputUntil(command, 'Ctrl-C ends the demo')
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(12)
  expect(text).toMatch(/1 {2}http:\/\/tv\.localhost:\d+ /)
  const config = /Its config is (\S+)\./.exec(text)?.[1] ?? ''
  expect(existsSync(resolve(root, config))).toBe(true)
  // A terminal and npm both pass on a Ctrl-C.
  command.kill('SIGINT')
  command.kill('SIGINT')
  expect(await once(command, 'exit')).toEqual([0, null])
  expect(existsSync(resolve(root, config))).toBe(false)
})

test('the demo moves to other ports when some are taken', async () => {
  const first = await localPlaces()
  const stranger = createServer().listen(first.firstPort + 2, '127.0.0.1')
  onTestFinished(() => void stranger.close())
  await once(stranger, 'listening')
  const second = await localPlaces()
  expect(second.firstPort).toBeGreaterThan(first.firstPort)
  expect(second.firstPort % 10).toBe(0)
})

test('the demo for other devices picks a private address, home networks first', () => {
  const [loopback] = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  if (loopback === undefined) throw new Error('this machine has no network interface')
  const at = (address: string, internal = false) => [
    { ...loopback, family: 'IPv4' as const, internal, address, cidr: null },
  ]
  const interfaces = {
    lo: at('127.0.0.1', true),
    docker: at('172.17.0.1'),
    vpn: at('10.8.0.2'),
    public: at('203.0.113.7'),
    wifi: at('192.168.1.5'),
  }
  expect(privateAddresses(interfaces)).toEqual(['192.168.1.5', '10.8.0.2', '172.17.0.1'])
})

async function outputUntil(command: ChildProcess, needle: string): Promise<string> {
  let text = ''
  for await (const chunk of command.stdout ?? []) {
    text += chunk
    if (text.includes(needle)) return text
  }
  throw new Error(`the command ended early: ${text}`)
}
