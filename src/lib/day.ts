/** The day of a moment (a date, or milliseconds since the epoch) as YYYY-MM-DD, in UTC. */
export function dayOf(moment: Date | number): string {
  return new Date(moment).toISOString().slice(0, 10)
}
