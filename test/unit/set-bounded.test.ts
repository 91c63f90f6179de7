import { expect, test } from 'vitest'
import { setBounded } from '../../src/lib/set-bounded.ts'

test('a full map forgets what has stood in it for the longest, and grows no further', () => {
  const map = new Map<number, string>()
  for (let i = 0; i < 1000; i++) setBounded(map, 3, i, `${i}`)
  expect([...map]).toEqual([
    [997, '997'],
    [998, '998'],
    [999, '999'],
  ])
})
