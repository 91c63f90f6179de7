/** Of a flat header (name, value, name, value …) the fields whose name, in lower case, may stay. */
export function keepFields(header: readonly string[], mayStay: (name: string) => boolean): string[] {
  return header.filter((_, index) => mayStay((header[index & ~1] as string).toLowerCase()))
}
