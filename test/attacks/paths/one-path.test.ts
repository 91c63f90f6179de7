import { afterEach, expect, test } from 'vitest'
import { needPart } from '../../support/parts.ts'
import { openRaw } from '../../support/raw.ts'
import { seeded } from '../../support/seeded.ts'
import type { StaticApp } from '../../support/static-apps.ts'
import { layOutFiles, OUTSIDE, SHADOW, startNginxOf, startPythonOf } from '../../support/static-apps.ts'
import { makeTempDir } from '../../support/temp-dir.ts'
import type { TrafficHarness } from '../../support/traffic-harness.ts'
import { startTraffic } from '../../support/traffic-harness.ts'

const nginx = needPart('nginx')
const python = needPart('python3')

let gate: TrafficHarness
afterEach(() => gate.close())

// biome-ignore format: pieces by the line
const pieces = [
  '/', '/', '/', '/', '//', 'a', 'web', 'secret', 'public', '.', '..', '...', '.a', 'a.', '%2e', '%2E', '%2e%2e', '.%2e',
  '%252e', '%2f', '%2F', '%5c', '\\', ';', ';x=1', '..;', ';/..', '%3b', '%00', '%0a', '%7f', '%20', '%', '%z', '%c3%a9',
  '%e9', '%c0%ae', '%ff', '%ef%bc%8e', '%ef%bc%8f', '%c4%b0', '%23', '%3f', '%25%32%65', '#', '?', '?q=', '&x=..', '*', ':',
  '@', '~', '!', '$', '+', ',', '=', '|', '^', '`', '{', '}', '"', '<', '>', '.entryphone', '.ENTRYPHONE',
  '%2eentryphone', '.entry%70hone', '.entryphone;x', '%252eentryphone', '::$DATA',
]

/** Different targets of the pieces above. A few are no path at all, or hold a raw byte: Node's parser gives those up. */
function inventTargets(seed: number, count: number): string[] {
  const random = seeded(seed)
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] as string
  const targets = new Set<string>()
  while (targets.size < count) {
    const text = Array.from({ length: 1 + Math.floor(random() * 9) }, () => pick(pieces)).join('')
    const odd = random()
    targets.add(odd < 0.01 ? text : odd < 0.02 ? `/${text}${pick(['\x7f', '\xe9', '\x01', '\0'])}` : `/${text}`)
  }
  return [...targets]
}

/** The status for each target, and everything that came; ten at a time on a connection where that goes. */
async function askAll(targets: readonly string[], cookie: string): Promise<{ statuses: number[]; bytes: string }> {
  const statuses: number[] = []
  const received: string[] = []
  const isAlone = (target = '') => !/^\/[\x21-\x7e]*$/.test(target)
  for (let at = 0; at < targets.length; ) {
    const batch = [targets[at++] as string]
    while (batch.length < 10 && at < targets.length && !isAlone(batch[0]) && !isAlone(targets[at]))
      batch.push(targets[at++] as string)
    const texts = batch.map((target) => `GET ${target} HTTP/1.1\r\nHost: movies.home.example\r\n${cookie}`)
    const client = await openRaw(gate.port)
    client.write(`${texts.join('\r\n')}Connection: close\r\n\r\n`)
    const answers = await client.closed()
    received.push(answers)
    statuses.push(...[...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)))
    expect(statuses.length).toBe(at)
  }
  return { statuses, bytes: received.join('') }
}

/** What went on to the app, of targets that were asked for with a session: nothing is ours, and nothing was refused. */
function passedOf(targets: readonly string[], statuses: readonly number[]): string[] {
  return targets.filter((target, index) => statuses[index] !== 400 && !target.startsWith('/.entryphone/'))
}

/** Another reading of a target than ours, on purpose: by the URL parser, after one decoding and a few foldings. */
function resolvesElsewhere(target: string): boolean {
  const path = target.split('?', 1)[0] as string
  const decoded = decodeURIComponent(path)
  if (/(^|[/\\])\.\.?(;[^/\\]*)?([/\\]|$)/.test(decoded)) return true
  if ([...decoded].some((char) => char === '\\' || char < ' ' || char === '\x7f')) return true
  const url = new URL(target, 'http://movies.home.example')
  if (url.host !== 'movies.home.example' || url.pathname.length < path.length) return true
  return /^\/*\.entryphone(;|\/|$)/i.test(decoded)
}

const signedIn = () => `Cookie: ${gate.cookie}\r\n`

test('promise 1: the bytes forwarded are the bytes judged', { timeout: 120_000 }, async () => {
  gate = await startTraffic()
  const targets = inventTargets(20_261_126, 25_000)
  const { statuses } = await askAll(targets, signedIn())
  const passed = passedOf(targets, statuses)
  expect(gate.recorder.requests.map(({ target }) => target)).toEqual(passed)
  expect(passed.filter(resolvesElsewhere)).toEqual([])
  // A rule that refuses everything would hold the promise as well.
  expect(passed.length).toBeGreaterThan(2500)
  gate.recorder.clear()
  const strangers = targets.filter((target) => !target.startsWith('/.entryphone/')).slice(0, 5000)
  expect(new Set((await askAll(strangers, '')).statuses)).toEqual(new Set([400, 401]))
  expect(gate.recorder.bytes()).toBe('')
})

/**
 * Another server's own reading of every path that goes on: it is the one that was judged, decoded; slashes that
 * follow each other are one, and none counts at the end. Nothing outside of its folder is served, nor what stands in our place.
 */
async function agreesWith(start: (dir: string) => Promise<StaticApp>, count: number): Promise<void> {
  const dir = await makeTempDir()
  layOutFiles(dir)
  const served = await start(dir)
  try {
    gate = await startTraffic({ app: { upstream: served.url } })
    const targets = inventTargets(17, count)
    await askAll(targets, '')
    expect(served.understood()).toEqual([])
    const known = ['/secret', '/a', '/web/a', '/public/secret', '/.a', '/public%2fsecret']
    const { statuses, bytes } = await askAll([...known, ...targets], signedIn())
    const passed = passedOf([...known, ...targets], statuses)
    expect(statuses.slice(0, known.length)).toEqual(known.map(() => 200))
    const understood = served.understood().map(({ target, path }) => ({ target, path: plain(path) }))
    expect(understood).toEqual(passed.map((target) => ({ target, path: plain(judged(target)) })))
    expect(bytes).not.toContain(OUTSIDE)
    expect(bytes).not.toContain(SHADOW)
  } finally {
    await served.close()
  }
}

const judged = (target: string) => decodeURIComponent(target.split('?', 1)[0] as string)
const plain = (path: string) => path.replaceAll(/\/+/g, '/').replace(/\/$/, '')

test.skipIf(nginx === undefined)('P1: nginx looks for the path that was judged', { timeout: 60_000 }, () =>
  agreesWith((dir) => startNginxOf(nginx as string, dir), 5000),
)

test.skipIf(python === undefined)('P1: Python looks for the path that was judged', { timeout: 60_000 }, () =>
  agreesWith((dir) => startPythonOf(python as string, dir), 2500),
)
