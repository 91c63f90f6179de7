import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import { sendPage } from '../look.ts'
import { providerErrorPage, signInPage } from './pages.ts'
import type { DemoPerson } from './people.ts'

/** Where the provider sends people who have to sign in. */
export const signInPath = '/sign-in/'

const FORM_LIMIT_BYTES = 4096

/** The demo's one-button sign-in. `signedInAtSeconds` says when the person signed in; tests put it in the past. */
export function createSignIn(parts: {
  provider: Provider
  host: string
  people: readonly DemoPerson[]
  signedInAtSeconds: () => number
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { provider, host, people } = parts

  async function show(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    const client = await provider.Client.find(String(params['client_id']))
    const person = people.find(({ id }) => id === session?.accountId) ?? people[0]
    if (person === undefined) throw new Error('nobody lives here')
    const others = people.filter((other) => other !== person)
    const again = session?.accountId !== undefined && prompt.name === 'login'
    sendPage(response, 200, signInPage({ host, client: client?.clientName ?? 'the app', person, others, again }))
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readForm(request))
    const person = people.find(({ id }) => id === form.get('person'))
    if (person === undefined) {
      const result = { error: 'access_denied', error_description: 'the person pressed Cancel' }
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
    }
    const { session } = await provider.interactionDetails(request, response)
    const login = { accountId: person.id, remember: true, ts: parts.signedInAtSeconds() }
    const onward = await provider.interactionResult(request, response, { login, select_account: {} })
    if (session !== undefined && session.accountId !== person.id) await forget(session.uid)
    response.writeHead(303, { location: onward }).end()
  }

  /** Otherwise the provider asks the browser to sign the other person out, on a page that needs script. */
  async function forget(sessionUid: string): Promise<void> {
    const session = await provider.Session.findByUid(sessionUid)
    if (session === undefined) return
    delete session.accountId
    delete session.authorizations
    await session.persist()
  }

  return async (request, response) => {
    try {
      if (request.method === 'POST') await take(request, response)
      else await show(request, response)
    } catch {
      sendPage(response, 400, providerErrorPage(host, 'This sign-in has ended, or began in another browser.'))
    }
  }
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > FORM_LIMIT_BYTES) throw new Error('form too large')
  }
  return text
}
