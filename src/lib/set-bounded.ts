/** Sets `key` in a map that remembers about `most` things: a full one forgets what has stood in it for the longest. */
export function setBounded<K, V>(map: Map<K, V>, most: number, key: K, value: V): void {
  if (map.size >= most) map.delete(map.keys().next().value as K)
  map.set(key, value)
}
