import type { IAsyncProperty, IProperty } from 'fast-check'

/** Something that takes what strangers send, and what must hold of it whatever that is. */
export type FuzzTarget = {
  /** Reads well after `--only`. */
  name: string
  /** How many times the usual share of the time it gets. */
  share?: number
  /** Builds what the property needs. */
  open(): Promise<OpenTarget>
}

export type OpenTarget = {
  /** Throws or is false where something that must hold does not. */
  // biome-ignore lint/suspicious/noExplicitAny: each property has inputs of its own type
  property: IProperty<any> | IAsyncProperty<any>
  close(): Promise<void>
}

/** A target that needs nothing but its property. */
export function pureTarget(name: string, property: OpenTarget['property']): FuzzTarget {
  return { name, open: async () => ({ property, close: async () => undefined }) }
}

/** Says what does not hold. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
