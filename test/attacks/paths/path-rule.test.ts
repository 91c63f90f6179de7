import { expect, test } from 'vitest'
import { readTarget } from '../../../src/traffic/reading/target.ts'
import { oddTargets, plainTargets } from '../../support/odd-targets.ts'
import { expectQuick } from '../../support/quick.ts'
import { sendRaw } from '../../support/raw.ts'
import { useTraffic } from '../../support/traffic-harness.ts'

const gate = useTraffic()

/** The status that a signed-in GET of `target` gets, and the target that reached the app. */
async function ask(target: string): Promise<{ status: number; reached: string | undefined }> {
  gate.recorder.clear()
  const { status } = await sendRaw(gate.port, gate.signedIn(`GET ${target}`))
  return { status, reached: gate.recorder.requests[0]?.target }
}

async function refusesAll(targets: readonly string[], status = 400): Promise<void> {
  for (const target of targets)
    expect({ target, ...(await ask(target)) }).toEqual({ target, status, reached: undefined })
}

async function passesAll(targets: readonly string[]): Promise<void> {
  for (const target of targets) expect(await ask(target)).toEqual({ status: 200, reached: target })
}

test('dot segments are refused in every spelling', () => refusesAll(oddTargets.dotSegments))

test('backslashes are refused, raw and encoded', () => refusesAll(oddTargets.backslashes))

test('raw fragments, controls and non-ASCII bytes are refused', () => refusesAll(oddTargets.rawBytes))

test('encoded control bytes are refused', () => refusesAll(oddTargets.encodedControls))

test('malformed escapes and invalid UTF-8 are refused in the path and free in the query', async () => {
  await refusesAll(oddTargets.badEscapes)
  await passesAll(['/?q=%', '/?q=%zz', '/?q=%ff%00', '/?q=a..b/../c', '/?q=\\', '/?/../x'])
})

test('targets that name another host are refused', () => refusesAll(oddTargets.otherHosts))

test('absolute-form for the very host passes as its path', async () => {
  expect(await ask('https://movies.home.example/web/?q=1')).toEqual({ status: 200, reached: '/web/?q=1' })
  expect(await ask('HTTPS://MOVIES.home.example:443?q=1')).toEqual({ status: 200, reached: '/?q=1' })
  await refusesAll([
    'https://movies.home.example//evil/x',
    'https://movies.home.example/../x',
    'https://movies.home.example#x',
  ])
})

test('other spellings of the reserved prefix are refused', async () => {
  await refusesAll(oddTargets.reserved)
  expect((await ask('/.entryphone/auth/start?to=x')).reached).toBeUndefined()
  expect((await sendRaw(gate.port, gate.anonymous('GET /.entryphone/auth/start?to=x'))).body).toBe(
    'threshold movies /.entryphone/auth/start?to=x',
  )
})

test('P17: what only begins like the reserved prefix is the app’s own', () =>
  passesAll([
    '/web/.entryphone/x',
    '/.entryphones/',
    '/.entryphone-x/auth',
    '/.entryphone.x',
    '/.entryphone%20x/auth',
    '/entryphone/',
    '/x?/.entryphone/',
  ]))

test('data in paths passes unchanged', () => passesAll(plainTargets))

test('P2 to P14: without a session no spelling reaches the app', async () => {
  for (const target of [...Object.values(oddTargets).flat(), ...plainTargets]) {
    const { status } = await sendRaw(gate.port, gate.anonymous(`GET ${target}`))
    expect([target, status === 400 || status === 401]).toEqual([target, true])
  }
  expect(gate.recorder.bytes()).toBe('')
})

test('P19: long targets are answered 414 in linear time', async () => {
  expect((await ask(`/${'a'.repeat(8192)}`)).status).toBe(200)
  expect((await ask(`/${'a'.repeat(16_384)}`)).status).toBe(414)
  expect((await ask(`/${'a/'.repeat(5000)}`)).status).toBe(200)
  expect((await ask(`/${'a/'.repeat(10_000)}`)).status).toBe(414)
  expect((await ask(`/${'a'.repeat(64_000)}`)).status).toBe(414)
  expect((await ask(`/${'a'.repeat(1_000_000)}`)).status).toBe(414)
  const begun = performance.now()
  for (const text of [
    `/%25${'25'.repeat(8000)}`,
    `/.${'%2e'.repeat(5000)}`,
    `/${'.;'.repeat(8000)}`,
    `/%2f${'/.a'.repeat(5000)}`,
    `/${'%25'.repeat(5000)}`,
    `/${';'.repeat(16_000)}`,
  ]) {
    readTarget(text, 'https', 'movies.home.example')
  }
  expectQuick('six hostile targets of 16 kB', performance.now() - begun)
})
