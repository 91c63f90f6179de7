/** A place in the file, from 1. */
export type Place = { line: number; column: number }
