import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../../src/lib/clock.ts'
import { createDevices, type Devices } from './devices.ts'
import { createQuickConnect, type QuickConnect } from './quick-connect.ts'
import { createUsers, type Users } from './users.ts'
import type { Version } from './version.ts'

/** What a server is and remembers; routes read and change it. */
export type State = {
  clock: Clock
  version: Version
  serverId: string
  name: string
  /** The address on its own network, which it tells everybody. */
  localAddress: string
  users: Users
  devices: Devices
  quickConnect: QuickConnect
  /** What an administrator switches in the dashboard. */
  settings: { QuickConnectAvailable: boolean; branding: { LoginDisclaimer: string; CustomCss: string } }
  /** What only a restart changes. */
  network: { BaseUrl: string; KnownProxies: readonly string[]; EnableRemoteAccess: boolean }
  /** What was played: method and item, in order. */
  played: { event: string; userId: string; itemId: string }[]
  /** Sends a message to the open sockets of a token. */
  tell(token: string, message: object): void
}

export function createState(
  clock: Clock,
  version: Version,
  network: { baseUrl: string; knownProxies: readonly string[] },
): State {
  return {
    clock,
    version,
    serverId: randomBytes(16).toString('hex'),
    name: 'Living room server',
    localAddress: '',
    users: createUsers(),
    devices: createDevices(clock),
    quickConnect: createQuickConnect(clock),
    settings: { QuickConnectAvailable: true, branding: { LoginDisclaimer: '', CustomCss: '' } },
    network: { BaseUrl: network.baseUrl, KnownProxies: network.knownProxies, EnableRemoteAccess: true },
    played: [],
    tell: () => undefined,
  }
}
