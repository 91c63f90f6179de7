import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { OperatorError } from '../lib/operator-error.ts'
import { findPorts } from './ports.ts'

/** Where everything in the demo is. Origins are what browsers open; `host` and `port` are what is listened on. */
export type Places = {
  /** The first port, 8080 unless that was taken. */
  firstPort: number
  /** The address for other devices, and how many there were to choose from; absent on loopback. */
  lan?: { address: string; of: number }
  door: { origin: string }
  app: { origin: string; authority: string }
  gateway: { listen: string[]; host: string; appPort: number }
  provider: { origin: string; host: string; port: number }
  cinema: { host: string; port: number }
  television: { origin: string; screenOrigin: string; host: string; port: number }
}

const loopback = '127.0.0.1'

/** Names under `localhost`, which browsers resolve themselves; one port for the gateway. */
export async function localPlaces(): Promise<Places> {
  // Browsers try ::1 first, so a stranger there would be in the way.
  const firstPort = await findPorts(4, [loopback, '::1'])
  return {
    firstPort,
    door: { origin: `http://door.localhost:${firstPort}` },
    app: app(`cinema.localhost:${firstPort}`),
    gateway: { listen: [`${loopback}:${firstPort}`], host: loopback, appPort: firstPort },
    provider: { origin: `http://id.localhost:${firstPort + 1}`, host: loopback, port: firstPort + 1 },
    cinema: { host: loopback, port: firstPort + 2 },
    television: television(firstPort + 3),
  }
}

/** A private address of this machine, for a real television and phone: no names there, so a port for each. */
export async function lanPlaces(addresses = privateAddresses(networkInterfaces())): Promise<Places> {
  const [address] = addresses
  if (address === undefined) {
    throw new OperatorError('This machine has no private network address (10.…, 172.16.… or 192.168.…) for --lan.')
  }
  const firstPort = await findPorts(5, [loopback, address, '::1'])
  const at = (offset: number) => `${address}:${firstPort + offset}`
  return {
    firstPort,
    lan: { address, of: addresses.length },
    door: { origin: `http://${at(0)}` },
    app: app(at(1)),
    gateway: { listen: [at(0), at(1)], host: address, appPort: firstPort + 1 },
    provider: { origin: `http://${at(2)}`, host: address, port: firstPort + 2 },
    cinema: { host: loopback, port: firstPort + 3 },
    television: television(firstPort + 4),
  }
}

function app(authority: string): Places['app'] {
  return { authority, origin: `http://${authority}` }
}

function television(port: number): Places['television'] {
  return {
    origin: `http://tv.localhost:${port}`,
    screenOrigin: `http://screen.tv.localhost:${port}`,
    host: loopback,
    port,
  }
}

/** IPv4 addresses at home (RFC 1918); 172.16.0.0/12 last, because that is where containers live. */
export function privateAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? [])
  const own = all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
  const ranges = [/^192\.168\./, /^10\./, /^172\.(?:1[6-9]|2\d|3[01])\./]
  return ranges.flatMap((range) => own.filter((address) => range.test(address)))
}
