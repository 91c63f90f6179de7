import type { Screen, ScreenKind } from './screen.ts'

/** What a device is called in lists and on the approve page. */
export type Device = { name: string; kind: ScreenKind; brand: string }

/**
 * A device record from what was recognised. `name` is what people call such a thing when its maker is known
 * ("LG TV"); empty otherwise, and then each page says "This TV", "This car" … in its own language.
 */
export function nameDevice(screen: Screen): Device {
  const { kind, brand } = screen
  if (brand === '') return { name: '', kind, brand }
  return { name: kind === 'tv' ? `${brand} TV` : brand, kind, brand }
}
