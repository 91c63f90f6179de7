import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, fetch as undiciFetch } from 'undici'
import { afterAll, beforeAll } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { startDemoApp } from '../../src/demo/cinema/app.ts'
import type { Gateway } from '../../src/gateway.ts'
import { startGateway } from '../../src/gateway.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { type Log, silentLog } from '../../src/lib/log.ts'
import type { RecipeKind } from '../../src/recipes/registry.ts'
import type { Store } from '../../src/store/contract.ts'
import { makeCertificate } from './certificate.ts'
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import { freePort } from './ports.ts'

/** A whole home on loopback: a provider, a cinema, and the gateway in front. */
export type House = {
  door: string
  /** Origin of the cinema and of a second app, each in front of an upstream. */
  cinema: string
  library: string
  /** Origin of the Home Assistant at `homePort`. */
  home: string
  issuer: Issuer
  port: number
  dataDir: string
  /** The config file, as it was written last. */
  configFile: string
  /** Stops the gateway and starts it again on the same data, if given with other lines for the cinema. */
  restart(cinemaLines?: string): Promise<void>
  /** Kills the gateway's process where it stands and starts another on the same data. */
  killAndRestart(): Promise<void>
  /** Stops the gateway; `start` starts it again, and rejects with what it printed when it does not. */
  stop(): Promise<void>
  start(): Promise<void>
  /** What the gateway's process has logged. */
  log(): string[]
  /** The gateway's process, when it has one of its own. */
  pid(): number | undefined
  /** The process itself. */
  process(): GatewayProcess
  close(): Promise<void>
}

export type HouseOptions = {
  clock?: Clock
  /** Over https with a certificate made now, under `*.home.example`; otherwise plain http under `*.localhost`. */
  https?: boolean
  /** And HTTP/2 with whoever prefers it. */
  http2?: boolean
  /** Further lines of YAML below the app named `cinema`. */
  cinemaLines?: string
  /** Runs the gateway as a process of its own, as people do. */
  process?: boolean
  /** Further variables that the config may name; of a process of its own, looked at whenever it starts. */
  env?: Record<string, string>
  /** How many files that process may have open. */
  openFiles?: number
  /** Lets tests say where a request comes from, by X-Forwarded-For. */
  trustLoopback?: boolean
  /** Who issues the codes on screens, and what the provider is said to be; our own by default. */
  grant?: 'auto' | 'provider' | 'gateway'
  profile?: string
  clientAuth?: 'auto' | 'basic' | 'post'
  /** Instead of the real provider of the demo. */
  startProvider?: typeof startIssuer
  /** Instead of the SQLite file. */
  store?: Store
  /** What hears the log, when the gateway is no process of its own. */
  log?: Log
  /** Further lines of YAML below `provider`. */
  providerLines?: string
  /** Further lines of YAML at the top, once the house is being built. */
  topLines?: () => string
  /** Instead of the demo's cinema. */
  startApp?: typeof startDemoApp
  /** Port of another upstream for the app named `library`. */
  libraryPort?: number
  /** Port of a Home Assistant, for one more app named `home`. */
  homePort?: number | undefined
  /** Further lines of YAML below that app, once the house is being built. */
  homeLines?: () => string
  /** Instead of the recipes that the config names, by the name of the app. */
  recipes?: ReadonlyMap<string, RecipeKind>
  /** Instead of the folder with the config. */
  dataDir?: string
}

/** A house for all tests of a file, with a folder of its own. */
export function useHouse(options: HouseOptions = {}): House {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  const house = {} as House
  beforeAll(async () => Object.assign(house, await startHouse(dir, options)))
  afterAll(async () => {
    await house.close?.()
    rmSync(dir, { recursive: true, force: true })
  })
  return house
}

