import type * as Library from 'oidc-provider'
// The package's entry warns on every Node that is not an LTS release yet, and we fetch the current Node for people.
// Its parts do not warn; the types know the entry alone.
// @ts-expect-error: no declaration file
import * as policy from 'oidc-provider/lib/helpers/interaction_policy/index.js'
// @ts-expect-error: no declaration file
import { Provider as UntypedProvider } from 'oidc-provider/lib/provider.js'

export const OpenIdProvider = UntypedProvider as typeof Library.Provider
export const interactionPolicy = policy as typeof Library.interactionPolicy
