import type { MessageKind } from '../../pages/message-view.ts'

/** What a person reads, and what the operator finds in the log. */
type SignInError = { status: number; page: MessageKind; event: 'sign_in_declined' | 'sign_in_fail'; remedy?: string }

/**
 * Sorts the `error` of an authorization response (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6): somebody said no,
 * the provider cannot just now, or it will not as this place is set up, which no second try mends.
 */
export function sortSignInError(error: string): SignInError {
  switch (error) {
    case 'access_denied':
    case 'login_required':
    case 'consent_required':
    case 'interaction_required':
    case 'account_selection_required':
      return { status: 403, page: 'sign-in-declined', event: 'sign_in_declined' }
    case 'server_error':
    case 'temporarily_unavailable':
      return { status: 503, page: 'provider-unreachable', event: 'sign_in_fail' }
    default:
      return { status: 500, page: 'sign-in-refused', event: 'sign_in_fail', remedy: remedies.get(error) ?? lookThere }
  }
}

const lookThere = 'the log of the provider says why'

const remedies = new Map([
  // Keycloak, Authelia and Hydra refuse a scope that they, or the client there, do not have.
  ['invalid_scope', 'leave out of provider.scopes what this client may not ask for there'],
  ['unauthorized_client', 'allow this client the authorization code flow there'],
  ['unsupported_response_type', 'allow this client the authorization code flow there'],
])
