import type { ChallengeView } from './challenge.ts'
import { challengePage } from './challenge.ts'
import { chooseLang } from './language.ts'
import { messagePage } from './message.ts'
import type { MessageView } from './message-view.ts'
import type { Lang, Page } from './views.ts'

/** The pages that stand in for an app's own, on any host, in the name of one place. */
export type GatePages = {
  chooseLang(acceptLanguage: string | undefined): Lang
  challenge(lang: Lang, view: Omit<ChallengeView, 'place'>): Page
  message(lang: Lang, view: MessageView): Page
}

/** `place`: what the operator calls it. */
export function createGatePages(place: string): GatePages {
  return {
    chooseLang,
    challenge: (lang, view) => challengePage(lang, { place, ...view }),
    // Who knocks at a host that is none of ours learns no name.
    message: (lang, view) => messagePage(lang, { ...(view.params && { place }), ...view }),
  }
}
