const none: ReadonlySet<string> = new Set()

/** The names that `Connection` nominates as hop-by-hop (RFC 9110 §7.6.1), lower case. */
export function connectionOptions(value: string | undefined): ReadonlySet<string> {
  if (value === undefined || value === 'keep-alive' || value === 'close' || value === 'Upgrade') return none
  return new Set(
    value
      .toLowerCase()
      .split(',')
      .map((option) => option.trim()),
  )
}
