import type { Head } from '../reading/head.ts'

/** What the client can make use of when we answer ourselves. */
export type AnswerForm = 'page' | 'json' | 'text'

/** A page for people, a problem document where JSON is asked for, one line for everything else. */
export function answerForm(head: Head): AnswerForm {
  if (isNavigation(head)) return 'page'
  return head.accept !== undefined && /[/+]json/i.test(head.accept) ? 'json' : 'text'
}

/**
 * Whether a document is asked for, to be shown. `Sec-Fetch-Mode` tells; `Sec-Fetch-Dest` does not, because requests that
 * an app's service worker sends again say `empty` there. Engines without it accept `text/html` by name when they navigate.
 */
export function isNavigation(head: Head): boolean {
  if (head.fetchMode !== undefined) return head.fetchMode === 'navigate'
  if (head.requestedWith?.toLowerCase() === 'xmlhttprequest') return false
  return head.accept?.toLowerCase().includes('text/html') ?? false
}

/** Whether nobody is looking yet (`Sec-Purpose: prefetch`, and its older names). */
export function isPrefetch(head: Head): boolean {
  return head.purpose !== undefined && /prefetch|prerender|preview/i.test(head.purpose)
}
