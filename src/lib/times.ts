import { DAY, HOUR, MINUTE, SECOND } from './clock.ts'

/** How long things live, in milliseconds. One table, so that pages, docs and code agree. */
export const times = {
  /** A code on the screen. */
  code: 5 * MINUTE,
  /** Silent renewal at this share of a code's life. */
  renewAt: 0.8,
  /** After this long a waiting screen asks for a press instead of renewing. */
  renewFor: 30 * MINUTE,
  /** A code that a phone has opened stays alive for that phone. */
  openedCode: 10 * MINUTE,
  /** A screen that has not polled for this long is asleep. */
  asleep: 40 * SECOND,
  /** One long poll. */
  hold: 25 * SECOND,
  /** From approval to collection, and for asking again after a lost answer. */
  collect: 60 * SECOND,
  /** From leaving for the provider to coming back. */
  signIn: 10 * MINUTE,
  /** A press on "Yes" that waits for a fresh sign-in. */
  press: 5 * MINUTE,
  /** From the door to the app's host. */
  ticket: 60 * SECOND,
  /** Approving needs a sign-in at most this old. */
  fresh: 15 * MINUTE,
  /** … or this old, on the same network, for a device that this person approved before. */
  freshKnown: 30 * DAY,
  tonight: 12 * HOUR,
  ours: { idle: 90 * DAY, absolute: 400 * DAY },
  browser: { idle: 30 * DAY, absolute: 90 * DAY },
  door: { idle: 90 * DAY, absolute: 400 * DAY },
  /** What a device remembers of itself: no browser keeps a cookie longer (RFC 6265bis §5.5). */
  device: 400 * DAY,
  /** Open streams may go on for this long after the absolute end. */
  streamGrace: 30 * MINUTE,
  /** How old a cached session may be. */
  nearCache: 2 * SECOND,
  /** How often every replica reads the feed. */
  feed: 2 * SECOND,
  /** A session that has ended is remembered for this long. */
  tombstone: 1 * DAY,
} as const
