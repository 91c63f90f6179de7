import { OperatorError } from '../lib/operator-error.ts'
import type { RedisSettings } from './redis-settings.ts'

/** The oldest version that has what the scripts use (exclusive ranges of streams). */
export const OLDEST = [6, 2] as const

/** All that a user of Redis needs for us. `info`: the library asks a server whether it is ready. */
export const leastRights =
  'resetkeys ~entryphone:* resetchannels &entryphone:* nocommands ' +
  '+get +getrange +set +del +xadd +xrange +xrevrange +time +eval +evalsha +publish +subscribe ' +
  '+hello +info +ping +select +client|setname +cluster|slots'

/** What a message of the server or of the network means for the operator; `settings` say which server. */
export function explainRedis(message: string, settings: RedisSettings): OperatorError {
  const where = nameOf(settings)
  const said = message.replace(/^Redis: /, '')
  const is = (pattern: RegExp) => pattern.test(said)
  const [, sentinel, reason] = /^(Sentinel at \S+): (.*)$/s.exec(said) ?? []
  if (sentinel !== undefined && reason !== undefined)
    return explainSentinel(sentinel, reason, settings.sentinel?.master)
  if (is(/\bunknown command\b/i)) return tooOld(where, 'older than 6')
  if (is(/\bWRONGPASS\b|invalid password|without any password configured/)) {
    return new OperatorError(
      `${where} refuses the sign-in: wrong password, or there is no such user. Look at store and store_password_file.`,
    )
  }
  if (is(/\bNOAUTH\b/)) return new OperatorError(`${where} wants a password. Give it with store_password_file.`)
  if (is(/\bNOPERM\b|\bACL failure\b|can't (?:run|access)/)) {
    return new OperatorError(
      `${where} does not let this user do what is needed (${said}). Give it: ACL SETUSER NAME ${leastRights}`,
    )
  }
  if (is(/\bDB index\b/)) {
    return new OperatorError(`${where} has no database ${settings.database}. Look at the end of the address in store.`)
  }
  if (is(/cluster support disabled/)) {
    return new OperatorError(`${where} is no Cluster. Write its address without square brackets: store: redis://…`)
  }
  if (is(/\bREADONLY\b/)) return readOnly(where)
  if (is(/\bMISCONF\b/)) {
    return new OperatorError(`${where} takes no writes, because it cannot save to its disk. Its own log says why.`)
  }
  if (is(/\bOOM\b/)) {
    return new OperatorError(`${where} is full: it has reached its maxmemory. Raise that, or take out what it holds.`)
  }
  const [alert] = /alert (?:bad certificate|certificate required|decrypt error|unknown ca)/.exec(said) ?? []
  if (alert !== undefined) {
    return new OperatorError(`${where} wants another certificate of ours (${alert}). Look at store_tls.cert and key.`)
  }
  if (is(/altnames/i)) {
    return new OperatorError(`${where} is not believed: ${said.replace(/\.?$/, '.')} Look at store_tls.server_name.`)
  }
  if (is(/certificate/i)) {
    return new OperatorError(`${where} is not believed: ${said}. Name its authority in store_tls.ca_file.`)
  }
  if (is(/\bLOADING\b/)) return new OperatorError(`${where} is still reading its data. Start again when it is ready.`)
  if (is(/\bCLUSTERDOWN\b/)) return new OperatorError(`${where}: the Cluster is down (${said}).`)
  return new OperatorError(
    `${where} cannot be reached: ${said.replace(/\.?$/, '.')} Look at the address in store, and at redis:// or rediss://.`,
  )
}

/** The server is older than what the scripts need. */
export function tooOld(where: string, version: string): OperatorError {
  return new OperatorError(`${where} is Redis ${version}. Entryphone needs ${OLDEST.join('.')} or newer.`)
}

/** The server takes no writes from us. */
export function readOnly(where: string): OperatorError {
  return new OperatorError(`${where} is a read-only replica. Name the primary.`)
}

/** What messages call the server. */
export function nameOf({ nodes, sentinel }: RedisSettings): string {
  const places = nodes.map(({ host, port }) => `${host}:${port}`).join(', ')
  return sentinel === undefined ? `Redis at ${places}` : `Redis "${sentinel.master}" of the Sentinels at ${places}`
}

function explainSentinel(where: string, reason: string, name: string | undefined): OperatorError {
  const is = (pattern: RegExp) => pattern.test(reason)
  if (is(/^no such name$/)) {
    return new OperatorError(`${where} knows no server of the name "${name}". Look at the end of the address in store.`)
  }
  if (is(/\bunknown command\b/i)) {
    return new OperatorError(`${where} is no Sentinel, but a Redis. Write store: redis://host:6379`)
  }
  if (is(/\bNOAUTH\b|\bWRONGPASS\b|invalid password|without any password configured/)) {
    return new OperatorError(`${where} wants another password (${reason}). Look at store_sentinel_password_file.`)
  }
  if (is(/certificate|altnames/i)) {
    return new OperatorError(`${where} is not believed: ${reason.replace(/\.?$/, '.')} Look at store_tls.`)
  }
  return new OperatorError(
    `${where} cannot be reached: ${reason.replace(/\.?$/, '.')} No other one leads to the server.`,
  )
}
