import type { ScreenKind } from '../screens/screen.ts'

/**
 * What each page shows. Pages are functions from a language and a view to a finished document; they know no
 * request, no record and no clock. Every string in a view is untrusted text and is escaped by the page.
 */

/** A finished document and the Content-Security-Policy that lets exactly its own style and script run. */
export type Page = { html: string; csp: string }

/** A code that the language negotiation knows. */
export type Lang = 'en' | 'de'

/** The device as people would say it: "LG TV"; an empty name is shown as "This TV", "This car" … by kind. */
export type DeviceView = { name: string; kind: ScreenKind; brand: string }

/** The page on the television (research: no script needed, old CSS only, three requests at most). */
export type ScreenView =
  | (ScreenBase & {
      state: 'waiting'
      /** Host of the door as shown under the QR and in front of `/d`. */
      doorHost: string
      /** Eight letters, 4-4. */
      userCode: string
      /** Whose page has the last yes: its button is called what the steps call it only on ours. */
      approvedAt: 'door' | 'provider'
      /** `modules` a side, quiet zone included. */
      qr: { src: string; modules: number }
      /** A phone has opened the link: the words change, code and QR stay. */
      opened: boolean
      /** Where the script asks by POST, and what it has seen. */
      wait: { url: string; seen: string }
    })
  | (ScreenBase & {
      /** Ends of the road, each with one press to go on: `denied` and `expired` post to `again`, the others are led there. */
      state: 'denied' | 'expired' | 'cookies-blocked' | 'unknown'
      again: string
    })
  /** A companion app's web view: a link to open in the real browser instead of a QR to scan. */
  | (ScreenBase & { state: 'webview'; open: string; userCode: string; wait: { url: string; seen: string } })

export type ScreenBase = {
  /** The operator's name for the place, "Home" by default. */
  place: string
  /** Title of the app that opens afterwards. */
  app: string
  /** This page's own address, for reloads. With `?still`, a page without script does not reload by itself. */
  self: string
  /** Form target of "Sign in on this TV instead". */
  elsewhere: string
  device: DeviceView
}

/** "How do you want to open it?", for devices that cannot be told apart. Two form targets. */
export type ChoiceView = { place: string; app: string; byPhone: string; here: string }

/** What the phone shows after the scan. `person` is absent while nobody is signed in at the door. */
export type ApproveView = {
  doorHost: string
  app: string
  device: DeviceView
  userCode: string
  /** Seconds since the screen asked. */
  askedSecondsAgo: number
  network: 'same' | 'different' | 'unknown'
  person?: { name: string }
  /** The choice that is selected at first. */
  stay: 'tonight' | 'ours' | 'until'
  /** Earliest and latest day for "until a date", YYYY-MM-DD. */
  until: { min: string; max: string }
  form: { action: string; token: string }
  /** Form target of "Not you?". */
  notYou: string
  /**
   * The provider's own page asks (RFC 8628 §3.3): its host and the way there. `typed`: the code has to be typed there;
   * `comeBack`: one more yes is wanted here afterwards. Without a link it cannot be asked now. A press on "Approve here
   * instead" posts `decision=here`.
   */
  upstream?: { host: string; link?: string; typed?: boolean; comeBack?: boolean }
}

/** On the way into the app. `reads`: keys of its storage that are sent along. */
export type EnterView = { place: string; app: string; post: string; reads: readonly string[] }

/** Why that did not work; `asItIs` is where "Open it anyway" posts to, `doorHost` what to open on the phone. */
export type EnterFailedView = EnterView & {
  failed: 'not-linked' | 'admin' | 'disabled' | 'app-down' | 'app-refuses' | 'storage'
  doorHost: string
  person: string
  asItIs: string
}

/** My screens. */
export type MeView = {
  doorHost: string
  person: { name: string }
  token: string
  /** Form targets. */
  revoke: string
  revokeAll: string
  signOut: string
  /** Where a code is typed: a link. */
  enterCode: string
  /** Native apps near by that ask to be let in, at most three. Each form posts `token`, `knock` and `decision`. */
  knocks: KnockFacts[]
  knock: { action: string; token: string }
  /** Where the page's script asks whether others do by now, and what it has seen. */
  watch?: { url: string; seen: string }
  screens: ScreenRow[]
  browsers: ScreenRow[]
  /** Those that know people of their own. */
  apps: AppRow[]
  /** Signed out here, and not yet inside the app. */
  owed: { app: string; device: DeviceView }[]
}

/** An app in the list of my screens: who somebody is there, `new` where an account is made at the first visit. */
export type AppRow = { app: string; href: string } & (
  | { as: 'known'; name: string }
  | { as: 'written' | 'new' | 'nobody' }
)

/** Who somebody is inside an app. Forms post `token`; those of the ways also `use`: `own` or `screens`. */
export type AppView = {
  doorHost: string
  app: string
  token: string
  /** What the last press has come to. */
  note?: 'wrong' | 'code-over' | 'app-down' | 'taken' | 'admin' | 'disabled' | 'not-linked'
  account?: {
    name: string
    how: 'config' | 'proved' | 'created'
    at: number
    state: 'here' | 'gone' | 'disabled' | 'unknown'
    /** The operator says so, and it cannot be changed here. */
    fixed: boolean
    admin?: boolean
  }
  /** Of somebody who administers the app: what their screens get. */
  screens?: { kind: 'the-same' | 'none' } | { kind: 'own'; name: string }
  /** The app's accounts may be made here. */
  makes: boolean
  /** How an account there can be shown: a link to the app's own page, and two form targets. */
  ways: { page?: string; code?: string; password?: string }
  make: string
  unlink: string
  back: string
}

/** Digits of the app's own to type where one is signed in. `self`: this page, for reloads. */
export type AppCodeView = { doorHost: string; app: string; digits: string; typedAt: string; self: string; back: string }

/** "Are you Kim there?" Posts `token` and `shown`. */
export type AppConfirmView = {
  doorHost: string
  app: string
  name: string
  use: 'own' | 'screens'
  form: { action: string; token: string; shown: string }
  back: string
}

/** A native app that shows six digits and asks to be let in. */
export type KnockFacts = {
  /** Names it in forms. */
  knock: string
  app: string
  device: DeviceView
  /** What the native app calls itself. */
  client: string
  digits: string
  askedSecondsAgo: number
  network: 'same' | 'different' | 'unknown'
}

export type ScreenRow = {
  ref: string
  /** The browser that this page is shown in. */
  here?: boolean
  device: DeviceView
  app: string
  onNow: boolean
  lastSeen: number
  since: number
  until: { kind: 'tonight' | 'ours' | 'date' | 'browser'; at: number }
}

/** Typing the code on a phone or desktop without a camera. */
export type CodeEntryView = { doorHost: string; action: string; token: string; wrong: boolean }

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
