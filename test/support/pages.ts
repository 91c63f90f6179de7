import { appPage } from '../../src/pages/app.ts'
import { appCodePage } from '../../src/pages/app-code.ts'
import { appConfirmPage } from '../../src/pages/app-confirm.ts'
import { approvePage } from '../../src/pages/approve.ts'
import { challengePage } from '../../src/pages/challenge.ts'
import { choicePage } from '../../src/pages/choice.ts'
import { codeEntryPage } from '../../src/pages/code-entry.ts'
import { enterPage } from '../../src/pages/enter.ts'
import { enterFailedPage } from '../../src/pages/enter-failed.ts'
import type { AppView } from '../../src/pages/inside-views.ts'
import { mePage } from '../../src/pages/me.ts'
import { messagePage } from '../../src/pages/message.ts'
import type { MessageKind, MessageView } from '../../src/pages/message-view.ts'
import { words } from '../../src/pages/messages.ts'
import { screenPage } from '../../src/pages/screen.ts'
import type { AppRow, ApproveView, DeviceView, Lang, Page, ScreenRow, ScreenView } from '../../src/pages/views.ts'
import { callerRows } from './caller-rows.ts'
import { knockPages } from './knock-pages.ts'

/** One page in one state. `on`: where people see it. */
export type Sample = { name: string; on: 'screen' | 'phone'; page: Page }

/**
 * Every page in every state, with values as they come in real life, or with `hostile` in place of each text that is
 * not an address of ours.
 */
