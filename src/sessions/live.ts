import type { Bag } from '../lib/bag.ts'
import { createBag } from '../lib/bag.ts'

/**
 * Every open socket and stream of a session registers how to close it, so that signing a screen out ends what
 * is on it and not just what comes next.
 */
export interface LiveSessions {
  /**
   * Adds one open thing; call the result when it has closed by itself. `close` must not throw. It is closed at once
   * when its session has ended meanwhile: a session never comes back.
   */
  register(sessionKey: string, close: () => void): () => void
  /** Closes all that is open for a session, now and from now on; returns how many were. */
  close(sessionKey: string): number
  /** Whether a session has been closed here. */
  isClosed(sessionKey: string): boolean
  /** Whether anything is open. */
  isOpen(sessionKey: string): boolean
  /** Sessions with anything open. */
  keys(): string[]
}

/** Remembered ends; a request that was under way when its session ended is over long before this many more. */
const REMEMBERED = 10_000

/** What is open in this process; other replicas have their own. */
export function createLiveSessions(): LiveSessions {
  const open = new Map<string, Bag<() => void>>()
  const closed = new Set<string>()
  return {
    register(sessionKey, close) {
      // SECURITY: what opens just as its session ends does not stay open. Test: a socket that opens just as its session ends is closed
      if (closed.has(sessionKey)) {
        close()
        return () => undefined
      }
      const handles = open.get(sessionKey) ?? createBag()
      open.set(sessionKey, handles)
      const remove = handles.add(close)
      return () => {
        remove()
        if (handles.isEmpty() && open.get(sessionKey) === handles) open.delete(sessionKey)
      }
    },
    close(sessionKey) {
      closed.add(sessionKey)
      if (closed.size > REMEMBERED) closed.delete(closed.values().next().value as string)
      const handles = open.get(sessionKey)
      if (handles === undefined) return 0
      open.delete(sessionKey)
      const closes = handles.all()
      for (const close of closes) close()
      return closes.length
    },
    isClosed: (sessionKey) => closed.has(sessionKey),
    isOpen: (sessionKey) => open.has(sessionKey),
    keys: () => [...open.keys()],
  }
}
