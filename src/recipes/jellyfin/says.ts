/** What a client says of itself to Jellyfin. */
export type Self = { client: string; device: string; deviceId: string }

/** The columns of Jellyfin's table of devices, in characters. */
const LONGEST = { client: 64, device: 64, deviceId: 256 }

/** The header of a client without a token: Jellyfin wants all four parts, and decodes them. */
export function sayDevice({ client, device, deviceId }: Self): string {
  const part = (text: string, longest: number) => encodeURIComponent(cut(text, longest)) || 'unknown'
  return (
    `MediaBrowser Client="${part(client, LONGEST.client)}", Device="${part(device, LONGEST.device)}", ` +
    `DeviceId="${part(deviceId, LONGEST.deviceId)}", Version="1.0"`
  )
}

/** What a request's fields say of the client; empty where they say nothing. For names on pages, never for decisions. */
export function readSaid(fields: readonly string[]): Self {
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = (fields[i] as string).toLowerCase()
    if (name !== 'authorization' && name !== 'x-emby-authorization') continue
    const parts = readParts(fields[i + 1] as string)
    if (parts.size > 0) {
      const part = (key: string) => parts.get(key) ?? ''
      return { client: part('client'), device: part('device'), deviceId: part('deviceid') }
    }
  }
  return { client: '', device: '', deviceId: '' }
}

/** `Scheme Key="value", Key=value`; names that are not ASCII are UTF-8, which Node reads byte by byte. */
function readParts(header: string): Map<string, string> {
  const text = Buffer.from(header, 'latin1').toString('utf8')
  const pairs = [...text.matchAll(/\b([a-z]{1,16})\s*=\s*(?:"([^"]*)"|([^,]*))/gi)]
  return new Map(pairs.map(([, key = '', quoted, bare = '']) => [key.toLowerCase(), decode(quoted ?? bare.trim())]))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** By whole characters, so that no half of one is left to be encoded. */
function cut(text: string, longest: number): string {
  let kept = ''
  for (const char of text) {
    if (kept.length + char.length > longest) break
    kept += char
  }
  return kept.toWellFormed()
}
