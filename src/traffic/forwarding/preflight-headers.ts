import { keepFields } from './keep-fields.ts'
import { nameList } from './name-list.ts'

/** Whose scripts may ask for what (Fetch §3.3.3), and what a cache in between has to know. */
const isTold = nameList(['access-control-*', 'cache-control', 'date', 'vary'])

/**
 * The header of an answer to a CORS preflight: of what the app says only what a browser needs, as anybody may have
 * asked. It has no body. Flat in, flat out.
 */
export function preflightHeaders(headers: readonly string[], status: number): string[] {
  const told = keepFields(headers, isTold)
  return status === 204 ? told : [...told, 'Content-Length', '0']
}
