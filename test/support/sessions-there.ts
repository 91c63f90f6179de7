import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { openCommands, signIn, wayHere, wayTo } from './home-assistant-client.ts'
import { type FurnishedHome, people } from './home-assistant-people.ts'

/** What Home Assistant itself says of who is signed in there. */
export type SessionsThere = {
  /** Lines of YAML for its app: the recipe, the token, and who is who: from a `sub` to a name of `people`. */
  lines(users?: Record<string, keyof FurnishedHome['users']>, more?: string): string
  /** Ids of the sessions that somebody has in browsers at `origin`. */
  sessionsOf(name: keyof FurnishedHome['users'], origin: string): Promise<string[]>
  /** One-time names that are still there, of anybody. */
  leftovers(): Promise<string[]>
  /** Sends everything that a browser held to the gate, in every way; the ways in which something came through. */
  replay(origin: string, held: Held): Promise<string[]>
}

/** All that a browser holds of an app. */
export type Held = {
  tokens: { access_token: string; refresh_token: string } | undefined
  cookies: string
  urls: string[]
}

export function useSessionsThere(home: FurnishedHome): SessionsThere {
  const dir = mkdtempSync(join(tmpdir(), 'entryphone-token-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  return {
    lines(users = {}, more = '') {
      const file = join(dir, 'token')
      writeFileSync(file, home.adminToken ?? 'unused', { mode: 0o600 })
      const pairs = Object.entries(users).map(([sub, name]) => `${sub}: ${home.users?.[name]}`)
      return `    recipe: home-assistant\n    sign_in: { token_file: ${file}, users: { ${pairs.join(', ')} } ${more} }\n`
    },
    async sessionsOf(name, origin) {
      const way = wayTo(home.origin)
      const tokens = await signIn(way, people[name])
      const commands = await openCommands(way, tokens.access_token)
      const all = await commands.ask<{ id: string; client_id: string | null }[]>('auth/refresh_tokens')
      commands.close()
      await way.send('/auth/revoke', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `token=${tokens.refresh_token}`,
      })
      return all.filter(({ client_id }) => client_id === `${origin}/`).map(({ id }) => id)
    },
    async leftovers() {
      const commands = await openCommands(wayTo(home.origin), home.adminToken)
      const users = await commands.ask<{ username: string | null }[]>('config/auth/list')
      commands.close()
      return users.flatMap(({ username }) => (username?.startsWith('once-') === true ? [username] : []))
    },
    async replay(origin, { tokens, cookies, urls }) {
      const came: string[] = []
      const { access_token = '', refresh_token = '' } = tokens ?? {}
      const bearer = { authorization: `Bearer ${access_token}` }
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      const refresh = `grant_type=refresh_token&refresh_token=${refresh_token}&client_id=${encodeURIComponent(`${origin}/`)}`
      for (const extra of [{}, { cookie: cookies }, { 'user-agent': 'Home Assistant/2025.1 (Android 14; Pixel 8)' }]) {
        const way = wayHere(origin, { ...extra })
        for (const path of ['/', '/api/', '/api/states', '/lovelace/0', ...urls]) {
          for (const headers of [{}, bearer]) {
            const { status } = await way.send(path, { headers })
            if (status >= 200 && status < 300) came.push(`${path} ${JSON.stringify(extra)}`)
          }
        }
        const { status } = await way.send('/auth/token', { method: 'POST', headers: form, body: refresh })
        if (status === 200) came.push(`refresh ${JSON.stringify(extra)}`)
        await openCommands(way, access_token).then(
          (commands) => {
            commands.close()
            came.push(`socket ${JSON.stringify(extra)}`)
          },
          () => undefined,
        )
      }
      return came
    },
  }
}

/** What a page of Home Assistant's has left in its browser. */
export async function tokensOf(page: Page): Promise<Held> {
  const stored = await page.evaluate(() => localStorage.getItem('hassTokens'))
  const cookies = await page.context().cookies()
  return {
    tokens: stored === null ? undefined : (JSON.parse(stored) as NonNullable<Held['tokens']>),
    cookies: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
    urls: [],
  }
}

/** Who Home Assistant's own page thinks is there. */
export async function whoIsThere(page: Page): Promise<string> {
  const name = await page.waitForFunction(`document.querySelector('home-assistant')?.hass?.user?.name`)
  return String(await name.jsonValue())
}
