import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { mayOpenNetworkRooms } from './network-room.ts'
import { mayMount } from './small-disk.ts'

/**
 * Programs that some tests need and that no package brings. Each is looked for here and nowhere else; a test file
 * says what it needs with `needPart('chromium-64')` and skips with `describe.skipIf(part === undefined)`. The end of
 * `npm test` names every part that was missing and the command that brings it; with CI=true a missing part fails.
 */

export type EngineName = 'webkit-538' | 'chromium-64'
export type PartName =
  | 'chromium'
  | 'redis'
  | 'sentinel'
  | 'haproxy'
  | 'nginx'
  | 'caddy'
  | 'python3'
  | 'glewlwyd'
  | 'small-disk'
  | 'network-room'
  | 'faketime'
  | 'home-assistant'
  | EngineName

type Part = { what: string; bring: string; find: () => string | undefined }

/** Where `npm run parts` puts what it fetches. */
export const partsFolder = resolve(import.meta.dirname, '../../.parts')

/** Every package of the Home Assistant that tests run, with its version. */
export const homeAssistantPins = resolve(import.meta.dirname, '../apps/home-assistant-pins.txt')

export const parts: Record<PartName, Part> = {
  chromium: { what: "today's Chromium", bring: 'apt-get install chromium-headless-shell', find: findChromium },
  redis: { what: 'redis-server', bring: 'apt-get install redis-server', find: () => findInPath(['redis-server']) },
  nginx: { what: 'nginx', bring: 'apt-get install nginx-light', find: () => findInPath(['nginx'], ['/usr/sbin']) },
  sentinel: {
    what: 'redis-sentinel',
    bring: 'apt-get install redis-sentinel',
    find: () => findInPath(['redis-sentinel']),
  },
  haproxy: {
    what: 'HAProxy',
    bring: 'apt-get install haproxy',
    find: () => findInPath(['haproxy'], ['/usr/sbin']),
  },
  caddy: { what: 'Caddy', bring: 'apt-get install caddy', find: () => findInPath(['caddy']) },
  python3: { what: 'Python', bring: 'apt-get install python3', find: () => findInPath(['python3']) },
  glewlwyd: {
    what: 'Glewlwyd, a provider with a device grant',
    bring:
      "echo 'glewlwyd glewlwyd/config_type select No configuration' | debconf-set-selections; " +
      'apt-get install --no-install-recommends glewlwyd dbconfig-no-thanks',
    find: () => findInPath(['glewlwyd']),
  },
  'small-disk': {
    what: 'a small disk to fill',
    bring: 'sudo npm test (mounting needs root)',
    find: () => (mayMount() ? 'mount' : undefined),
  },
  'network-room': {
    what: 'a network of its own for a process',
    bring: 'apt-get install iproute2; sudo npm test (network namespaces need root)',
    find: () => (mayOpenNetworkRooms() ? 'ip' : undefined),
  },
  faketime: {
    what: 'libfaketime, which lets a process live fast',
    bring: 'apt-get install faketime',
    find: () => findMultiarch('faketime/libfaketime.so.1'),
  },
  'webkit-538': {
    what: 'WebKit 538, the engine of 2015 televisions',
    bring: 'npm run parts',
    find: () => findEngine('webkit-538'),
  },
  'chromium-64': {
    what: 'Chromium 64, the engine of 2018 televisions',
    bring: 'npm run parts',
    find: () => findEngine('chromium-64'),
  },
  'home-assistant': {
    what: 'Home Assistant',
    bring: 'npm run parts',
    find: findHomeAssistant,
  },
}

/**
 * Path of Chromium or Chrome: `ENTRYPHONE_CHROMIUM`, else PATH, else where macOS keeps it. The same engine without the
 * windows around it costs a fifth of the time.
 */
function findChromium(): string | undefined {
  const named = process.env['ENTRYPHONE_CHROMIUM']
  if (named) return named
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const applications = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome']
  return findInPath(names) ?? applications.map((name) => join('/Applications', name)).find((file) => existsSync(file))
}

function findInPath(names: string[], further: string[] = []): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...further]
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file))
}

/** A library below Debian's folder for this kind of machine. */
function findMultiarch(name: string): string | undefined {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string]
  const file = `/usr/lib/${machine}-linux-gnu/${name}`
  return existsSync(file) ? file : undefined
}

/** Path of an old engine's program, as `npm run parts` left it. */
function findEngine(name: EngineName): string | undefined {
  const file = join(partsFolder, name, name === 'webkit-538' ? 'phantomjs' : 'chromium')
  return existsSync(file) ? file : undefined
}

/** Path of the Python that has Home Assistant, when it is made from the pins of today. */
function findHomeAssistant(): string | undefined {
  const folder = join(partsFolder, 'home-assistant')
  const pins = join(folder, 'pins.txt')
  if (!existsSync(pins) || readFileSync(pins, 'utf8') !== readFileSync(homeAssistantPins, 'utf8')) return undefined
  return join(folder, 'bin/python')
}

/** The path of a part that this test file needs, or undefined: skip then. Throws in CI, where nothing may be skipped. */
export function needPart(name: PartName): string | undefined {
  const found = parts[name].find()
  if (found === undefined && process.env['CI'] === 'true') {
    throw new Error(`${parts[name].what} is missing, and CI must not skip it. Bring it with: ${parts[name].bring}`)
  }
  return found
}
