import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { startDemoApp } from '../../src/demo/cinema/app.ts'
import { createLoopbackFetch } from '../../src/demo/loopback.ts'
import type { Gateway } from '../../src/gateway.ts'
import { startGateway } from '../../src/gateway.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { Log } from '../../src/lib/log.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Issuer, startIssuer } from './issuer.ts'
import { freePort } from './ports.ts'

/** A whole home on loopback, over plain http: a provider, a cinema, and the gateway in front. */
export type House = {
  door: string
  /** Origin of the cinema and of a second app in front of the same upstream. */
  cinema: string
  library: string
  issuer: Issuer
  port: number
  /** Stops the gateway and starts it again on the same data. */
  restart(cinemaLines?: string): Promise<void>
  close(): Promise<void>
}

export type HouseOptions = {
  dir: string
  clock?: Clock
  log?: Log
  /** Further lines of YAML below the app named `cinema`. */
  cinemaLines?: string
  /** Lets tests say where a request comes from, by X-Forwarded-For. */
  trustLoopback?: boolean
}

/** A house for all tests of a file, with a folder of its own. */
export function useHouse(options: Omit<HouseOptions, 'dir'> = {}): House {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-'))
  const house = {} as House
  beforeAll(async () => Object.assign(house, await startHouse({ ...options, dir })))
  afterAll(async () => {
    await house.close?.()
    rmSync(dir, { recursive: true, force: true })
  })
  return house
}

export async function startHouse(options: HouseOptions): Promise<House> {
  const [port, cinemaPort] = [await freePort(), await freePort()]
  const origin = (name: string) => `http://${name}.localhost:${port}`
  const issuer = await startIssuer({ redirectUris: [`${origin('door')}/callback`] })
  const cinema = await startDemoApp({ port: cinemaPort, listenHost: '127.0.0.1' })
  const file = join(options.dir, 'entryphone.yaml')
  const loopback = createLoopbackFetch()

  function start(cinemaLines: string): Promise<Gateway> {
    writeFileSync(
      file,
      `public_url: ${origin('door')}
insecure_http: true
listen: 127.0.0.1:${port}
data_dir: ${options.dir}
trusted_proxies: [${options.trustLoopback === true ? '127.0.0.1' : ''}]
provider:
  issuer: ${issuer.issuer}
  client_id: ${issuer.clientId}
  client_secret: \${CLIENT_SECRET}
  client_auth: basic
apps:
  cinema:
    host: cinema.localhost:${port}
    upstream: http://127.0.0.1:${cinemaPort}
${cinemaLines}
  library:
    host: library.localhost:${port}
    upstream: http://127.0.0.1:${cinemaPort}
`,
    )
    const loaded = loadConfig(file, { CLIENT_SECRET: issuer.clientSecret })
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems))
    return startGateway({
      config: loaded.config,
      fetch: loopback.fetch,
      log: options.log ?? silentLog,
      ...(options.clock !== undefined && { clock: options.clock }),
    })
  }
  let cinemaLines = options.cinemaLines ?? ''
  let gateway = await start(cinemaLines)
  return {
    door: origin('door'),
    cinema: origin('cinema'),
    library: origin('library'),
    issuer,
    port,
    async restart(lines) {
      await gateway.close()
      cinemaLines = lines ?? cinemaLines
      gateway = await start(cinemaLines)
    },
    async close() {
      await gateway.close()
      await Promise.all([cinema.close(), issuer.close(), loopback.close()])
    },
  }
}
