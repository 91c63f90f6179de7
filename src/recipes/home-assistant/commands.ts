import { WebSocket } from 'undici'
import { type Clock, SECOND } from '../../lib/clock.ts'
import { AppFault } from '../app-fault.ts'
import type { AppRoad } from '../app-road.ts'
import { readText } from './answers.ts'

/** What is ever said on a WebSocket of ours. */
export type Command =
  | 'auth/current_user'
  | 'config/auth/list'
  | 'config/auth/create'
  | 'config/auth_provider/homeassistant/create'
  | 'config/auth_provider/homeassistant/delete'
  | 'get_config'
  | 'webhook/list'

/** Home Assistant has understood a command and refuses it. */
export class SaidNo extends AppFault {
  readonly code: string
  constructor(command: Command, code: string) {
    super('app-refuses', `${command} ${code}`)
    this.name = 'SaidNo'
    this.code = code
  }
}

/** Says one command with an access token; rejects with an `AppFault`. */
export type Commands = <T>(token: string, command: Command, fields?: Record<string, unknown>) => Promise<T>

/** Password hashes on a small board take more than a second each. */
const PATIENCE_MS = 10 * SECOND

type Message = { type?: unknown; id?: unknown; success?: unknown; result?: unknown; error?: unknown }

/**
 * Home Assistant's WebSocket API, one connection for each command: signing in is rare, and a connection that is kept
 * would have to be mended.
 */
export function createCommands({ agent, url }: Pick<AppRoad, 'agent' | 'url'>, clock: Clock): Commands {
  return <T>(token: string, command: Command, fields: Record<string, unknown> = {}) =>
    new Promise<T>((resolve, reject) => {
      const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/websocket`, { dispatcher: agent })
      const cancel = clock.after(PATIENCE_MS, () => end(new AppFault('app-down', `${command} takes too long`)))
      function end(fault: AppFault) {
        cancel()
        socket.close()
        reject(fault)
      }
      socket.addEventListener('error', () => end(new AppFault('app-down', `${command} has no connection`)))
      socket.addEventListener('close', () => end(new AppFault('app-down', `${command} was cut off`)))
      socket.addEventListener('message', ({ data }) => {
        const message = readText(data) as Message | undefined
        switch (message?.type) {
          case 'auth_required':
            return socket.send(JSON.stringify({ type: 'auth', access_token: token }))
          case 'auth_ok':
            return socket.send(JSON.stringify({ ...fields, id: 1, type: command }))
          case 'auth_invalid':
            return end(new AppFault('app-refuses', 'the token is not accepted'))
          case 'result':
            if (message.success !== true) return end(new SaidNo(command, codeOf(message.error)))
            cancel()
            resolve(message.result as T)
            return socket.close()
          default:
            return end(new AppFault('app-down', `${command} was answered with nonsense`))
        }
      })
    })
}

/** Its word for why not: the precise one where it gives one. Never its message, which may hold names. */
function codeOf(error: unknown): string {
  const { code, translation_key: key } = (error ?? {}) as { code?: unknown; translation_key?: unknown }
  const word = typeof key === 'string' ? key : code
  return typeof word === 'string' && /^[\w.-]{1,64}$/.test(word) ? word : 'unknown'
}
