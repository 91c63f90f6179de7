import { expect } from 'vitest'

/** What takes longer is slow of another kind than a busy machine makes it. */
const FAR_BEYOND_MS = 20_000

/** Says how long something took that must not depend on what a stranger sends; `ms` itself is the machine's. */
export function expectQuick(what: string, ms: number): void {
  console.log(`${what}: ${ms.toFixed(0)} ms`)
  expect(ms, what).toBeLessThan(FAR_BEYOND_MS)
}
