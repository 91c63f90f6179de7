/** Something of which there are too many: whose it is, and how much it would be missed, from 0. */
export type Surplus = { network: string; rank: number }

/** A network that has more than this share of all loses first, however its own would be missed. */
const FAIR_SHARE = 1 / 8

/** Looking through all of them for each one that has to go would cost more than the one that comes. */
const BATCHES = 64

/**
 * What to let go next, where there may be `most`. Of a network that takes more than its share, else of all: what would
 * be missed least, of the network that has the most, in the order given.
 */
export function chooseSurplus<T extends Surplus>(all: readonly T[], most: number): T[] {
  const counts = new Map<string, number>()
  for (const { network } of all) counts.set(network, (counts.get(network) ?? 0) + 1)
  const countOf = ({ network }: T) => counts.get(network) ?? 0
  const largest = Math.max(0, ...counts.values())
  // SECURITY(replace: most * FAIR_SHARE → Number.POSITIVE_INFINITY): whoever fills a table would push out other people's. Test: D12: whoever begins logins without end pushes out their own
  const greedy = largest > most * FAIR_SHARE
  return all
    .filter((one) => !greedy || countOf(one) === largest)
    .sort((a, b) => a.rank - b.rank || countOf(b) - countOf(a))
    .slice(0, Math.ceil(most / BATCHES))
}
