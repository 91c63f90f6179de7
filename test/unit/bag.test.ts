import { expect, test } from 'vitest'
import { createBag } from '../../src/lib/bag.ts'

test('a bag holds what was put in and not yet taken out, the same thing twice if need be', () => {
  const bag = createBag<string>()
  expect(bag.isEmpty()).toBe(true)
  const takeOut = ['a', 'b', 'c', 'b'].map((thing) => bag.add(thing))
  takeOut[0]?.()
  expect(bag.all().sort()).toEqual(['b', 'b', 'c'])
  takeOut[3]?.()
  expect(bag.all().sort()).toEqual(['b', 'c'])
  takeOut[2]?.()
  takeOut[1]?.()
  expect(bag.isEmpty()).toBe(true)
})

test('taking a thing out twice takes nothing else out', () => {
  const bag = createBag<string>()
  const takeOut = bag.add('a')
  takeOut()
  bag.add('b')
  takeOut()
  expect(bag.all()).toEqual(['b'])
})

test('a list of what is in a bag does not change with it', () => {
  const bag = createBag<string>()
  const takeOut = bag.add('a')
  const all = bag.all()
  takeOut()
  bag.add('b')
  expect(all).toEqual(['a'])
})
