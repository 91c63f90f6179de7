import type { Asked, OwnAnswer } from '../recipe.ts'
import type { JellyfinClient } from './client.ts'

/** Where the web client shows whatever an administrator has to say under its login, as cleaned HTML. */
const PLACE = 'LoginDisclaimer'

/**
 * Jellyfin's own login page gets a button that leads back in by Entryphone: a form, as links there open elsewhere and no
 * remote control reaches them. Asked for by ourselves, as some administrator's style sheet in it may be long; undefined
 * where the answer is not what it is known to be.
 */
export async function withWayBack(
  client: Pick<JellyfinClient, 'look'>,
  { head }: Asked,
  path: string,
): Promise<OwnAnswer | undefined> {
  const { status, json: branding } = await client.look('branding')
  if (status !== 200 || typeof branding !== 'object' || branding === null || Array.isArray(branding)) return undefined
  const said = (branding as Record<string, unknown>)[PLACE]
  const before = typeof said === 'string' && said !== '' ? `${said}\n\n` : ''
  const words = head.acceptLanguage?.trim().toLowerCase().startsWith('de') ? 'Wieder anmelden' : 'Sign in again'
  const form = `<form action="${path}"><button type="submit" class="raised button-submit block emby-button">${words}</button></form>`
  return {
    status: 200,
    type: 'application/json; charset=utf-8',
    body: JSON.stringify({ ...branding, [PLACE]: before + form }),
  }
}
