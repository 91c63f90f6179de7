import { SECOND } from '../lib/clock.ts'

/** Where the shared store is. The password is sent to it and told to nobody else. */
export type RedisSettings = {
  /** One server; some nodes of a Cluster, which name the others; or the Sentinels that know where the server is. */
  nodes: readonly { host: string; port: number }[]
  cluster: boolean
  sentinel: SentinelSettings | undefined
  tls: RedisTls | undefined
  user: string | undefined
  password: string | undefined
  /** Number of the database; a Cluster has only 0. */
  database: number
}

/** What Sentinels call the server, and the password that they themselves want. */
export type SentinelSettings = { master: string; password: string | undefined }

/** As `node:tls` has it, in PEM: whom to believe, under which name, and who we are. */
export type RedisTls = {
  /** Written out, because a variable of Node's environment decides otherwise. */
  rejectUnauthorized: true
  ca: string | undefined
  servername: string | undefined
  cert: string | undefined
  key: string | undefined
}

/** For a connection to be open, TLS included. */
export const CONNECT_MS = 3 * SECOND
/** For the answer to one command. */
export const ANSWER_MS = 2 * SECOND
/** How long to wait before the next attempt to connect; the first is 1. */
export const backOff = (attempt: number) => Math.min(attempt * 100, 2 * SECOND)
