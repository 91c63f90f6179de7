import { UAParser } from 'ua-parser-js'
import type { Screen } from './screen.ts'

/**
 * The answer of ua-parser-js to a user agent that none of our rules knows. It seldom takes a phone or a computer for
 * a screen, but misses most televisions, so it only comes second. Undefined when it does not know the device.
 * The one place that knows ua-parser-js (1.x, MIT; version 2 is under the AGPL and must not be used).
 */
export function secondOpinion(userAgent: string): Screen | undefined {
  const { type, vendor } = new UAParser(userAgent).getDevice()
  const brand = vendor ?? ''
  switch (type) {
    case 'smarttv':
      return { class: 'constrained', kind: 'tv', brand, why: 'the list of ua-parser-js knows it as a television' }
    case 'console':
      return { class: 'constrained', kind: 'console', brand, why: 'the list of ua-parser-js knows it as a console' }
    case 'wearable':
      return { class: 'uncertain', kind: 'watch', brand, why: 'the list of ua-parser-js knows it as a wearable' }
    case 'mobile':
    case 'tablet': {
      const kind = type === 'mobile' ? 'phone' : 'tablet'
      return { class: 'capable', kind, brand, why: `it is an ordinary ${kind}` }
    }
    default:
      return undefined
  }
}
