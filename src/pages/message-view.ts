import type { DeviceView } from './views.ts'

/**
 * Everything that is said in one heading and one or two sentences. Each kind has its own words in the message
 * table; `params` fill them.
 */
export type MessageKind =
  // on the phone
  | 'approved'
  | 'denied'
  | 'code-unknown'
  | 'link-ended'
  | 'already-in'
  | 'someone-else'
  | 'not-allowed'
  | 'knock-ended'
  | 'knock-not-linked'
  | 'knock-admin'
  | 'knock-disabled'
  | 'knock-left'
  | 'knock-refused'
  | 'sign-in-declined'
  | 'sign-in-refused'
  | 'sign-in-failed'
  | 'sign-in-stale'
  | 'provider-unreachable'
  | 'form-stale'
  | 'signed-out'
  | 'too-many-tries'
  | 'too-many-presses'
  | 'too-many-proofs'
  | 'approved-nobody'
  | 'approved-admin'
  // on an app's host
  | 'not-saved'
  | 'ticket-ended'
  | 'cookies-blocked'
  | 'screen-signed-out'
  | 'signed-in-here'
  | 'signed-out-of-app'
  | 'enter-not-linked'
  | 'enter-admin'
  | 'enter-disabled'
  | 'enter-app-down'
  | 'enter-app-refuses'
  | 'enter-storage'
  | 'confirm-app'
  | 'proved'
  | 'proof-failed'
  | 'proof-taken'
  | 'proof-admin'
  | 'proof-ended'
  // anywhere
  | 'bad-request'
  | 'too-many-starts'
  | 'too-much-sent'
  | 'unknown-host'
  | 'not-found'
  | 'cross-site'
  | 'method-not-allowed'
  | 'upstream-down'
  | 'upstream-slow'
  | 'internal-error'
  | 'not-kept'

/** One of them, and what can be pressed there. */
export type MessageView = {
  kind: MessageKind
  /** Beside the mark: the place's name, or the door's host. */
  place?: string
  params?: { app?: string; person?: string; device?: DeviceView; host?: string }
  /** Shown as buttons, the first one strongest. A `post` action is a form. */
  actions?: { label: ActionLabel; href?: string; post?: string; token?: string }[]
  /** The page asks for itself again after so many seconds. */
  reloadSeconds?: number
}

/** What is pressed; each has its word in the message table. */
export type ActionLabel =
  | 'try-again'
  | 'my-screens'
  | 'open-app'
  | 'enter-code'
  | 'sign-in'
  | 'sign-out'
  | 'use-phone'
  | 'other-account'
  | 'back'
  | 'open-as-it-is'
  | 'sign-in-again'
  | 'link-app'
  | 'choose-account'
  | 'yes-let-it-in'
