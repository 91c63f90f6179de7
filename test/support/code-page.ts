import type { Person } from './person.ts'

/** The page of `oidc-provider` on which a phone compares the code. */
export type CodePage = {
  html: string
  /** "Yes, sign it in", then through the sign-in page as `who` if it comes. The page at the end. */
  approve(who: string): Promise<string>
  /** "No, stop". The page at the end. */
  deny(): Promise<string>
}

/** A phone opens the link with the code in it; its script sends the form that comes first, as every browser does. */
export async function openCodePage(person: Person, link: string): Promise<CodePage> {
  const page = new URL(link)
  const code = page.searchParams.get('user_code') ?? ''
  page.search = ''
  const first = await (await person.go(link)).text()
  const html = await (await person.go(page, { xsrf: xsrfOf(first), user_code: code })).text()
  const press = (choice: Record<string, string>) => person.go(page, { xsrf: xsrfOf(html), user_code: code, ...choice })
  return {
    html,
    async approve(who) {
      const answer = await press({ confirm: 'yes' })
      let end = await person.follow(new URL(answer.headers.get('location') ?? '', page), () => false)
      if (end.url.pathname.startsWith('/sign-in/')) {
        const signedIn = await person.go(end.url, { person: who })
        end = await person.follow(new URL(signedIn.headers.get('location') ?? '', page), () => false)
      }
      return (await end.response?.text()) ?? ''
    },
    deny: async () => (await press({ abort: 'yes' })).text(),
  }
}

function xsrfOf(html: string): string {
  return /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
}
