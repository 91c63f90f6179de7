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
export type AppRow = {
  app: string
  href: string
  /** There is also something to see of callers without a sign-in. */
  callers?: boolean
} & ({ as: 'known'; name: string } | { as: 'written' | 'new' | 'nobody' })

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
