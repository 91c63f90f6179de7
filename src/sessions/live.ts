/**
 * Every open socket and stream of a session registers how to close it, so that signing a screen out ends what
 * is on it and not just what comes next.
 */
export interface LiveSessions {
  /** Adds one open thing; call the result when it has closed by itself. `close` must not throw. */
  register(sessionKey: string, close: () => void): () => void
  /** Closes all that is open for a session now; returns how many. */
  close(sessionKey: string): number
  /** Whether anything is open. */
  isOpen(sessionKey: string): boolean
  /** Sessions with anything open. */
  keys(): string[]
}

export function createLiveSessions(): LiveSessions {
  const open = new Map<string, Set<() => void>>()
  return {
    register(sessionKey, close) {
      const handles = open.get(sessionKey) ?? new Set()
      open.set(sessionKey, handles)
      // A wrapper of its own, so that one function registered twice stays two things.
      const handle = () => close()
      handles.add(handle)
      return () => {
        handles.delete(handle)
        if (handles.size === 0 && open.get(sessionKey) === handles) open.delete(sessionKey)
      }
    },
    close(sessionKey) {
      const handles = open.get(sessionKey)
      if (handles === undefined) return 0
      open.delete(sessionKey)
      for (const handle of handles) handle()
      return handles.size
    },
    isOpen: (sessionKey) => open.has(sessionKey),
    keys: () => [...open.keys()],
  }
}
