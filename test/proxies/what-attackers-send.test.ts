import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signInOnDesktop } from '../support/desktop.ts'
import { useFrontedHouse } from '../support/fronted-house.ts'
import { oddFraming } from '../support/odd-framing.ts'
import { oddTargets, plainTargets } from '../support/odd-targets.ts'
import { needPart } from '../support/parts.ts'
import { createPerson } from '../support/person.ts'
import { parseResponse, type RawConnection } from '../support/raw.ts'
import { forwardingNames, identityNames, spellings } from '../support/spoofed-names.ts'
import { DESKTOP } from '../support/television.ts'

const fronts = [
  ['nginx', needPart('nginx')],
  ['haproxy', needPart('haproxy')],
  ['caddy', needPart('caddy')],
] as const

/** Far more than anything here takes to answer; only a proxy that waits for more of a broken request uses it up. */
const PATIENCE_MS = 3000
/** Many, so that they mix on the connections behind the proxy, and wait together. */
const AT_ONCE = 64

/** A proxy may refuse by itself. What may not be: an answer that is somebody else's, and a request that nobody gets an answer to. */
describe.each(fronts)('behind %s', (name, program) => {
  const house = useFrontedHouse(name, program)
  const testHere = test.skipIf(program === undefined)
  let own = ''

  beforeAll(async () => {
    if (program === undefined) return
    const browser = createPerson({ 'user-agent': DESKTOP }, house.connect)
    await signInOnDesktop(house, house.ha, '/', 'Robin', browser)
    own = `Host: ha.home.example\r\nCookie: ${browser.cookies('ha.home.example')}\r\n`
    house.recorder.answer = ({ target }) => `HTTP/1.1 200 OK\r\nX-Target: ${target}\r\nContent-Length: 0\r\n\r\n`
  })
  beforeEach(() => house.recorder?.clear())

  /** Sends bytes on a connection of their own and reads until it is closed, or for as long as our patience lasts. */
  async function send(bytes: string): Promise<string> {
    const client: RawConnection = await house.openRaw(house.ha)
    client.write(bytes)
    const late = new Promise<string>((resolve) => setTimeout(() => resolve(client.received()), PATIENCE_MS).unref())
    const received = await Promise.race([client.closed(), late])
    client.socket.destroy()
    return received
  }

  /** All of them, some at a time; what each was answered. */
  async function sendAll(payloads: readonly string[]): Promise<string[]> {
    const answers: string[] = []
    for (let i = 0; i < payloads.length; i += AT_ONCE)
      answers.push(...(await Promise.all(payloads.slice(i, i + AT_ONCE).map(send))))
    return answers
  }

  const get = (target: string, lines = own) => `GET ${target} HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`
  const targetsIn = (received: string) => [...received.matchAll(/X-Target: (\S+)/gi)].map(([, target]) => target)

  testHere(
    'S1 to S16: each answer belongs to its own request, and nobody gets a hidden one',
    { timeout: 60_000 },
    async () => {
      const count = oddFraming({ path: '', own: '', hidden: '' }).length
      const payloads = Array.from({ length: count }, (_, i) => {
        const hidden = `GET /hidden-${i}- HTTP/1.1\r\n${own}\r\n`
        return oddFraming({ path: `/open-${i}-`, own, hidden })[i] + get(`/last-${i}-`)
      })
      const answers = await sendAll(payloads)
      for (const [i, received] of answers.entries()) {
        const others = targetsIn(received).filter((target) => !target?.includes(`-${i}-`))
        expect([payloads[i], others]).toEqual([payloads[i], []])
        expect([payloads[i], /^HTTP\/1\.1 500/m.test(received)]).toEqual([payloads[i], false])
      }
      // Whatever reached the app was answered to whoever sent it.
      const answered = new Set(answers.flatMap(targetsIn))
      expect(house.recorder.requests.map(({ target }) => target).filter((target) => !answered.has(target))).toEqual([])
      expect(house.recorder.bytes()).not.toMatch(/eve/)
      // No connection between the proxy, us and the app was left with bytes of anybody's.
      const probes = Array.from({ length: 32 }, (_, i) => `/probe-${i}`)
      expect((await sendAll(probes.map((probe) => get(probe)))).map(targetsIn)).toEqual(probes.map((probe) => [probe]))
    },
  )

  testHere('S18: people who share the proxy and its connections get their own answers', async () => {
    const stranger = `Host: ha.home.example\r\n`
    const payloads = Array.from({ length: 200 }, (_, i) => get(`/mine-${i}`, i % 2 === 0 ? own : stranger))
    for (const [i, received] of (await sendAll(payloads)).entries()) {
      expect([i, targetsIn(received)]).toEqual([i, i % 2 === 0 ? [`/mine-${i}`] : []])
      expect([i, parseResponse(received).status]).toEqual([i, i % 2 === 0 ? 200 : 401])
    }
  })

  testHere('S10: a host that is doubled or odd opens nothing', async () => {
    const cookie = own.split('\r\n')[1] ?? ''
    // Two that are equal are one to HAProxy.
    const hosts = [
      '',
      'Host: ha.home.example\r\nHost: evil\r\n',
      'Host: evil\r\nHost: ha.home.example\r\n',
      'Host:\r\n',
      'Host: ha.home.example, evil\r\n',
      'Host: ha.home.example@evil\r\n',
      'Host: evil@ha.home.example\r\n',
      'Host: ha.home.example/evil\r\n',
      'Host: ha.home.example evil\r\n',
      'Host: ha.home.example:abc\r\n',
      'Host: evil\r\nX-Forwarded-Host: evil\r\n',
    ]
    const answers = await sendAll(hosts.map((host) => get('/x', `${host}${cookie}\r\n`)))
    for (const [i, received] of answers.entries()) {
      expect([hosts[i], received]).toEqual([
        hosts[i],
        expect.not.stringMatching(/X-Target|set-cookie|location: (?!https:\/\/ha)/i),
      ])
    }
    expect(house.recorder.requests).toEqual([])
  })

  testHere(
    'P2 to P13: what reaches the app can be read in one way only, and nothing does without a session',
    async () => {
      const odd = Object.values(oddTargets)
        .flat()
        .map((target) => target.replace('movies.home.example', 'ha.home.example'))
      const stranger = 'Host: ha.home.example\r\n'
      await sendAll([...odd, ...plainTargets].map((target) => get(target, stranger)))
      expect(house.recorder.requests).toEqual([])
      await sendAll(odd.map((target) => get(target)))
      const reached = house.recorder.requests.map(({ target }) => target)
      expect(reached.filter(canBeReadOtherwise)).toEqual([])
      house.recorder.clear()
      const answers = await sendAll(plainTargets.map((target) => get(target)))
      const same = (target: string) => decodeURIComponent(target)
      for (const [i, target] of plainTargets.entries()) {
        const [seen = 'none'] = targetsIn(answers[i] ?? '')
        // Some write other characters as escapes; that is the same path.
        expect([target, same(seen)]).toEqual([target, same(target)])
      }
    },
  )

  testHere('H1 to H7: names that say who somebody is, or what was asked, go no further in any spelling', async () => {
    const lines = [...identityNames, ...forwardingNames].flatMap((header) =>
      spellings(header).map((spelling) => `${spelling}: eve`),
    )
    const payloads: string[] = []
    // Few at a time: a proxy refuses a request for one name that is none.
    for (let i = 0; i < lines.length; i += 6)
      payloads.push(get('/h', `${own}${lines.slice(i, i + 6).join('\r\n')}\r\n`))
    const nominated = 'X-Forwarded-For, x-forwarded-host, HOST, cookie, Authorization, X-Forwarded-Proto'
    payloads.push(`GET /h HTTP/1.1\r\n${own}Connection: close, ${nominated}\r\n\r\n`)
    const statuses = (await sendAll(payloads)).map((received) => parseResponse(received).status)
    expect(statuses.filter((status) => ![200, 400, 401, 405].includes(status))).toEqual([])
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(payloads.length / 4)
    for (const { head, all } of house.recorder.requests) {
      expect(head).not.toMatch(/eve/)
      const ours = ['for', 'proto', 'host', 'port'].map((what) => all(`x-forwarded-${what}`))
      expect(ours).toEqual([['127.0.0.1'], ['https'], ['ha.home.example'], ['443']])
    }
  })
})

/** A reading of our own: dots after one decoding, backslashes, controls, an empty host. */
function canBeReadOtherwise(target: string): boolean {
  const path = decodeURIComponent(target.split('?', 1)[0] ?? '')
  if (!path.startsWith('/') || path.startsWith('//')) return true
  if ([...path].some((char) => char === '\\' || char < ' ' || char === '\x7f')) return true
  return (
    path.split('/').some((segment) => /^\.\.?$/.test(segment.split(';', 1)[0] ?? '')) || /^\/*\.entryphone/i.test(path)
  )
}
