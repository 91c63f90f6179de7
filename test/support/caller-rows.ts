import type { CallerRow } from '../../src/pages/inside-views.ts'

/** Who calls an app without a sign-in: an app, an automation, and one that the app has no name for. */
export function callerRows(text: (usual: string) => string, now: number): CallerRow[] {
  const row = { ref: text('ref'), start: text('8f3a91c0'), network: 'different', shut: false } as const
  const hour = 3_600_000
  return [
    { ...row, name: text('Mobile App: Pixel 9'), network: 'same', calledAt: now - hour / 4 },
    { ...row, name: text('The doorbell rings'), start: text('doorbell'), calledAt: now - hour },
    { ...row, name: '', network: 'unknown', shut: true, calledAt: now - 50 * hour },
  ]
}
