import { type Connect, createPerson, type Person } from './person.ts'
import { PHONE } from './television.ts'

/** A page with a form, as far as a person presses its buttons. */
export type FormPage = { url: URL; html: string; action: URL; fields: Record<string, string> }

/** A phone in somebody's hand. */
export const createPhone = (connect?: Connect): Person => createPerson({ 'user-agent': PHONE }, connect)

/** Opens a page and reads its first form that has `needle` in it: target and hidden fields. */
export async function openForm(phone: Person, url: string | URL, needle = ''): Promise<FormPage> {
  const { url: at, response } = await phone.follow(url, () => false)
  if (response === undefined) throw new Error('no page')
  return readForm(at, await response.text(), needle)
}

/** The first form of a page that has `needle` in it. */
export function readForm(url: URL, html: string, needle = ''): FormPage {
  const form = [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)]
    .map(([text]) => text)
    .find((text) => text.includes(needle))
  if (form === undefined) throw new Error(`no form with "${needle}" in ${html.slice(0, 3000)}`)
  const fields: Record<string, string> = {}
  for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined && /type="hidden"/.test(input)) fields[name] = /\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''
  }
  const action = /<form\b[^>]*\baction="([^"]*)"/.exec(form)?.[1] ?? url.href
  return { url, html, action: new URL(action.replaceAll('&amp;', '&'), url), fields }
}

/**
 * Signs in at the provider from its page on, as `person` (the text on the button), and comes back to whatever the
 * house shows then, or to the first address where `stopAt` says so.
 */
export async function signInAtProvider(
  phone: Person,
  start: URL,
  person = 'Robin',
  stopAt: (url: URL) => boolean = () => false,
): Promise<{ url: URL; html: string }> {
  const there = await phone.follow(start, () => false)
  const html = (await there.response?.text()) ?? ''
  const button = [...html.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].find(([, , text]) =>
    text?.includes(person),
  )
  // Somebody who is signed in at the provider already is not asked.
  if (button === undefined) return { url: there.url, html }
  const form = readForm(there.url, html, button[0])
  const name = /\bname="([^"]*)"/.exec(button[1] ?? '')?.[1]
  const value = /\bvalue="([^"]*)"/.exec(button[1] ?? '')?.[1] ?? ''
  const answer = await phone.go(form.action, { ...form.fields, ...(name !== undefined && { [name]: value }) })
  const next = answer.headers.get('location')
  if (next === null) return { url: form.action, html: await answer.text() }
  const back = await phone.follow(new URL(next, form.action), stopAt)
  return { url: back.url, html: (await back.response?.text()) ?? '' }
}

/** Scans `link`, signs in when asked, and stands on the approve page. */
export async function scan(phone: Person, link: string, person = 'Robin'): Promise<FormPage> {
  const page = await openForm(phone, link)
  if (!page.html.includes('value="sign-in"')) return page
  const left = await phone.go(page.action, { ...page.fields, decision: 'sign-in' })
  const { url, html } = await signInAtProvider(phone, new URL(left.headers.get('location') ?? '', page.url), person)
  return readForm(url, html, 'decision')
}

/** Presses "Yes, let it in". */
export function pressYes(
  phone: Person,
  page: FormPage,
  stay: Record<string, string> = { stay: 'tonight' },
): Promise<Response> {
  return phone.go(page.action, { ...page.fields, decision: 'approve', ...stay })
}

/** Presses "No, stop". */
export function pressNo(phone: Person, page: FormPage): Promise<Response> {
  return phone.go(page.action, { ...page.fields, decision: 'deny' })
}

/** Signs the first screen in the list at the door out. */
export async function signOutFirst(door: string, phone: Person): Promise<void> {
  const address = new URL(`${door}/me`)
  const form = readForm(address, await (await phone.go(address)).text(), 'name="ref"')
  const { status } = await phone.go(form.action, form.fields)
  if (status !== 303) throw new Error(`not signed out: ${status}`)
}
