import { describe, expect, test, vi } from 'vitest'
import { MINUTE, SECOND } from '../../src/lib/clock.ts'
import { startChromium64 } from '../support/chromium64.ts'
import { createFakeClock } from '../support/clock.ts'
import { useHouse } from '../support/house.ts'
import { waitInPage } from '../support/old-engine.ts'
import { needPart } from '../support/parts.ts'
import { createStrangers } from '../support/strangers.ts'
import { LG_TV } from '../support/television.ts'
import { startWebKit538 } from '../support/webkit538.ts'

const clock = createFakeClock(Date.now())
const house = useHouse({ clock })
vi.setConfig({ testTimeout: 60_000 })

const engines = [
  { name: 'WebKit 538', program: needPart('webkit-538'), start: startWebKit538 },
  { name: 'Chromium 64', program: needPart('chromium-64'), start: startChromium64 },
]

describe.each(engines)('on $name', ({ program, start }) => {
  test.skipIf(program === undefined)(
    'a screen that is asked to wait shows its code when the time is over, without a key press',
    async () => {
      const strangers = await createStrangers(house)
      await strangers.beginMany(80, () => '')
      await strangers.close()
      const tv = await start(program ?? '', { userAgent: LG_TV, port: house.port })
      try {
        await tv.open(`${house.cinema}/films/42?t=90`)
        await waitInPage(tv, '/One moment, please/.test(document.title)')
        await clock.advance(2 * SECOND)
        await waitInPage(tv, "document.querySelector('.code')")
        expect(await tv.url()).toContain('/.entryphone/auth/')
      } finally {
        await tv.close()
      }
    },
  )

  test.skipIf(program === undefined)(
    'K5: a screen with too many cookies is rid of them and goes on, without a key press',
    async () => {
      const tv = await start(program ?? '', { userAgent: LG_TV, port: house.port })
      try {
        await clock.advance(MINUTE)
        await tv.open(`${house.cinema}/films/42?t=90`)
        await waitInPage(tv, "document.querySelector('.code')")
        await tv.evaluate(
          `(function () { for (var i = 0; i < 45; i++) document.cookie = 'big' + i + '=' + new Array(900).join('x') + '; path=/'; return 1 })()`,
        )
        expect(await tv.evaluate('document.cookie.length')).toBeGreaterThan(33_000)
        await tv.open(`${house.cinema}/films/43`)
        await waitInPage(tv, '/sends too much/.test(document.title)')
        await waitInPage(tv, "document.querySelector('.code')")
        expect(await tv.evaluate('document.cookie.length')).toBeLessThan(100)
      } finally {
        await tv.close()
      }
    },
  )
})
