import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startGateway } from '../gateway.ts'
import { silentLog } from '../lib/log.ts'
import { randomId } from '../lib/random.ts'
import { startDemoApp } from './cinema/app.ts'
import { makeDemoConfig } from './config-file.ts'
import { createLoopbackFetch } from './loopback.ts'
import type { Places } from './places.ts'
import { household } from './provider/people.ts'
import { startDemoProvider } from './provider/provider.ts'
import { startTelevision } from './television/television.ts'

export type Demo = {
  /** The config, while the demo runs. */
  configFile: string
  /** Ends everything and removes what was written. */
  close(): Promise<void>
}

/** Starts provider, app, gateway and television. Everything that is written goes to a folder under `out`. */
export async function startDemo(places: Places, out: string): Promise<Demo> {
  const started: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const end of started.reverse()) await end()
  }
  try {
    const directory = join(out, `demo-${places.firstPort}`)
    started.push(() => rmSync(directory, { recursive: true, force: true }))
    const secret = randomId()
    const config = makeDemoConfig(directory, places, secret)

    const redirectUris = [`${places.door.origin}/callback`]
    const provider = await startDemoProvider({
      origin: places.provider.origin,
      listenHost: places.provider.host,
      port: places.provider.port,
      clients: [{ id: 'entryphone', secret, name: 'Entryphone', redirectUris }],
      people: household,
    })
    started.push(provider.close)

    const cinema = await startDemoApp({ listenHost: places.cinema.host, port: places.cinema.port })
    started.push(cinema.close)

    const loopback = createLoopbackFetch()
    started.push(loopback.close)
    const gateway = await startGateway({ config, fetch: loopback.fetch, log: silentLog })
    started.push(gateway.close)

    const { television } = places
    const drawn = await startTelevision({
      listenHost: television.host,
      port: television.port,
      setAuthority: new URL(television.origin).host,
      screenAuthority: new URL(television.screenOrigin).host,
      gateway: {
        host: places.gateway.host,
        port: places.gateway.appPort,
        appAuthority: places.app.authority,
        doorOrigin: places.door.origin,
      },
    })
    started.push(drawn.close)
    return { configFile: config.file, close }
  } catch (error) {
    await close()
    throw error
  }
}
