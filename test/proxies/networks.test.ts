import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildConnector } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../support/certificate.ts'
import { type Front, startFront } from '../support/front.ts'
import { type GatewayProcess, loggedBy, startGatewayProcess } from '../support/gateway-process.ts'
import { type NetworkRoom, openNetworkRoom } from '../support/network-room.ts'
import { needPart } from '../support/parts.ts'
import type { Connect } from '../support/person.ts'
import { createPhone } from '../support/phone.ts'
import { openOnTelevision } from '../support/television.ts'

/** Where people stand, in front of a gateway with a network of its own, as in a container. */
const at = {
  bridge: '10.213.77.1',
  tv: '10.213.77.20',
  phone: '10.213.77.31',
  guests: '10.213.78.31',
  home: '203.0.113.7',
  elsewhere: '198.51.100.9',
  shared: '100.64.1.1',
  bridge6: 'fd77:77:77:1::1',
  tv6: 'fd77:77:77:1::20',
  phone6: 'fd77:77:77:1::31',
  home6: '2001:db8:77:1::20',
  home6too: '2001:db8:77:1::31',
  elsewhere6: '2001:db8:77:2::9',
} as const
type Where = keyof typeof at
type Case = [screen: Where, phone: Where, hint: string]

const nginx = needPart('nginx')
const skip = needPart('network-room') === undefined || nginx === undefined
const accept = skip ? test.skip : test

describe.skipIf(skip)('people at real addresses', () => {
  let room: NetworkRoom
  let dir: string
  const running: { close(): Promise<unknown> }[] = []
  let direct: GatewayProcess
  let unlisted: GatewayProcess
  let fronts: { listed: Front; unlisted: Front }

  beforeAll(async () => {
    room = openNetworkRoom(Object.values(at))
    dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
    direct = await startGateway('direct', 8080, 'http://door.home.arpa:8080', 'insecure_http: true')
    await startGateway('listed', 8081, 'https://door.home.example', 'trusted_proxies: [127.0.0.1]')
    unlisted = await startGateway('unlisted', 8082, 'https://door.home.example', '')
    const pem = await makeCertificate(['door.home.example'])
    const start = async (gateway: number) => {
      const front = await startFront('nginx', nginx ?? '', { gateway, ...pem }, room)
      running.push(front)
      return front
    }
    fronts = { listed: await start(8081), unlisted: await start(8082) }
  })
  afterAll(async () => {
    await Promise.all(running.map((one) => one.close()))
    room?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  async function startGateway(name: string, port: number, door: string, line: string): Promise<GatewayProcess> {
    const file = join(dir, `${name}.yaml`)
    writeFileSync(
      file,
      `public_url: ${door}
listen: ":${port}"
${line}
data_dir: ${join(dir, name)}
provider: { issuer: "${door.replace('door', 'id')}", client_id: entryphone, client_auth: none }
device_login: { grant: gateway }
apps: { cinema: { host: "${new URL(door).host.replace('door', 'cinema')}", upstream: "http://127.0.0.1:9" } }
`,
    )
    const gateway = await startGatewayProcess(file, {}, undefined, room.inside)
    running.push(gateway)
    return gateway
  }

  /** What the phone reads of the network, when a screen at one place has rung. */
  async function hintFor(cinema: string, port: number, screen: Where, phone: Where, headers = {}): Promise<string> {
    const tv = await openOnTelevision({ cinema, connect: from(at[screen], port) }, { headers })
    const html = await (await createPhone(from(at[phone], port)).go(tv.link)).text()
    return /<b class="(same|different|unknown)"/.exec(html)?.[1] ?? html
  }

  function from(localAddress: string, port: number): Connect {
    const connect = buildConnector({ rejectUnauthorized: false })
    return (options, done) => {
      const hostname = localAddress.includes(':') ? room.address6 : room.address
      connect(
        { ...options, hostname, host: hostname, port: `${port}`, servername: options.hostname, localAddress },
        done,
      )
    }
  }

  async function expectHints(cinema: string, port: number, cases: readonly Case[]): Promise<void> {
    for (const [screen, phone, hint] of cases)
      expect([screen, phone, await hintFor(cinema, port, screen, phone)]).toEqual([screen, phone, hint])
  }
  const openDoor = 'http://cinema.home.arpa:8080'
  const cinema = 'https://cinema.home.example'

  accept('U18: without anything in front, and through the bridge of a container', async () => {
    await expectHints(openDoor, 8080, [
      ['tv', 'phone', 'same'],
      ['tv', 'tv', 'unknown'],
      ['tv', 'guests', 'different'],
      ['home', 'home', 'same'],
      ['elsewhere', 'home', 'different'],
      ['tv', 'elsewhere', 'unknown'],
      ['shared', 'shared', 'unknown'],
      ['bridge', 'bridge', 'unknown'],
      ['bridge', 'phone', 'unknown'],
    ])
  })

  accept('U18: the same by IPv6', async ({ skip: leave }) => {
    if (!room.has6) leave('this machine has no IPv6')
    await expectHints(openDoor, 8080, [
      ['tv6', 'phone6', 'same'],
      ['home6', 'home6too', 'same'],
      ['home6', 'home6', 'unknown'],
      ['home6', 'elsewhere6', 'different'],
      ['home6', 'home', 'unknown'],
      ['tv6', 'home6', 'unknown'],
      ['bridge6', 'bridge6', 'unknown'],
      ['bridge6', 'phone6', 'unknown'],
    ])
  })

  accept("U18: a stranger's screen that claims the address of the home is still elsewhere", async () => {
    for (const name of ['x-forwarded-for', 'x-real-ip', 'cf-connecting-ip', 'x-forwarded-host']) {
      const headers = { [name]: at.home }
      expect([name, await hintFor(openDoor, 8080, 'elsewhere', 'home', headers)]).toEqual([name, 'different'])
      expect([name, await hintFor(openDoor, 8080, 'home', 'home', headers)]).toEqual([name, 'unknown'])
      expect([name, await hintFor(cinema, fronts.listed.https, 'elsewhere', 'home', headers)]).toEqual([
        name,
        'different',
      ])
    }
    const said = loggedBy(direct).filter(({ event }) => event === 'proxy_not_trusted')
    expect(said.map((line) => line['peer'])).toEqual([at.elsewhere, at.home])
  })

  accept('U18: behind nginx that is in the list, it is as without', async () => {
    await expectHints(cinema, fronts.listed.https, [
      ['tv', 'phone', 'same'],
      ['tv', 'tv', 'unknown'],
      ['home', 'home', 'same'],
      ['elsewhere', 'home', 'different'],
      ['tv', 'elsewhere', 'unknown'],
      ['shared', 'shared', 'unknown'],
      ['bridge', 'phone', 'unknown'],
    ])
  })

  accept('U18: behind nginx that is not in the list nothing can be told, and the log says what to write', async () => {
    await expectHints(cinema, fronts.unlisted.https, [
      ['tv', 'phone', 'unknown'],
      ['home', 'home', 'unknown'],
      ['elsewhere', 'home', 'unknown'],
    ])
    const said = loggedBy(unlisted).filter(({ event }) => event === 'proxy_not_trusted')
    expect(said).toMatchObject([{ peer: '127.0.0.1', remedy: 'trusted_proxies: [127.0.0.1]' }])
  })
})
