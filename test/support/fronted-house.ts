import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { afterAll, beforeAll } from 'vitest'
import { makeCertificate } from './certificate.ts'
import { type Front, type FrontName, startFront } from './front.ts'
import { type GatewayProcess, loggedBy, startGatewayProcess } from './gateway-process.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import type { Connect } from './person.ts'
import { freePort } from './ports.ts'
import { type RawConnection, rawConnection } from './raw.ts'
import { type Recorder, startRecorder } from './recorder.ts'
import { type Stage, startStage } from './stage.ts'

/** A home as docs/behind-a-proxy.md describes it: a real proxy that speaks TLS, and the gateway as a process behind it. */
export type FrontedHouse = {
  door: string
  /** An app that plays what people do, and one that records every byte. */
  cinema: string
  ha: string
  front: Front
  stage: Stage
  recorder: Recorder
  issuer: Issuer
  /** How browsers get to the names of the home. */
  connect: Connect
  /** A TLS connection to the proxy for one of the names, from an address of this machine. */
  open(origin: string, options?: { from?: string }): Promise<TLSSocket>
  openRaw(origin: string, options?: { from?: string }): Promise<RawConnection>
  /** What the gateway's process has logged. */
  log(): Record<string, unknown>[]
  close(): Promise<void>
}

/** One for all tests of a block, unless its proxy is missing. */
export function useFrontedHouse(name: FrontName, program: string | undefined): FrontedHouse {
  const house = {} as FrontedHouse
  beforeAll(async () => {
    if (program !== undefined) Object.assign(house, await startFrontedHouse(name, program))
  })
  afterAll(() => house.close?.())
  return house
}

async function startFrontedHouse(name: FrontName, program: string): Promise<FrontedHouse> {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  const door = 'https://door.home.example'
  const pem = await makeCertificate(['localhost', 'door.home.example', 'jellyfin.home.example', 'ha.home.example'])
  writeFileSync(join(dir, 'ca.pem'), pem.cert)
  const issuer = await startIssuer({ redirectUris: [`${door}/callback`], hostname: 'localhost', https: pem })
  const [stage, recorder, port] = [await startStage(), await startRecorder(), await freePort()]
  const gateway = await startGateway(dir, port, issuer, { stage, recorder })
  const front = await startFront(name, program, { gateway: port, ...pem })

  const toAnywhere = buildConnector({ rejectUnauthorized: false })
  const open: FrontedHouse['open'] = async (origin, { from = '127.0.0.1' } = {}) => {
    const { hostname } = new URL(origin)
    const socket = connectTls({
      socket: connectTcp({ host: '127.0.0.1', port: front.https, localAddress: from, noDelay: true }),
      servername: hostname,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    })
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    return socket
  }

  const opens = (origin: string) =>
    open(origin).then(
      (socket) => socket.destroy(),
      () => undefined,
    )
  // Caddy listens before it has its certificates.
  const names = ['door', 'jellyfin', 'ha'].map((host) => `https://${host}.home.example`)
  for (const origin of names) while (!(await opens(origin)));

  return {
    door,
    cinema: 'https://jellyfin.home.example',
    ha: 'https://ha.home.example',
    front,
    stage,
    recorder,
    issuer,
    connect(options, done) {
      const atHome = options.hostname.endsWith('.home.example')
      const there = { hostname: '127.0.0.1', host: '127.0.0.1', port: `${front.https}`, servername: options.hostname }
      toAnywhere(atHome ? { ...options, ...there } : options, done)
    },
    open,
    openRaw: async (origin, options) => rawConnection(await open(origin, options)),
    log: () => loggedBy(gateway),
    async close() {
      await front.close()
      await gateway.close()
      await Promise.all([stage.close(), recorder.close(), issuer.close()])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function startGateway(
  dir: string,
  port: number,
  issuer: Issuer,
  { stage, recorder }: Pick<FrontedHouse, 'stage' | 'recorder'>,
): Promise<GatewayProcess> {
  const file = join(dir, 'entryphone.yaml')
  writeFileSync(
    file,
    `public_url: https://door.home.example
listen: 127.0.0.1:${port}
trusted_proxies: [127.0.0.1]
data_dir: ${dir}
provider: { issuer: "${issuer.issuer}", client_id: ${issuer.clientId}, client_secret: "\${CLIENT_SECRET}" }
device_login: { grant: gateway }
apps:
  jellyfin: { host: jellyfin.home.example, upstream: "http://127.0.0.1:${stage.port}" }
  ha: { host: ha.home.example, upstream: "${recorder.url.origin}" }
`,
  )
  return startGatewayProcess(file, { CLIENT_SECRET: issuer.clientSecret, NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem') })
}
