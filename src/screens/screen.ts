/** What a request says about the device that sent it. Header values as received; undefined when absent. */
export type ScreenFacts = {
  userAgent: string | undefined
  /** `X-Requested-With`: Android web views send their app's id. */
  requestedWith?: string | undefined
  /** `Sec-CH-UA-Platform`, `-Model`, `-Form-Factors`, unparsed. */
  platformHint?: string | undefined
  modelHint?: string | undefined
  formFactorsHint?: string | undefined
}

/**
 * `constrained`: hard to type on, the QR page comes first. `capable`: signs in as usual. `uncertain`: gets a
 * choice. `webview`: a companion app that shows pages but must not leave the app's host.
 */
export type ScreenClass = 'constrained' | 'capable' | 'uncertain' | 'webview'

export type ScreenKind =
  | 'tv'
  | 'console'
  | 'car'
  | 'ereader'
  | 'headset'
  | 'watch'
  | 'smart-display'
  | 'signage'
  | 'phone'
  | 'tablet'
  | 'desktop'
  | 'app'
  | 'bot'
  | 'unknown'

/** It decides which login page is shown, never whether a login is needed or what is allowed. */
export type Screen = {
  class: ScreenClass
  kind: ScreenKind
  /** The maker as people say it ("LG", "Samsung", "PlayStation"), or '' when unknown. */
  brand: string
  /** Which rule spoke, for `entryphone classify`: short, human, stable. */
  why: string
}
