import { times } from '../src/lib/times.ts'
import { FEED_LIMIT } from '../src/store/contract.ts'
import type { Measured } from './scaling-measure.ts'
import type { Cost } from './scaling-meter.ts'

/** What all screens together do; rates are for each screen. */
export type Crowd = {
  name: string
  /** Signed in, whether or not they are on. */
  screens: number
  /** Requests a second of those that are used now. */
  used: number
  requestsPerSecond: number
  megabitsPerSecond: number
  /** Waiting with a code, and new codes a second. */
  waiting: number
  loginsPerSecond: number
  revokesPerSecond: number
}

/** What a crowd needs with this many gateways: shares of one core, operations a second, bytes. */
export type Needs = {
  gateways: number
  coresOfEach: number
  coreOfRedis: number
  commandsPerSecond: number
  readsOfTheFeed: number
  gigabytesOfRedis: number
  gigabytesOfEach: number
}

const commandsOf = ({ commands }: Cost) => Object.values(commands).reduce((sum, count) => sum + count, 0)

/**
 * How often a second all gateways together read one session, when its requests are spread over them at random: each
 * believes what it has read for two seconds, and then reads again with the next request that it gets.
 */
export function readsPerSecond(requestsPerSecond: number, gateways: number): number {
  if (requestsPerSecond === 0) return 0
  const between = gateways / requestsPerSecond
  return gateways / (times.nearCache / 1000 + between)
}

/**
 * How often a second one gateway reads the feed: every two seconds, and for each entry, where those that come during a
 * read share the next one. Reads begin while none is under way, or because something came during the last.
 */
export function feedReads(entriesPerSecond: number, readMs: number): number {
  const duringOne = (entriesPerSecond * readMs) / 1000
  return 1000 / times.feed + entriesPerSecond / (Math.exp(-duringOne) + duringOne)
}

/** The sums for one crowd. */
export function needsOf(crowd: Crowd, gateways: number, cost: Measured): Needs {
  const requests = crowd.used * crowd.requestsPerSecond
  const reads = Math.min(requests, crowd.used * readsPerSecond(crowd.requestsPerSecond, gateways))
  const polls = crowd.waiting / (times.hold / 1000)
  // Begun, opened, approved, collected: what the screen's gateway has to hear.
  // Opened, approved, collected and over: four entries for each login.
  const feed = feedReads(crowd.loginsPerSecond * 4 + crowd.revokesPerSecond, READ_MS) * gateways
  const feedRead = { ...cost.feedRead, gatewayMicros: cost.revoke.gatewayMicros }
  // What Redis does while a film runs is its own rest.
  const bytesAlone = { ...cost.gigabyte, redisMicros: 0, commands: {} }
  // Each gateway that has seen a session since notes it once a minute.
  const noted = (crowd.used / 60) * Math.min(gateways, 60 * crowd.requestsPerSecond)
  const work: [times: number, cost: Cost][] = [
    [(crowd.used * crowd.megabitsPerSecond) / 8000, bytesAlone],
    [requests - reads, cost.requestKnown],
    [reads, cost.requestRead],
    [polls, cost.poll],
    [crowd.loginsPerSecond, cost.loginBegun],
    [noted, cost.seen],
    [feed, feedRead],
  ]
  const sum = (of: (cost: Cost) => number) => work.reduce((total, [count, each]) => total + count * of(each), 0)
  const gigabyte = 1e9
  return {
    gateways,
    coresOfEach: sum((each) => each.gatewayMicros) / 1e6 / gateways,
    coreOfRedis: sum((each) => each.redisMicros) / 1e6,
    commandsPerSecond: sum(commandsOf),
    readsOfTheFeed: feed,
    gigabytesOfRedis: (crowd.screens * cost.sessionBytesInRedis + crowd.waiting * cost.loginBytesInRedis) / gigabyte,
    gigabytesOfEach:
      (crowd.waiting / gateways) * (cost.waitingBytes / gigabyte) +
      NEAR_CACHE * (cost.sessionBytesInGateway / gigabyte),
  }
}

/** A read of the feed from one end to the other, in a house's own network. */
const READ_MS = 1
/** Sessions that a gateway remembers at most. */
const NEAR_CACHE = 20_000

/** Entries a second at which somebody who reads the feed every two seconds begins to miss some. */
export const mostEntriesPerSecond = FEED_LIMIT / (times.feed / 1000)
