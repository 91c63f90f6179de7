/** A conversation with one window over the raw DevTools protocol, for engines that today's libraries do not speak to. */
export type DevTools = {
  /** Sends a command and resolves with its result; rejects when the engine says no. */
  send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>>
  /** Calls `run` with the parameters of every event of this name. */
  on(event: string, run: (params: Record<string, unknown>) => void): void
  close(): void
}

type Message = {
  id?: number
  result?: Record<string, unknown>
  error?: { message: string }
  method?: string
  params?: Record<string, unknown>
}
type Asked = { resolve: (result: Record<string, unknown>) => void; reject: (problem: Error) => void }

/** Connects to a target's `webSocketDebuggerUrl`. */
export async function connectDevTools(url: string): Promise<DevTools> {
  const socket = new WebSocket(url)
  const waiting = new Map<number, Asked>()
  const listeners = new Map<string, (params: Record<string, unknown>) => void>()
  let sent = 0

  socket.addEventListener('message', (event) => {
    const message = JSON.parse(String(event.data)) as Message
    if (message.method !== undefined) listeners.get(message.method)?.(message.params ?? {})
    if (message.id === undefined) return
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error) asked?.reject(new Error(message.error.message))
    else asked?.resolve(message.result ?? {})
  })
  socket.addEventListener('close', () => {
    for (const asked of waiting.values()) asked.reject(new Error('the engine is gone'))
    waiting.clear()
  })
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error(`no DevTools at ${url}`)))
  })

  return {
    send(method, params = {}) {
      const id = ++sent
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        socket.send(JSON.stringify({ id, method, params }))
      })
    },
    on: (event, run) => void listeners.set(event, run),
    close: () => socket.close(),
  }
}
