import type { Device } from '../sessions/session.ts'
import type { Screen } from './screen.ts'

/**
 * A device record from what was recognised. `name` is what people call such a thing when its maker is known
 * ("LG TV"); empty otherwise, and then each page says "This TV", "This car" … in its own language.
 */
export function nameDevice(screen: Screen): Device {
  const { kind, brand } = screen
  if (brand === '') return { name: '', kind, brand }
  return { name: kind === 'tv' ? `${brand} TV` : brand, kind, brand }
}
