/**
 * Things in no order that come and go with every request. Not a `Set`: each table that a Set outgrows keeps pointing at
 * the next one (V8), so that one old table holds on to whatever passed through later, until the slow collector comes.
 */
export interface Bag<T> {
  /** Puts a thing in. The result takes it out again; a second call does nothing. */
  add(thing: T): () => void
  /** What is in it now, as a list of its own. */
  all(): T[]
  isEmpty(): boolean
}

export function createBag<T>(): Bag<T> {
  const places: { thing: T; index: number }[] = []
  return {
    add(thing) {
      const place = { thing, index: places.length }
      places.push(place)
      return () => {
        if (places[place.index] !== place) return
        const last = places.pop() as typeof place
        if (last === place) return
        places[place.index] = last
        last.index = place.index
      }
    },
    all: () => places.map(({ thing }) => thing),
    isEmpty: () => places.length === 0,
  }
}
