import type { RecipeConsent } from '../recipe.ts'
import { readAuthorizeRequest, withCode } from './authorize-request.ts'
import type { Bridge } from './bridge.ts'

/** "Let the Home Assistant app on this phone in as you?": what the app gets leaves the browser, so a person says yes. */
export function createConsent({ origin, bridge }: { origin: string; bridge: Bridge }): RecipeConsent {
  const read = (target: string) => {
    const request = readAuthorizeRequest(target, origin)
    return request?.kind === 'companion' ? request : undefined
  }
  return {
    asksFor: (target) => read(target) !== undefined,
    async give(found, target, place) {
      const request = read(target)
      const coded = request && (await bridge.codeFor(found, request, place))
      return request !== undefined && coded !== undefined && 'code' in coded ? withCode(request, coded.code) : undefined
    },
  }
}
