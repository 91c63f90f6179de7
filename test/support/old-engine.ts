/** One window of a browser engine of another decade, driven from a test. */
export type OldEngine = {
  /** Goes to a URL; resolves when the navigation has begun. */
  open(url: string): Promise<void>
  /** The address that the window stands on. */
  url(): Promise<string>
  /** The value of an ES5 expression in the page; it must survive JSON. */
  evaluate(expression: string): Promise<unknown>
  /** A PNG of the window. */
  screenshot(): Promise<Buffer>
  /** Ends the engine and removes its profile. */
  close(): Promise<void>
}

export type OldEngineOptions = {
  userAgent: string
  /** CSS pixels; 1280 by 720 if not given. */
  width?: number
  height?: number
  /** Every host name leads to 127.0.0.1; with `port`, to that port, whatever the URL says. */
  port?: number
}

/** Resolves once an ES5 expression is truthy in the page; a page on its way to the next one counts as "not yet". */
export async function waitInPage(engine: OldEngine, expression: string, timeoutMs = 15_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline) {
    if (await engine.evaluate(expression).catch(() => undefined)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const at = await engine.url().catch(() => 'an unknown address')
  throw new Error(`Waited ${timeoutMs} ms at ${at} for: ${expression}`)
}
