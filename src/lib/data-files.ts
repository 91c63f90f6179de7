/** Names of what a data directory holds. */
export const DATABASE = 'entryphone.sqlite'
export const KEY = 'key'

/** A damaged database gets this and the time behind its name. */
export const DAMAGED = '.damaged-'
