import type { ScreenKind } from '../screens/screen.ts'
import { type Child, type Html, html } from './html.ts'
import { de } from './messages/de.ts'
import { en } from './messages/en.ts'
import type { Messages } from './messages/shape.ts'
import type { DeviceView, Lang } from './views.ts'

const tables: Record<Lang, Messages> = { en, de }

export function words(lang: Lang): Messages {
  return tables[lang]
}

/** Fills `{name}` places of a message. Values are escaped unless they are markup already; a missing one stays empty. */
export function say(message: string, values: Record<string, Child> = {}): Html {
  // Odd pieces are the names between the braces.
  const pieces = message.split(/\{(\w+)\}/)
  return html`${pieces.map((piece, i) => (i % 2 === 0 ? piece : values[piece]))}`
}

/** The same as plain text, for titles and attributes. */
export function sayText(message: string, values: Record<string, string> = {}): string {
  return message.replace(/\{(\w+)\}/g, (_place, name: string) => values[name] ?? '')
}

/** "this TV", "The TV", "it", in the cases that the language needs. */
export function deviceWords(lang: Lang, kind: ScreenKind): Record<string, string> {
  const { kinds, articles } = words(lang)
  const { noun, gender } = kinds[kind]
  const { it, ...forms } = articles[gender as keyof typeof articles]
  return {
    noun,
    it,
    ...Object.fromEntries(Object.entries(forms).map(([form, article]) => [form, `${article} ${noun}`])),
  }
}

/** What to call a device: its own name, else "This TV" in the reader's language. */
export function deviceName(lang: Lang, device: DeviceView): string {
  return device.name || (deviceWords(lang, device.kind)['This'] ?? '')
}
