import { fromAndroid } from './android-models.ts'
import { bareEngines } from './bare-engines.ts'
import { makerNamedIn } from './brands.ts'
import { carTokens } from './car-tokens.ts'
import { companionReason } from './companions.ts'
import { consoleTokens } from './console-tokens.ts'
import { fromHints } from './hints.ts'
import { lookAlikes } from './look-alikes.ts'
import { offerTokens } from './offer-tokens.ts'
import { ordinary } from './ordinary.ts'
import { firstAnswer } from './rules.ts'
import type { Screen, ScreenFacts } from './screen.ts'
import { secondOpinion } from './second-opinion.ts'
import { tvMakers } from './tv-makers.ts'
import { tvStandards } from './tv-standards.ts'

/** Header values are bytes as Latin-1, so this is a count of bytes. Real user agents are shorter. */
const MAX_BYTES = 512

// Cars before televisions (some are Fire TVs); consoles before televisions (PlayStation 5 says SmartTV too).
const tokens = [carTokens, consoleTokens, ...offerTokens, tvMakers, tvStandards, bareEngines]

/**
 * What kind of screen sent this request, and which rule says so. Pure; every input is cut before it is looked at.
 * The answer chooses a page. It must never decide whether a login is needed.
 */
export function classify(facts: ScreenFacts): Screen {
  const userAgent = cut(facts.userAgent)
  const requestedWith = cut(facts.requestedWith)
  const hints = { model: cut(facts.modelHint), formFactors: cut(facts.formFactorsHint), requestedWith }
  const device =
    firstAnswer(lookAlikes, userAgent) ??
    firstAnswer(tokens, userAgent) ??
    fromAndroid(userAgent) ??
    fromHints(hints) ??
    secondOpinion(userAgent) ??
    ordinary(userAgent, cut(facts.platformHint))
  return inCompanion(withMaker(device, userAgent), companionReason(userAgent, requestedWith))
}

/** A television's own words beat its platform: VIDAA is by Hisense, but runs on sets of other makers too. */
function withMaker(device: Screen, userAgent: string): Screen {
  if (device.kind !== 'tv') return device
  return { ...device, brand: makerNamedIn(userAgent) || device.brand }
}

/** A television or console stays one, even in a companion app: it shows the QR page on the app's host anyway. */
function inCompanion(device: Screen, reason: string | undefined): Screen {
  if (reason === undefined) return device
  if (device.class === 'constrained' && device.kind !== 'car') return device
  return { ...device, class: 'webview', why: reason }
}

function cut(value: string | undefined): string {
  return value === undefined ? '' : value.slice(0, MAX_BYTES)
}
