import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { House } from './house.ts'
import type { Person } from './person.ts'
import type { Recorder } from './recorder.ts'

/** What came of requests: how many had each status, or no answer at all. */
export type Outcomes = Record<string, number>

/** What people noticed of a fault. */
export type Losses = {
  signedIn: Outcomes
  strangers: Outcomes
  /** Requests of people who are signed in that did not bring the app. */
  lost: number
  /** Requests without a session of theirs that were answered with 2xx, or that the app has seen. */
  unauthorised: number
}

export type FaultTraffic = {
  /**
   * Keeps asking, as people who are signed in and as strangers, while `fault` runs and until every signed-in person
   * gets the app again; prints what came of it. Fails when that takes too long. `fault` may wait until
   * so many more requests of people who are signed in are over.
   */
  count(name: string, fault: (more: (requests: number) => Promise<void>) => Promise<unknown>): Promise<Losses>
  close(): Promise<void>
}

const EVERY_MS = 10
const GIVE_UP_MS = 6000
const PATIENCE_MS = 15_000
/** Answers in a row that show that it is over. */
const WELL = 10

/**
 * Traffic to the app `library` of a house, whose upstream is `recorder`: a request of somebody signed in and one of a
 * stranger every ten milliseconds. Strangers have no cookie, or one of another app, of another browser, or made up.
 */
export function createFaultTraffic(house: House, recorder: Recorder, people: readonly Person[]): FaultTraffic {
  const agent = new Agent({ connections: 64, pipelining: 1 })
  const host = new URL(house.library).host
  const cookies = people.map((person) => person.cookies('library.localhost'))
  const wrong = ['', ...cookies.map((cookie) => cookie.replaceAll(/=..../g, '=AAAA')), 'entryphone=x']

  async function ask(path: string, cookie: string): Promise<string> {
    const headers = { host, accept: 'application/json', ...(cookie !== '' && { cookie }) }
    const signal = AbortSignal.timeout(GIVE_UP_MS)
    try {
      const answer = await request(`http://127.0.0.1:${house.port}${path}`, { dispatcher: agent, headers, signal })
      await answer.body.dump()
      return String(answer.statusCode)
    } catch {
      return 'none'
    }
  }

  return {
    async count(name, fault) {
      const losses: Losses = { signedIn: {}, strangers: {}, lost: 0, unauthorised: 0 }
      const running = new Set<Promise<void>>()
      let well = 0
      let answered = 0
      const waiting = new Set<{ until: number; resolve(): void }>()
      recorder.clear()

      function start(kind: 'signedIn' | 'strangers', i: number, cookie: string): void {
        const asked = ask(`/${kind}/${i}`, cookie).then((outcome) => {
          losses[kind][outcome] = (losses[kind][outcome] ?? 0) + 1
          running.delete(asked)
          if (kind === 'strangers') return
          well = outcome === '200' ? well + 1 : 0
          answered += 1
          for (const one of waiting) if (answered >= one.until) one.resolve()
        })
        running.add(asked)
      }

      let over = false
      const more = (requests: number) =>
        new Promise<void>((resolve) => void waiting.add({ until: answered + requests, resolve }))
      const failed = fault(more).finally(() => {
        over = true
        well = 0
      })
      // Whoever waits below meets it; until then it must not be nobody's.
      failed.catch(() => undefined)
      let end = performance.now() + PATIENCE_MS
      for (let i = 0; !over || well < WELL; i++) {
        start('signedIn', i, cookies[i % cookies.length] as string)
        start('strangers', i, wrong[i % wrong.length] as string)
        if (!over) end = performance.now() + PATIENCE_MS
        if (performance.now() > end) throw new Error(`${name}: not over: ${JSON.stringify(losses)}`)
        await pause(EVERY_MS)
      }
      await failed
      await Promise.all(running)
      const total = Object.values(losses.signedIn).reduce((sum, count) => sum + count, 0)
      losses.lost = total - (losses.signedIn['200'] ?? 0)
      const passed = Object.keys(losses.strangers).filter((outcome) => outcome.startsWith('2')).length
      losses.unauthorised = passed + recorder.requests.filter(({ target }) => target.startsWith('/strangers')).length
      console.log(
        `${name}: ${losses.lost} of ${total} lost ${JSON.stringify(losses.signedIn)}, ` +
          `strangers ${JSON.stringify(losses.strangers)}, unauthorised ${losses.unauthorised}`,
      )
      return losses
    },
    close: () => agent.close(),
  }
}
