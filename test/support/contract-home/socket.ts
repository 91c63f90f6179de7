import type { WebSocket } from 'ws'
import { addUser, type HomeState, isAdmin, revoke, userOf } from './state.ts'

type Command = { id: number; type: string; [field: string]: unknown }

/** One connection at `/api/websocket`: a token first, then commands (A.1, A.7). */
export function converse(state: HomeState, socket: WebSocket): void {
  const say = (message: object) => socket.send(JSON.stringify(message))
  let token: string | undefined
  say({ type: 'auth_required', ha_version: '2025.4.4' })
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Command
    if (token === undefined) {
      const sent = message['access_token'] as string
      if (message.type !== 'auth' || userOf(state, sent) === undefined) {
        say({ type: 'auth_invalid', message: 'Invalid access token or password' })
        return socket.close()
      }
      token = sent
      watch(sent)
      return say({ type: 'auth_ok', ha_version: '2025.4.4' })
    }
    const said = obey(state, token, message)
    say({ id: message.id, type: 'result', ...said })
  })

  /** A refresh token that is ended takes its connections along (A.3). */
  function watch(sent: string): void {
    const timer = setInterval(() => userOf(state, sent) === undefined && socket.close(1000), 5)
    socket.once('close', () => clearInterval(timer))
  }
}

function obey(state: HomeState, token: string, { type, ...fields }: Command): object {
  const user = userOf(state, token)
  if (user === undefined) return no('unauthorized')
  if (type === 'auth/current_user') {
    return yes({ id: user.id, name: user.name, is_owner: user.is_owner, is_admin: isAdmin(user) })
  }
  if (type === 'webhook/list') {
    state.webhooksListed++
    return yes(
      [...state.webhooks].map(([webhook_id, name]) => ({ webhook_id, name, domain: 'automation', local_only: false })),
    )
  }
  if (type === 'get_config') return yes({ version: '2025.4.4' })
  if (!isAdmin(user)) return no('unauthorized')
  const username = String(fields['username'])
  switch (type) {
    case 'config/auth/list':
      return yes(state.users.map((one) => ({ ...one, username: nameOf(state, one.id), credentials: [] })))
    case 'config/auth/create':
      return yes({ user: addUser(state, String(fields['name']), { group_ids: fields['group_ids'] as string[] }) })
    case 'config/auth_provider/homeassistant/create':
      if (username !== username.toLowerCase()) return no('home_assistant_error', 'username_not_normalized')
      if (state.credentials.has(username)) return no('home_assistant_error', 'username_already_exists')
      if (Buffer.byteLength(String(fields['password'])) > 72) return no('unknown_error')
      state.credentials.set(username, { userId: String(fields['user_id']), password: String(fields['password']) })
      state.everCreated.push(username)
      return yes(null)
    case 'config/auth_provider/homeassistant/delete':
      return state.credentials.delete(username) ? yes(null) : no('credentials_not_found')
    case 'auth/delete_all_refresh_tokens':
      for (const one of state.grants.filter(({ userId }) => userId === user.id)) revoke(state, one.token)
      return yes(null)
    default:
      return no('unknown_command')
  }
}

/** The list shows one name of each user (A.2). */
function nameOf({ credentials }: HomeState, id: string): string | null {
  return [...credentials].find(([, { userId }]) => userId === id)?.[0] ?? null
}

const yes = (result: unknown) => ({ success: true, result })
const no = (code: string, translation_key?: string) => ({
  success: false,
  error: { code, message: '', translation_key },
})
