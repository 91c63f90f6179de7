import { filmId } from './server/media-routes.ts'

/**
 * What needs no token at all: everything that Jellyfin itself hands to anybody who asks. What a native client needs
 * before it is signed in is among it; so are films.
 */
export const openEndpoints: readonly { method: 'GET' | 'POST'; path: string }[] = [
  { method: 'GET', path: '/System/Info/Public' },
  { method: 'GET', path: '/System/Ping' },
  { method: 'GET', path: '/GetUtcTime' },
  { method: 'GET', path: '/Branding/Configuration' },
  { method: 'GET', path: '/Branding/Css' },
  { method: 'GET', path: '/QuickConnect/Enabled' },
  { method: 'GET', path: '/Users/Public' },
  { method: 'POST', path: '/Users/ForgotPassword' },
  { method: 'POST', path: '/Users/ForgotPassword/Pin' },
  { method: 'GET', path: '/UserImage' },
  { method: 'GET', path: `/Items/${filmId}/Images/Primary` },
  { method: 'GET', path: '/Artists/Somebody/Images/Primary' },
  { method: 'GET', path: '/Genres/Drama/Images/Primary' },
  { method: 'GET', path: '/MusicGenres/Jazz/Images/Primary' },
  { method: 'GET', path: '/Persons/Somebody/Images/Primary' },
  { method: 'GET', path: '/Studios/Somebody/Images/Primary' },
  { method: 'GET', path: `/Users/${filmId}/Images/Primary` },
  { method: 'GET', path: `/Videos/${filmId}/stream` },
  { method: 'GET', path: `/Videos/${filmId}/stream.mp4` },
  { method: 'GET', path: `/Audio/${filmId}/stream` },
  { method: 'GET', path: `/Videos/${filmId}/hls/a/0.ts` },
  { method: 'GET', path: `/Videos/${filmId}/${filmId}/Subtitles/2/Stream.srt` },
  { method: 'GET', path: `/Videos/${filmId}/${filmId}/Attachments/1` },
  { method: 'GET', path: '/LiveTv/LiveRecordings/a/stream' },
  { method: 'GET', path: '/LiveTv/LiveStreamFiles/a/stream.ts' },
  { method: 'GET', path: '/web/ConfigurationPage' },
  { method: 'GET', path: '/web/manifest.json' },
  { method: 'GET', path: '/health' },
]

/** The same path as other clients spell it; all are one to Jellyfin up to 10.11. */
export function spellingsOf(path: string): string[] {
  const encoded = path.replace(/[a-z](?=[^/]*$)/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`)
  return [path, path.toLowerCase(), path.toUpperCase(), encoded, `/emby${path}`, `/MediaBrowser${path}`]
}
