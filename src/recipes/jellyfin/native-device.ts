import type { Device } from '../../screens/device.ts'
import type { ScreenKind } from '../../screens/screen.ts'
import type { Self } from './says.ts'

/** How a native app's device stands in lists: by the name that its owner gave it, and what its app says that it is. */
export function nativeDevice({ client, device }: Pick<Self, 'client' | 'device'>): Device {
  const name = tidy(device) || tidy(client)
  return { name, kind: kindOf(`${client} ${device}`), brand: '' }
}

/** The app's own name, as far as it can be shown. */
export function clientName(client: string): string {
  return tidy(client)
}

const televisions =
  /\b(?:tv|android ?tv|tvos|roku|kodi|tizen|webos|fire ?tv|shield|chromecast|bravia|libreelec|coreelec)\b/i
const consoles = /\b(?:xbox|playstation|ps[45])\b/i
const phones = /\b(?:iphone|pixel|galaxy|android|ios|findroid|finamp|phone)\b/i

function kindOf(text: string): ScreenKind {
  if (televisions.test(text)) return 'tv'
  if (consoles.test(text)) return 'console'
  return phones.test(text) ? 'phone' : 'app'
}

/** What anybody may have written: one short line without controls and without marks that turn the text around. */
function tidy(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 64)
    .toWellFormed()
}
