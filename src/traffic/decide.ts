import { judge } from '../sessions/allow.ts'
import type { AnswerForm } from './answering/answer-form.ts'
import { answerForm, isNavigation, isPrefetch } from './answering/answer-form.ts'
import type { RefusalCode } from './answering/refusals.ts'
import type { AppRules, Facts } from './facts.ts'
import type { Passage } from './passage.ts'
import type { Head } from './reading/head.ts'
import { hasBody } from './reading/head.ts'

/** What is to be done, as plain data; acting on it is somebody else's work. `why` is for the log. */
export type Decision =
  | { kind: 'forward'; why: Passage['by'] }
  | { kind: 'challenge'; how: ChallengeForm; why: 'no-session' | 'other-session' | 'credential-refused' }
  | { kind: 'refuse'; code: RefusalCode; why: string }

/** `not-saved`: a form that was sent without a session. `worker`: the script of a service worker is asked for. */
export type ChallengeForm = AnswerForm | 'not-saved' | 'worker'

const forwardSession: Decision = { kind: 'forward', why: 'session' }
const forwardPreflight: Decision = { kind: 'forward', why: 'preflight' }

/** Judges one request. Everything that is not allowed by name is challenged or refused. */
export function decide(facts: Facts): Decision {
  const { app, head, session, recipe } = facts
  if (isPreflight(head) && allowsReadsFrom(app, head.origin)) return forwardPreflight
  // SECURITY: what one session was given inside the app is nothing in another's hands, and nothing when it is over. Test: an app's credential of another session is refused whatever the cookie says
  if (recipe?.holder.kind === 'refused') return { kind: 'challenge', how: bareForm(head), why: 'credential-refused' }
  const foreign = foreignness(facts)
  // SECURITY: the browser adds the session's cookie whoever asks. Test: what another site sends is refused before the app sees it
  if (foreign !== undefined) return admission(facts) ?? { kind: 'refuse', code: 'cross-site', why: foreign }
  const isDevice = recipe?.holder.kind === 'device'
  // SECURITY(replace: isDevice || session → session): a native device would outlive its own end beside a cookie. Test: a native device beside somebody’s cookie is itself: it is cut off with its own session, and takes no cookie along
  if (isDevice || session?.app !== app.name) {
    const admitted = admission(facts)
    if (admitted !== undefined) return admitted
  }
  // SECURITY(replace: isDevice → false): who may not open the app would do so beside the cookie of one who may. Test: a native device of a person who may no longer open the app is refused beside the cookie of one who may
  if (isDevice) return { kind: 'challenge', how: bareForm(head), why: 'credential-refused' }
  // SECURITY: nothing goes on without somebody who answers for it. Test: a request without a session never reaches the app
  if (session === undefined) return { kind: 'challenge', how: challengeForm(facts), why: 'no-session' }
  // SECURITY: a session opens the one app it was made for. Test: the session of another app never counts
  if (session.app !== app.name) return { kind: 'challenge', how: challengeForm(facts), why: 'other-session' }
  const verdict = judge(app.allow, session.approvedBy)
  // SECURITY: being somebody is not being allowed. Test: somebody who is not on the list is refused
  if (!verdict.allowed) return { kind: 'refuse', code: 'not-allowed', why: verdict.reason }
  return forwardSession
}

/** What goes on without the cookie: it is nothing that a browser adds by itself, so no other site can make use of it. */
function admission({ app, recipe }: Facts): Decision | undefined {
  if (recipe === undefined) return undefined
  const { open, holder } = recipe
  if (holder.kind === 'device') {
    const { session } = holder.found
    const verdict = judge(app.allow, session.approvedBy)
    // SECURITY: a native device is let in by a person, and only where that person is. Test: a native device of a person who may no longer open the app is refused
    if (session.app === app.name && verdict.allowed) return { kind: 'forward', why: 'device' }
  }
  // SECURITY(replace: judge(app.allow, holder.of).allowed → true): a user of the app is not therefore somebody who may open it here. Test: where an app is for some, what it vouches for counts for nothing, unless it is one of them
  if (holder.kind === 'app' && judge(app.allow, holder.of).allowed) return { kind: 'forward', why: 'app' }
  return open ? { kind: 'forward', why: 'open' } : undefined
}

/** Why the cookie does not count: another site has sent the request. */
export function foreignness({ app, head, webSocket }: Pick<Facts, 'app' | 'head' | 'webSocket'>): string | undefined {
  if (isPreflight(head)) return undefined
  return webSocket ? foreignSocket(app, head) : foreignWrite(app, head)
}

/** Whether scripts of `origin` may read what this app answers. */
export function allowsReadsFrom(app: AppRules, origin: string | undefined): boolean {
  return origin !== undefined && (app.cors.includes('*') || app.cors.includes(origin.toLowerCase()))
}

/** A CORS preflight (Fetch §3.2.2): the browser asks on behalf of a script, without cookies and without a body. */
function isPreflight(head: Head): boolean {
  return head.method === 'OPTIONS' && head.origin !== undefined && head.preflightMethod !== undefined && !hasBody(head)
}

/** Why a WebSocket comes from another site. Browsers always name the origin; whoever names none is no browser. */
function foreignSocket(app: AppRules, head: Head): string | undefined {
  return head.origin === undefined || isKnownOrigin(app, head.origin) ? undefined : 'foreign-origin'
}

/** Why an unsafe request (RFC 9110 §9.2.1) comes from another site. */
function foreignWrite(app: AppRules, head: Head): string | undefined {
  if (head.method === 'GET' || head.method === 'HEAD' || head.method === 'OPTIONS') return undefined
  const { origin, fetchSite } = head
  if (origin !== undefined && isKnownOrigin(app, origin)) return undefined
  if (fetchSite === undefined) return origin === undefined ? undefined : 'foreign-origin'
  if (fetchSite !== 'same-origin' && fetchSite !== 'none') return 'foreign-site'
  // A page that sends no Referer sends `Origin: null` with its own forms; the browser still vouches for the site.
  return origin === undefined || origin === 'null' ? undefined : 'foreign-origin'
}

function isKnownOrigin(app: AppRules, origin: string): boolean {
  const wanted = origin.toLowerCase()
  return wanted === app.origin || app.trustedOrigins.includes(wanted)
}

function challengeForm({ head, webSocket }: Facts): ChallengeForm {
  if (webSocket || head.method === 'HEAD' || isPrefetch(head)) return bareForm(head)
  if (head.method === 'GET') return head.serviceWorker === 'script' ? 'worker' : answerForm(head)
  return isNavigation(head) ? 'not-saved' : answerForm(head)
}

/** For callers that show no page. */
function bareForm(head: Head): 'json' | 'text' {
  return answerForm(head) === 'json' ? 'json' : 'text'
}
