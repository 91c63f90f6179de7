import { hash, timingSafeEqual } from 'node:crypto'

/** Whether somebody has sent the right secret; how long it takes tells nothing of where the two differ. */
export function isSameSecret(sent: string, right: string): boolean {
  return timingSafeEqual(hash('sha256', sent, 'buffer'), hash('sha256', right, 'buffer'))
}