export function samplePages(
  lang: Lang,
  options: { hostile?: string; modules?: number; app?: string; person?: string } = {},
): Sample[] {
  const text = (usual: string): string => options.hostile ?? usual
  const app = text(options.app ?? 'Jellyfin')
  const robin = text(options.person ?? 'Robin')
  const doorHost = text('door.home.example')
  const token = text('form-token')
  const userCode = text('BCDF-GHJK')
  const now = Date.UTC(2026, 10, 26, 19, 0)
  const tv: DeviceView = { name: text('LG TV'), kind: 'tv', brand: 'LG' }
  const own = '/.entryphone/auth/abc'
  const base = { place: text('Home'), app, self: `${own}/`, elsewhere: '/.entryphone/auth/way/here?to=x', device: tv }
  const wait = { url: `${own}/wait`, seen: text('seen') }
  const waiting: ScreenView = {
    ...base,
    state: 'waiting',
    doorHost,
    userCode,
    approvedAt: 'door',
    qr: { src: '/qr.png', modules: options.modules ?? 37 },
    opened: false,
    wait,
  }
  const screen = (name: string, page: Page): Sample => ({ name, on: 'screen', page })
  const television = (name: string, view: ScreenView): Sample => screen(`screen-${name}`, screenPage(lang, view))
  const ends = (['denied', 'expired', 'cookies-blocked', 'unknown'] as const).map((state) =>
    television(state, { ...base, state, again: `${own}/again` }),
  )

  const approve: ApproveView = {
    doorHost,
    app,
    device: tv,
    userCode,
    askedSecondsAgo: 20,
    network: 'same',
    person: { name: robin },
    stay: 'ours',
    until: { min: '2026-11-27', max: '2027-12-31' },
    form: { action: '/d/abc/answer', token },
    notYou: '/d/abc/other',
  }
  const { person: _nobody, ...stranger } = approve
  const provider = { host: text('id.home.example') }
  // The longest that people give their things.
  const long = {
    app: text('Donaudampfschifffahrtsgesellschaftskino'),
    doorHost: text('entryphone.mueller-schmidt.dyndns-home.example:8443'),
    person: { name: text('maximiliane.theodora.hohenstein@very-long-domain.example') },
    device: { ...tv, name: text('Panasonic Viera Connect TV in the garden house') },
  }
  const phone = (name: string, page: Page): Sample => ({ name, on: 'phone', page })

  const hour = 3_600_000
  const row = (device: DeviceView, rest: Partial<ScreenRow>): ScreenRow => ({
    ref: text('ref'),
    device,
    app,
    onNow: false,
    lastSeen: now - 26 * hour,
    since: now - 206 * 24 * hour,
    until: { kind: 'ours', at: now + 400 * 24 * hour },
    ...rest,
  })
  const screens = [
    row({ name: text('Living room TV'), kind: 'tv', brand: 'LG' }, { onNow: true }),
    row({ name: text('Tesla'), kind: 'car', brand: 'Tesla' }, { until: { kind: 'date', at: now + 12 * 24 * hour } }),
    row(
      { name: '', kind: 'console', brand: '' },
      { until: { kind: 'tonight', at: now + 5 * hour }, lastSeen: now - hour },
    ),
  ]
  const browser: ScreenRow['until'] = { kind: 'browser', at: now + 30 * 24 * hour }
  const browsers = [
    row({ name: text('iPhone'), kind: 'phone', brand: 'Apple' }, { here: true, onNow: true, until: browser }),
    row({ name: text('Firefox on Linux'), kind: 'desktop', brand: '' }, { until: browser }),
  ]
  const me = {
    doorHost,
    person: { name: robin },
    token,
    revoke: '/me/revoke',
    revokeAll: '/me/revoke-all',
    signOut: '/me/sign-out',
    enterCode: '/d',
    apps: [] as AppRow[],
    knocks: [],
    knock: { action: '/knock', token },
    owed: [],
  }
  const knocking = knockPages(lang, { me: { ...me, screens, browsers }, text, app, long: long.app, now })

  const apps: AppRow[] = [
    { app, href: '/me/apps/jellyfin', as: 'known', name: text('anna'), callers: true },
    { app: text('Home Assistant'), href: '/me/apps/home', as: 'nobody' },
    { app: text('Music'), href: '/me/apps/music', as: 'written' },
    { app: text('Books'), href: '/me/apps/books', as: 'new' },
  ]
  const anna = { name: text('anna'), how: 'proved', at: now - 30 * 24 * hour, state: 'here', fixed: false } as const
  const ways = { code: '/me/apps/jellyfin/code', password: '/me/apps/jellyfin/password' }
  const nobody: AppView = {
    doorHost,
    app,
    token,
    makes: false,
    ways,
    make: '/me/apps/jellyfin/make',
    unlink: '/me/apps/jellyfin/unlink',
    back: '/me',
  }
  const admin: AppView = { ...nobody, account: { ...anna, admin: true }, screens: { kind: 'none' } }
  const notes = ['wrong', 'code-over', 'app-down', 'taken', 'admin', 'disabled', 'not-linked'] as const
  const app_ = (name: string, view: AppView): Sample => phone(`app-${name}`, appPage(lang, view, now))
  const aboutApps = [
    app_('nobody', nobody),
    app_('nobody-yet', { ...nobody, makes: true }),
    app_('page', { ...nobody, ways: { page: 'https://ha.home.example/.entryphone/auth/prove' } }),
    ...notes.map((note) => app_(`note-${note}`, { ...nobody, note })),
    app_('known', { ...nobody, account: anna }),
    app_('fixed', { ...nobody, account: { ...anna, how: 'config', fixed: true } }),
    app_('created', { ...nobody, account: { ...anna, how: 'created' } }),
    ...(['gone', 'disabled', 'unknown'] as const).map((state) =>
      app_(state, { ...nobody, account: { ...anna, state } }),
    ),
    app_('admin', admin),
    app_('admin-makes', { ...admin, makes: true }),
    app_('admin-screens', { ...admin, screens: { kind: 'own', name: text('Robin TV') } }),
    app_('admin-callers', { ...admin, callers: { action: '/me/apps/jellyfin/callers', rows: callerRows(text, now) } }),
    app_('admin-same', { ...admin, screens: { kind: 'the-same' } }),
    app_('long', { ...admin, ...long, account: { ...anna, name: long.person.name, admin: true } }),
    phone(
      'app-code',
      appCodePage(lang, {
        doorHost,
        app,
        digits: text('482913'),
        typedAt: text('Quick Connect'),
        self: '/me/apps/jellyfin/code?code=x',
        back: '/me/apps/jellyfin',
      }),
    ),
    ...(['own', 'screens'] as const).map((use) =>
      phone(
        `app-confirm-${use}`,
        appConfirmPage(lang, {
          doorHost,
          app,
          name: text('Kim'),
          use,
          form: { action: '/me/apps/jellyfin/confirm', token, shown: text('shown') },
          back: '/me/apps/jellyfin',
        }),
      ),
    ),
  ]
  const entering = { place: text('Home'), app, post: '/.entryphone/auth/enter', reads: ['_deviceId2'] }
  const failures = ['not-linked', 'admin', 'disabled', 'app-down', 'app-refuses', 'storage'] as const
  const enter = [
    screen('enter', enterPage(lang, entering)),
    ...failures.map((failed) =>
      screen(
        `enter-${failed}`,
        enterFailedPage(lang, { ...entering, failed, doorHost, person: robin, asItIs: '/.entryphone/auth/as-it-is' }),
      ),
    ),
  ]

  const kinds = Object.keys(words(lang).messages) as MessageKind[]
  const messages = kinds.map((kind): Sample => {
    const params = { app, person: robin, device: tv, host: text('jellyfin.home.example') }
    const view: MessageView = { kind, params, place: text('door.home.example'), actions: actionsFor[kind] ?? [] }
    return { name: `message-${kind}`, on: 'phone', page: messagePage(lang, view) }
  })

  return [
    television('waiting', waiting),
    television('opened', { ...waiting, opened: true }),
    television('provider', { ...waiting, approvedAt: 'provider' }),
    television('still', { ...waiting, self: `${own}/?still` }),
    television('ereader', { ...waiting, device: { name: '', kind: 'ereader', brand: 'Kobo' } }),
    television('long', { ...waiting, ...long, place: text('Müller-Schmidt, Lindenstraße 12, zweiter Stock') }),
    ...ends,
    phone(
      'screen-webview',
      screenPage(lang, { ...base, state: 'webview', open: 'https://door.home.example/d/x', userCode, wait }),
    ),
    screen('choice', choicePage(lang, { place: text('Home'), app, byPhone: '/way/phone', here: '/way/here' })),
    screen('challenge', challengePage(lang, { link: '/.entryphone/auth/start?to=x', title: app, place: text('Home') })),
    screen(
      'challenge-webview',
      challengePage(lang, { link: '/.entryphone/auth/start?to=x', title: app, webview: true }),
    ),
    phone('approve', approvePage(lang, approve)),
    phone(
      'approve-different',
      approvePage(lang, { ...approve, network: 'different', stay: 'tonight', askedSecondsAgo: 95 }),
    ),
    phone('approve-until', approvePage(lang, { ...approve, network: 'unknown', stay: 'until' })),
    phone('approve-stranger', approvePage(lang, stranger)),
    phone(
      'approve-provider',
      approvePage(lang, { ...stranger, upstream: { ...provider, link: 'https://id.home.example/device' } }),
    ),
    phone(
      'approve-provider-typed',
      approvePage(lang, {
        ...stranger,
        upstream: { ...provider, link: 'https://id.home.example/device', typed: true, comeBack: true },
      }),
    ),
    phone('approve-provider-silent', approvePage(lang, { ...stranger, upstream: provider })),
    phone('approve-long', approvePage(lang, { ...approve, ...long, network: 'different' })),
    phone('me', mePage(lang, { ...me, screens, browsers, apps }, now)),
    ...aboutApps,
    ...enter,
    phone('me-empty', mePage(lang, { ...me, screens: [], browsers: browsers.slice(0, 1) }, now)),
    ...Object.entries(knocking).map(([name, page]) => phone(name, page)),
    phone('code-entry', codeEntryPage(lang, { doorHost, action: '/d', token, wrong: false })),
    phone('code-entry-wrong', codeEntryPage(lang, { doorHost, action: '/d', token, wrong: true })),
    phone(
      'message-long',
      messagePage(lang, {
        kind: 'not-allowed',
        place: long.doorHost,
        params: { app: long.app, person: long.person.name, device: long.device },
        actions: actionsFor['not-allowed'] ?? [],
      }),
    ),
    ...messages,
  ]
}

const actionsFor: Partial<Record<MessageKind, NonNullable<MessageView['actions']>>> = {
  approved: [{ label: 'my-screens', href: '/me' }],
  'approved-nobody': [
    { label: 'link-app', href: '/me/apps/jellyfin' },
    { label: 'my-screens', href: '/me' },
  ],
  'approved-admin': [
    { label: 'choose-account', href: '/me/apps/jellyfin' },
    { label: 'my-screens', href: '/me' },
  ],
  denied: [{ label: 'my-screens', href: '/me' }],
  'code-unknown': [{ label: 'enter-code', href: '/d' }],
  'not-allowed': [
    { label: 'other-account', post: '/other', token: 'form-token' },
    { label: 'my-screens', href: '/me' },
  ],
  'signed-in-here': [
    { label: 'sign-out', post: '/sign-out' },
    { label: 'open-app', href: '/' },
  ],
  'upstream-down': [{ label: 'try-again', href: '/' }],
}
