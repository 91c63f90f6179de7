import { expect, test } from 'vitest'
import { createDesktop, signInOnDesktop } from '../../support/desktop.ts'
import { useHouse } from '../../support/house.ts'
import { createPhone, pressYes, scan } from '../../support/phone.ts'
import { openOnTelevision } from '../../support/television.ts'

const house = useHouse({ process: true, trustLoopback: true })

const CROWD = 50

test('N10: fifty people sign in and let their televisions in at once, and everybody is who they are', async () => {
  const names = Array.from({ length: CROWD }, (_, i) => `Person ${String(i).padStart(2, '0')}.`)
  house.issuer.setOption(
    'people',
    names.map((name, i) => ({ id: `person-${i}`, name, email: `person-${i}@home.example`, emailVerified: true })),
  )
  await Promise.all(
    names.map(async (name, i) => {
      // Each from a home of its own.
      const from = { 'x-forwarded-for': `198.51.100.${i}` }
      const tv = await openOnTelevision(house, { target: `/films/42?t=${i}`, headers: from })
      const phone = createPhone()
      const [page, desktop] = await Promise.all([
        scan(phone, tv.link, name),
        signInOnDesktop(house, house.library, '/', name, createDesktop()),
      ])
      expect(page.html).toContain(tv.userCode)
      expect((await pressYes(phone, page, { stay: 'tonight', here: 'yes' })).status).toBe(200)
      expect((await tv.collect()).headers.get('location')).toBe(`/films/42?t=${i}`)

      // Whom each host, and the door, takes them for.
      const [onTv, onDesktop, me] = await Promise.all([
        tv.browser.go(`${house.cinema}/.entryphone/auth/sign-out`),
        desktop.browser.go(`${house.library}/.entryphone/auth/sign-out`),
        phone.go(`${house.door}/me`),
      ])
      for (const answer of [onTv, onDesktop, me]) {
        const html = await answer.text()
        expect(names.filter((one) => html.includes(one))).toEqual([name])
      }
    }),
  )
}, 60_000)
