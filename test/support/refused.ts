import { expect } from 'vitest'
import { cookieNames } from '../../src/sessions/cookies.ts'
import { countResponses, sendRaw } from './raw.ts'
import type { TrafficHarness } from './traffic-harness.ts'

/** For hiding in the body of another request: of somebody who is signed in at the harness, so that the app would see it. */
export const hidden = `GET /hidden HTTP/1.1\r\nHost: movies.home.example\r\nCookie: ${cookieNames(true, 'movies.home.example').session}=movies-session\r\n\r\n`

/** Wants one refusal with one of these statuses, the connection closed, and nothing at the app. */
export async function expectRefused(gate: TrafficHarness, bytes: string, statuses: readonly number[]): Promise<void> {
  // A connection to the app waits for use, so that whatever goes on is there at once.
  await sendRaw(gate.port, gate.signedIn('GET /warm'))
  gate.recorder.clear()
  const answer = await sendRaw(gate.port, bytes)
  expect(statuses, JSON.stringify(bytes)).toContain(answer.status)
  expect(countResponses(answer.bytes)).toBe(1)
  expect(gate.recorder.bytes()).toBe('')
}
