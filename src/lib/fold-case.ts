/** ASCII alone: Unicode lower-casing makes other letters into these, such as the Kelvin sign into `k`. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