/** A house whose files are in `dir`, for whoever closes it. */
export async function startHouse(dir: string, options: HouseOptions): Promise<House> {
  const dataDir = options.dataDir ?? dir
  const [port, cinemaPort] = [await freePort(), await freePort()]
  const host = (name: string) => `${name}.${options.https === true ? 'home.example' : 'localhost'}`
  const origin = (name: string) => `http${options.https === true ? 's' : ''}://${host(name)}:${port}`
  const tls =
    options.https === true
      ? await makeHomeCertificate(dir, ['door', 'cinema', 'library', 'home', 'id'].map(host))
      : undefined
  const issuer = await (options.startProvider ?? startIssuer)({
    redirectUris: [`${origin('door')}/callback`],
    // A process of its own knows no *.localhost names.
    hostname: options.process === true ? '127.0.0.1' : host('id'),
    ...(tls !== undefined && { https: tls }),
  })
  const cinema = await (options.startApp ?? startDemoApp)({ port: cinemaPort, listenHost: '127.0.0.1' })
  const network = createHomeFetch(tls?.cert)
  const env = { CLIENT_SECRET: issuer.clientSecret }
  const file = join(dir, 'entryphone.yaml')

  async function start(cinemaLines: string): Promise<Gateway | GatewayProcess> {
    writeFileSync(
      file,
      `public_url: ${origin('door')}
${tls === undefined ? 'insecure_http: true' : `tls: { cert: cert.pem, key: key.pem, http2: ${options.http2 === true} }`}
listen: 127.0.0.1:${port}
data_dir: ${dataDir}
${options.topLines?.() ?? ''}
trusted_proxies: [${options.trustLoopback === true ? '127.0.0.1' : ''}]
provider:
  issuer: ${issuer.issuer}
  client_id: ${issuer.clientId}
  client_secret: \${CLIENT_SECRET}
  client_auth: ${options.clientAuth ?? 'basic'}
${options.profile === undefined ? '' : `  profile: ${options.profile}`}
${options.providerLines ?? ''}
device_login: { grant: ${options.grant ?? 'gateway'} }
apps:
  cinema:
    host: ${host('cinema')}:${port}
    upstream: http://127.0.0.1:${cinemaPort}
${cinemaLines}
  library:
    host: ${host('library')}:${port}
    upstream: http://127.0.0.1:${options.libraryPort ?? cinemaPort}
${options.homePort === undefined ? '' : `  home:\n    host: "${host('home')}:${port}"\n    upstream: "http://127.0.0.1:${options.homePort}"\n${options.homeLines?.() ?? ''}`}
`,
    )
    if (options.process === true) return startGatewayProcess(file, { ...env, ...options.env }, options.openFiles)
    const loaded = loadConfig(file, { ...env, ...options.env })
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
    return startGateway({
      config: loaded.config,
      fetch: network.fetch,
      log: options.log ?? silentLog,
      ...replacedBy(options),
    })
  }

  function ownProcess(): GatewayProcess {
    if ('kill' in gateway) return gateway
    throw new Error('the gateway is no process of its own')
  }

  let lines = options.cinemaLines ?? ''
  let gateway = await start(lines)
  return {
    door: origin('door'),
    cinema: origin('cinema'),
    library: origin('library'),
    home: origin('home'),
    issuer,
    port,
    dataDir,
    configFile: file,
    async restart(cinemaLines = lines) {
      await gateway.close()
      lines = cinemaLines
      gateway = await start(lines)
    },
    stop: async () => void (await gateway.close()),
    async start() {
      gateway = await start(lines)
    },
    async killAndRestart() {
      await ownProcess().kill()
      gateway = await start(lines)
    },
    process: ownProcess,
    log: () => ('lines' in gateway ? gateway.lines : []),
    pid: () => ('pid' in gateway ? gateway.pid : undefined),
    async close() {
      await gateway.close()
      await Promise.all([cinema.close(), issuer.close(), network.close()])
    },
  }
}

/** What a test puts in place of the gateway's own. */
function replacedBy({ clock, store, recipes }: HouseOptions) {
  return { ...(clock && { clock }), ...(store && { store }), ...(recipes && { recipes }) }
}

async function makeHomeCertificate(dir: string, hosts: string[]): Promise<{ cert: string; key: string }> {
  const pem = await makeCertificate(hosts as [string, ...string[]])
  writeFileSync(join(dir, 'cert.pem'), pem.cert)
  writeFileSync(join(dir, 'key.pem'), pem.key, { mode: 0o600 })
  return pem
}

/** `fetch` for a gateway at home: every name is this machine, and the home's own certificate is trusted. */
function createHomeFetch(ca: string | undefined): { fetch: typeof fetch; close(): Promise<void> } {
  const lookup = (_host: string, options: { all?: boolean }, done: (...args: unknown[]) => void) =>
    options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
  const agent = new Agent({ connect: { lookup: lookup as never, ...(ca !== undefined && { ca }) } })
  const homeFetch = (input: unknown, init: object = {}) => undiciFetch(input as string, { ...init, dispatcher: agent })
  return { fetch: homeFetch as unknown as typeof fetch, close: () => agent.close() }
}
