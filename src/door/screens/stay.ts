import type { Form } from '../../http/form.ts'
import { DAY, MINUTE } from '../../lib/clock.ts'
import { dayOf } from '../../lib/day.ts'
import type { Stay } from '../../logins/login.ts'

const LONGEST = 365 * DAY

/** First and last day that can be chosen, YYYY-MM-DD. */
export function daysToChoose(now: number): { min: string; max: string } {
  return { min: dayOf(now + DAY), max: dayOf(now + LONGEST) }
}

/** "For how long?" as sent; undefined when it is not one of the three, or not a day that can be chosen. */
export function stayOf(form: Form, now: number): Stay | undefined {
  switch (form.get('stay')) {
    case 'tonight':
      return { kind: 'tonight' }
    case 'ours':
      return { kind: 'ours' }
    case 'until': {
      const at = endOfDay(form.get('until') ?? '', form.get('zone') ?? '')
      return at !== undefined && at > now && at <= now + LONGEST + 2 * DAY ? { kind: 'until', at } : undefined
    }
    default:
      return undefined
  }
}

/** When a day ends in a time zone (IANA name, UTC when it is empty or unknown); undefined for what is no day. */
function endOfDay(day: string, zone: string): number | undefined {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(start)) return undefined
  const end = start + DAY
  return end - offsetAt(end, zone)
}

/** How far a zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  if (!/^[A-Za-z0-9_+/-]{1,64}$/.test(zone)) return 0
  try {
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE
  } catch {
    // No zone of this name.
    return 0
  }
}
