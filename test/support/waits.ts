import { subscribe, unsubscribe } from 'node:diagnostics_channel'

type Sent = { request: { origin: string | URL; upgrade?: string | null } }
type Span = { from: number; to: number }

/** How long `work` takes, and for how much of it an answer of the server at `origin` is waited for in this process. */
export async function waitsFor(
  origin: string,
  work: () => Promise<unknown>,
): Promise<{ took: number; waited: number }> {
  const spans: Span[] = []
  const open = new Map<unknown, Span>()
  /** A WebSocket begins as a request, and is told by nothing but itself when it ends. */
  const begin = (message: unknown) => {
    const { request } = message as Sent
    if (new URL(request.origin).origin !== origin) return
    const span = { from: performance.now(), to: Number.POSITIVE_INFINITY }
    spans.push(span)
    if (!request.upgrade) open.set(request, span)
  }
  const end = (message: unknown) => {
    const span = open.get((message as Sent).request)
    if (span !== undefined) span.to = performance.now()
  }
  const closed = () => {
    const span = spans.find(({ to }) => to === Number.POSITIVE_INFINITY)
    if (span !== undefined) span.to = performance.now()
  }
  const ears = [
    ['undici:request:create', begin],
    ['undici:request:trailers', end],
    ['undici:request:error', end],
    ['undici:websocket:close', closed],
  ] as const
  for (const [name, ear] of ears) subscribe(name, ear)
  const began = performance.now()
  try {
    await work()
    const done = performance.now()
    return { took: done - began, waited: covered(spans, done) }
  } finally {
    for (const [name, ear] of ears) unsubscribe(name, ear)
  }
}

/** The time until `done` that at least one of them covers. */
function covered(spans: readonly Span[], done: number): number {
  let [sum, at] = [0, 0]
  for (const { from, to } of spans) {
    const end = Math.min(to, done)
    sum += Math.max(0, end - Math.max(from, at))
    at = Math.max(at, end)
  }
  return sum
}
