import type { Server, Socket } from 'node:net'
import { peerAddress } from '../../lib/ip-address.ts'
import { chooseSurplus } from '../../lib/let-go.ts'
import { prefixesOf } from '../../lib/prefixes.ts'
import type { RareNotices } from '../../lib/rare-notices.ts'

/** What a connection is there for. `silent`: no request has come on it yet; `idle`: between two; `busy`: one of a stranger's. */
export type ConnectionUse = 'silent' | 'idle' | 'busy' | 'signed-in'

/** All connections of a gateway, counted so that it never runs out of files. */
export interface Connections {
  /** Counts what `server` accepts from now on. */
  follow(server: Server): void
  /** Closes all of them, those included that a server does not know yet because TLS is still being agreed on. */
  cut(): void
  size(): number
}

/** What it takes to judge who may stay. */
export type ConnectionsParts = {
  /** How many at once. */
  most: number
  /** Whether an address is a proxy's of ours: it sees to its own clients, and closing its connections would hit people. */
  isTrusted(address: string): boolean
  /** Looks at what all connections are there for. The sockets are those that requests come on. */
  uses(): (socket: Socket) => ConnectionUse
  tell: RareNotices
}

type Connection = { key: string; raw: Socket; secure: Socket | undefined; network: string; trusted: boolean }

const ranks: Record<Exclude<ConnectionUse, 'signed-in'>, number> = { silent: 0, idle: 1, busy: 2 }

/** Where there are too many, some are closed: see `chooseSurplus`. Nobody who is signed in and has something under way is. */
export function createConnections({ most, isTrusted, uses, tell }: ConnectionsParts): Connections {
  // In the order that they came in.
  const open = new Map<string, Connection>()

  function makeRoom(): void {
    const useOf = uses()
    const surplus = chooseSurplus(
      [...open.values()].flatMap((connection) => {
        const use = useOf(connection.secure ?? connection.raw)
        // SECURITY: a flood would cut what people are watching. Test: D1: when there are too many connections, those of people who are signed in are not among the closed
        if (connection.trusted || use === 'signed-in') return []
        return { connection, network: connection.network, rank: ranks[use] }
      }),
      most,
    )
    for (const { connection } of surplus) {
      tell('connections_limited', connection.network)
      close(connection)
    }
  }

  function close({ key, raw, secure }: Connection): void {
    // Its own event comes too late for the one that it makes room for.
    open.delete(key)
    secure?.destroy()
    raw.destroy()
  }

  function add(raw: Socket): void {
    const address = peerAddress(raw)
    const key = keyOf(raw)
    const connection = { key, raw, secure: undefined, network: prefixesOf(address).wide, trusted: isTrusted(address) }
    // SECURITY(replace: >= most → < 0): without files left nobody is answered, and no app is reached. Test: D1: a network that opens connections without end loses its own, and those that said nothing first
    if (open.size >= most) makeRoom()
    if (open.size >= most && !connection.trusted) {
      tell('connections_limited', connection.network)
      raw.destroy()
      return
    }
    open.set(key, connection)
    raw.once('close', () => {
      if (open.get(key) === connection) open.delete(key)
    })
  }

  return {
    follow(server) {
      server.on('connection', add)
      server.on('secureConnection', (secure: Socket) => {
        const connection = open.get(keyOf(secure))
        if (connection !== undefined) connection.secure = secure
      })
    },
    cut() {
      for (const connection of open.values()) close(connection)
    },
    size: () => open.size,
  }
}

/** TLS hands over another socket for the same connection; both tell its two ends. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`
}
