import { knockPage } from '../../src/pages/knock.ts'
import { mePage } from '../../src/pages/me.ts'
import type { KnockFacts, Lang, MeView, Page } from '../../src/pages/views.ts'

/** The pages that ask whether a native app may come in, and that tell what an app has still to end, by name. */
export function knockPages(
  lang: Lang,
  { me, text, app, long, now }: { me: MeView; text(usual: string): string; app: string; long: string; now: number },
): Record<string, Page> {
  const facts: KnockFacts = {
    knock: 'sealed',
    app,
    device: { name: text('Fire TV'), kind: 'tv', brand: '' },
    client: text('Jellyfin Android TV'),
    digits: text('482913'),
    askedSecondsAgo: 20,
    network: 'same',
  }
  const unnamed: KnockFacts = { ...facts, device: { name: '', kind: 'app', brand: '' } }
  const longest: KnockFacts = { ...facts, app: long, client: long, device: { ...facts.device, name: long } }
  const ask = (one: KnockFacts) =>
    knockPage(lang, { doorHost: me.doorHost, person: me.person, facts: one, form: me.knock })
  const watch = { url: '/me/knocks', seen: text('seen') }
  const owed = [facts, unnamed].map(({ device }) => ({ app, device }))
  return {
    'me-knocks': mePage(lang, { ...me, watch, knocks: [facts, unnamed] }, now),
    'me-knocks-long': mePage(lang, { ...me, watch, knocks: [longest] }, now),
    'me-owed': mePage(lang, { ...me, owed }, now),
    knock: ask(facts),
    'knock-different': ask({ ...facts, network: 'different' }),
    'knock-unnamed': ask({ ...unnamed, network: 'unknown' }),
    'knock-long': ask(longest),
  }
}
