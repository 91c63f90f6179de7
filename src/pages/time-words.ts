import { DAY, HOUR, MINUTE, SECOND } from '../lib/clock.ts'
import type { Lang } from './views.ts'

/** British English: the day comes before the month, as in the other languages here. */
const locales: Record<Lang, string> = { en: 'en-GB', de: 'de-DE' }

/** "20 seconds ago", "yesterday", "in 5 hours": `ms` from now, negative for the past. */
export function relative(lang: Lang, ms: number): string {
  const format = new Intl.RelativeTimeFormat(locales[lang], { numeric: 'auto' })
  const size = Math.abs(ms)
  if (size < MINUTE) return format.format(Math.trunc(ms / SECOND), 'second')
  if (size < HOUR) return format.format(Math.trunc(ms / MINUTE), 'minute')
  if (size < DAY) return format.format(Math.trunc(ms / HOUR), 'hour')
  return format.format(Math.trunc(ms / DAY), 'day')
}

/** "12 May", with the year when it is not this one. `at` and `now` in milliseconds since the epoch, in the server's time zone. */
export function day(lang: Lang, at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return new Intl.DateTimeFormat(locales[lang], {
    day: 'numeric',
    month: 'long',
    ...(!sameYear && { year: 'numeric' }),
  }).format(at)
}
