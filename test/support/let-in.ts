import type { House } from './house.ts'
import type { Person } from './person.ts'
import { createPhone, pressYes, scan, signInAtProvider } from './phone.ts'
import { openOnTelevision, type WaitingTelevision } from './television.ts'

/** A television that `person` has let in, signed in and ready, and the phone that did it. */
export async function letTelevisionIn(
  house: Pick<House, 'cinema'>,
  { person = 'Robin', stay = { stay: 'ours' } as Record<string, string> } = {},
): Promise<{ tv: WaitingTelevision; phone: Person }> {
  const tv = await openOnTelevision(house)
  const phone = createPhone()
  const done = await pressYes(phone, await scan(phone, tv.link, person), stay)
  if (done.status !== 200) throw new Error(`not approved: ${done.status} ${await done.text()}`)
  const collected = await tv.collect()
  if (collected.headers.get('location') !== '/films/42?t=90') throw new Error('not collected')
  return { tv, phone }
}

/** A phone that is signed in at the door. */
export async function signedInPhone(house: House, person = 'Robin'): Promise<Person> {
  const phone = createPhone()
  await signInAtProvider(phone, new URL(`${house.door}/me`), person)
  return phone
}
