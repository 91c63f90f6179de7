import { beforeAll, inject } from 'vitest'
import type { FurnishedHome } from './home-assistant-people.ts'

/** Where the Home Assistant of this suite is or will be; undefined where that part is missing. */
export const homePort = inject('homeAssistant')?.port

/** The Home Assistant of this suite, for the tests of a file, once everybody has moved in. */
export function useFurnishedHome(): FurnishedHome {
  const home = {} as FurnishedHome
  beforeAll(async () => {
    const reception = inject('homeAssistant')?.reception
    if (reception === undefined) return
    const answer = await fetch(`http://127.0.0.1:${reception}`)
    if (!answer.ok) throw new Error(await answer.text())
    Object.assign(home, await answer.json())
  }, 120_000)
  return home
}
