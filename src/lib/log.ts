/** Where events are told. Fields are plain facts; never a cookie, code, token, query or claim. */
export interface Log {
  /** Something that the operator may want to know: `event` is stable, snake_case. */
  notice(event: string, fields?: LogFields): void
  /** Something that needs the operator; a field `remedy` says what to do. */
  warn(event: string, fields?: LogFields): void
  /** One line for each request. */
  request(fields: LogFields): void
}

/** The fields of one event; undefined ones are left out. */
export type LogFields = Record<string, string | number | boolean | undefined>

/** Says nothing. */
export const silentLog: Log = { notice: () => undefined, warn: () => undefined, request: () => undefined }
