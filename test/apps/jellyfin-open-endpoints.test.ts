import { expect, test } from 'vitest'
import { ask } from '../support/jellyfin/ask.ts'
import { useJellyfinHouse } from '../support/jellyfin/house.ts'
import { openEndpoints, spellingsOf } from '../support/jellyfin/open-endpoints.ts'
import { letTelevisionIn } from '../support/let-in.ts'

const { house, jellyfin } = useJellyfinHouse()

const statuses = async (origin: string, cookie = ''): Promise<string[]> => {
  const all = openEndpoints.flatMap(({ method, path }) => spellingsOf(path).map((target) => ({ method, target })))
  const seen = []
  for (const { method, target } of all) {
    const { status } = await ask(method, origin + target, { cookie, ...(method === 'POST' && { body: {} }) })
    seen.push(`${method} ${target} ${status}`)
  }
  return seen
}
const notEnding = (status: string, lines: string[]) => lines.filter((line) => !line.endsWith(` ${status}`))

test('what Jellyfin gives to anybody it gives in every spelling', async () => {
  expect(notEnding('200', await statuses(jellyfin().origin))).toEqual([])
})

test('the gate gives none of it to anybody, in any spelling, and all of it to who is let in', async () => {
  const before = jellyfin().asked.length
  expect(notEnding('401', await statuses(house.cinema))).toEqual([])
  expect(jellyfin().asked.length).toBe(before)
  const { tv } = await letTelevisionIn(house)
  expect(notEnding('200', await statuses(house.cinema, tv.browser.cookies(new URL(house.cinema).hostname)))).toEqual([])
})
