import type { Form } from '../http/form.ts'
import { DAY, MINUTE } from '../lib/clock.ts'
import type { Stay } from '../logins/login.ts'

const LONGEST = 365 * DAY

/** First and last day that can be chosen, YYYY-MM-DD. */
export function daysToChoose(now: number): { min: string; max: string } {
  return { min: dayOf(now + DAY), max: dayOf(now + LONGEST) }
}

/** "For how long?" as sent; undefined when it is not one of the three, or not a day that may be chosen. */
export function stayOf(form: Form, now: number): Stay | undefined {
  switch (form.get('stay')) {
    case 'tonight':
      return { kind: 'tonight' }
    case 'ours':
      return { kind: 'ours' }
    case 'until': {
      const day = /^\d{4}-\d{2}-\d{2}$/.exec(form.get('until') ?? '')?.[0]
      // Minutes as `Date.prototype.getTimezoneOffset` gives them; without script the day ends in UTC.
      const zone = Number(form.get('zone') ?? '0')
      if (day === undefined || !(Math.abs(zone) <= 14 * 60)) return undefined
      const at = Date.parse(`${day}T00:00:00Z`) + DAY + zone * MINUTE
      return at > now && at <= now + LONGEST + 2 * DAY ? { kind: 'until', at } : undefined
    }
    default:
      return undefined
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
