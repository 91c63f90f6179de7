/** Something of which there are too many: whose it is, and how much it would be missed, from 0. */
export type Surplus = { network: string; rank: number }

/** A network that has more than this share of all loses first, however its own would be missed. */
const FAIR_SHARE = 1 / 8

/** Looking through all of them for each one that has to go would cost more than the one that comes. */
const BATCHES = 64

/** Who makes up things makes up that they are missed as well: then those of a network with so many times as many go first. */
const MISSED_MORE = 8

/**
 * What to let go next, where there may be `most`. Of a network that takes more than its share, else of all: of the network
 * that has the most, and what would be missed least, each rank weighed against the number; else in the order given.
 */
export function chooseSurplus<T extends Surplus>(all: readonly T[], most: number): T[] {
  const counts = new Map<string, number>()
  for (const { network } of all) counts.set(network, (counts.get(network) ?? 0) + 1)
  const countOf = ({ network }: T) => counts.get(network) ?? 0
  const largest = Math.max(0, ...counts.values())
  // SECURITY(replace: most * FAIR_SHARE → Number.POSITIVE_INFINITY): whoever fills a table would push out other people's. Test: D12: whoever begins logins without end pushes out their own
  const greedy = largest > most * FAIR_SHARE
  // SECURITY(replace: MISSED_MORE ** → 1e6 **): strangers who open their own logins would push out all others. Test: D12: strangers whose logins are all opened and waited for push out their own before those of a home
  const weightOf = (one: T) => countOf(one) / MISSED_MORE ** one.rank
  return all
    .filter((one) => !greedy || countOf(one) === largest)
    .sort((a, b) => weightOf(b) - weightOf(a) || a.rank - b.rank)
    .slice(0, Math.ceil(most / BATCHES))
}
