import type { Head } from '../../traffic/reading/head.ts'
import type { OwnAnswer, Rule } from '../recipe.ts'

/**
 * The web client goes on without asking for a document when its session has ended, and also after signing out there:
 * then it fetches its login page, piece by piece, and would stand still at the first refusal. In place of such a piece it
 * gets a script that asks for the document, and so for our page. Nothing of Jellyfin's is in it.
 */
const comeBack = `if(/^#\\/(?:login|selectserver)/.test(location.hash))location.replace(location.pathname);else location.reload()`

const answer: OwnAnswer = { status: 200, type: 'text/javascript; charset=utf-8', body: comeBack }

/** For a script of the web client without a session. */
export const comeBackInstead: Rule = { open: true, answer: async () => answer }

/** Whether that is what is asked for, by a page of this host or by an engine that does not say. */
export function isPieceOfPage(route: string, { fetchSite, serviceWorker }: Head): boolean {
  if (!route.startsWith('/web/') || !route.endsWith('.js') || serviceWorker !== undefined) return false
  return fetchSite === undefined || fetchSite === 'same-origin'
}
