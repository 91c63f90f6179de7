import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { loopbackLookup } from '../src/demo/loopback.ts'
import { signInOnDesktop } from '../test/support/desktop.ts'
import type { House } from '../test/support/house.ts'
import { letTelevisionIn } from '../test/support/let-in.ts'
import type { Person } from '../test/support/person.ts'
import { readForm } from '../test/support/phone.ts'
import { openSocket } from '../test/support/socket.ts'
import { MARK } from './app.ts'
import type { Tally } from './tally.ts'

/** Everybody who uses the house at once; each goes on until `over`. */
export type Crowd = { house: House; tally: Tally; over: AbortSignal }

const PATIENCE_MS = 20_000
const FILM_BYTES = 8_000_000
const UPLOAD_BYTES = 500_000

/** Somebody at a desktop: small answers, a film and an upload now and then. Loses the session never. */
export async function browse(crowd: Crowd, pauseMs: number): Promise<void> {
  const { house, over } = crowd
  const { browser } = await signInOnDesktop(house, house.library)
  const cookie = browser.cookies(new URL(house.library).hostname)
  const agent = new Agent({ connect: { lookup: loopbackLookup } })
  for (let turn = 0; !over.aborted; turn++) {
    const kind = turn % 40 === 20 ? 'film' : turn % 40 === 30 ? 'upload' : 'page'
    const path = kind === 'film' ? `/film?bytes=${FILM_BYTES}` : '/'
    await attempt(crowd, kind, async () => {
      const answer = await request(house.library + path, {
        dispatcher: agent,
        method: kind === 'upload' ? 'POST' : 'GET',
        headers: { cookie, origin: house.library },
        body: kind === 'upload' ? Buffer.alloc(UPLOAD_BYTES) : null,
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      let bytes = 0
      for await (const chunk of answer.body) bytes += (chunk as Buffer).length
      if (answer.statusCode !== 200 || answer.headers[MARK] === undefined) return `status ${answer.statusCode}`
      return kind === 'film' && bytes !== FILM_BYTES ? 'a part of a film' : undefined
    })
    await rest(pauseMs, over)
  }
  await agent.destroy()
}

/** Nobody in particular, who must never see anything of the app: challenges, broken cookies, half messages. */
export async function knock(crowd: Crowd): Promise<void> {
  const { house, tally, over } = crowd
  const agent = new Agent({ connect: { lookup: loopbackLookup } })
  for (let turn = 0; !over.aborted; turn++) {
    await attempt(crowd, 'challenge', async () => {
      const answer = await request(`${house.library}/film?bytes=${turn}`, {
        dispatcher: agent,
        headers: {
          accept: 'text/html',
          cookie: `a=b; ${'entryphone-'.padEnd(20, '0')}=${turn}`,
          'user-agent': `Mozilla/5.0 (Web0S; Linux/SmartTV) ${turn}`,
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      await answer.body.dump()
      if (answer.headers[MARK] !== undefined) tally.never('the app answered somebody without a session')
      return answer.statusCode === 401 ? undefined : `status ${answer.statusCode}`
    })
    await rest(100, over)
  }
  await agent.destroy()
}

/** A WebSocket that says something every second and wants it back; opened again when it is cut. */
export async function talk(crowd: Crowd): Promise<void> {
  const { house, tally, over } = crowd
  const { browser } = await signInOnDesktop(house, house.library)
  while (!over.aborted) {
    await attempt(crowd, 'socket', async () => {
      const socket = await openSocket(browser, house.library)
      const closed = once(socket, 'close').then(() => 'closed')
      socket.on('error', () => undefined)
      while (!over.aborted) {
        socket.send('are you there?')
        const answered = once(socket, 'message').then(() => 'answered')
        const what = await Promise.race([answered, closed, rest(PATIENCE_MS, over)])
        if (what !== 'answered') return what ?? 'no answer'
        tally.done('echo')
        await rest(1000, over)
      }
      socket.terminate()
      return undefined
    })
    await rest(1000, over)
  }
}

/** An event stream that is never left alone for long; opened again when it ends. */
export async function listenIn(crowd: Crowd): Promise<void> {
  const { house, tally, over } = crowd
  const { browser } = await signInOnDesktop(house, house.library)
  const headers = { cookie: browser.cookies(new URL(house.library).hostname), accept: 'text/event-stream' }
  const agent = new Agent({ connect: { lookup: loopbackLookup }, bodyTimeout: PATIENCE_MS })
  while (!over.aborted) {
    await attempt(crowd, 'stream', async () => {
      const answer = await request(`${house.library}/events`, { dispatcher: agent, headers, signal: over })
      for await (const _event of answer.body) tally.done('event')
      return 'ended'
    })
    await rest(1000, over)
  }
  await agent.destroy()
}

/** Televisions that are let in and signed out again, one after another. */
export async function letIn(crowd: Crowd): Promise<void> {
  const { house, tally, over } = crowd
  while (!over.aborted) {
    let tv: Person | undefined
    await attempt(crowd, 'television', async () => {
      const entered = await letTelevisionIn(house)
      tv = entered.tv.browser
      const inside = await tv.go(house.cinema)
      if (inside.status !== 200) return `status ${inside.status} after being let in`
      const me = await (await entered.phone.go(`${house.door}/me`)).text()
      const form = readForm(new URL(`${house.door}/me`), me)
      await entered.phone.go(form.action, form.fields)
      return undefined
    })
    await rest(5000, over)
    if (tv !== undefined && (await statusOf(tv, house.cinema)) === 200)
      tally.never('a screen that was signed out is still inside')
  }
}

async function statusOf(browser: Person, url: string): Promise<number | undefined> {
  return browser.go(url).then(
    ({ status }) => status,
    () => undefined,
  )
}

/** Counts one try; `run` says what is wrong with the answer. What the end itself breaks off is not counted. */
async function attempt({ tally, over }: Crowd, kind: string, run: () => Promise<string | undefined>): Promise<void> {
  const wrong = await run().catch((error: unknown) => nameOf(error))
  if (over.aborted) return
  if (wrong === undefined) tally.done(kind)
  else tally.lost(kind, wrong)
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? code : error.name
}

/** Sleeps unless it is over. */
export async function rest(ms: number, over: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: over }).catch(() => undefined)
}
