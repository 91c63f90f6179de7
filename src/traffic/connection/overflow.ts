/** What made a head too long, as far as the piece of it shows that the parser gave up on. */
export type Overflow =
  | { what: 'target' | 'fields' }
  /** `names`: of cookies that the piece shows. */
  | { what: 'cookies'; names: string[] }

/** As much as a browser sends for a page beside its cookies. */
const MOSTLY = 8192

/** Enough to get below the limit, and short enough for an answer. */
const MOST_NAMES = 60

/** Judges a piece of a head, latin1; it may begin and end anywhere in it, as networks and TLS cut it. */
export function overflowIn(piece: string): Overflow {
  const lines = piece.split('\r\n')
  const [first = ''] = lines
  const begins = /^[A-Z]+ /.test(first)
  // SECURITY(replace: isAmidCookies(line) → line.includes('; ')): the first line may be the rest of an address, and a page that leads there would sign people out. Test: K5: a long address clears no cookies, however it is spelled
  const cookies = lines.filter((line, i) => (i === 0 ? !begins && isAmidCookies(line) : /^cookie:/i.test(line)))
  if (cookies.reduce((sum, line) => sum + line.length, 0) > MOSTLY) {
    return { what: 'cookies', names: namesIn(cookies.join('; ')) }
  }
  return { what: lines.length === 1 || (begins && first.length > MOSTLY) ? 'target' : 'fields' }
}

/** Neither a target nor a Referer holds a blank, and the end of a request line is no cookie. */
function isAmidCookies(line: string): boolean {
  return /; [^\s;=]+=/.test(line) && !/ HTTP\/1\.[01]$/.test(line)
}

function namesIn(pairs: string): string[] {
  const names = [...pairs.matchAll(/(?:^cookie:|;) ?([!#$%&'*+.^_`|~\w-]{1,100})=/gi)].map(([, name = '']) => name)
  return [...new Set(names)].slice(0, MOST_NAMES)
}
