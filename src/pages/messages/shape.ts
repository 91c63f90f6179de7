import type { en } from './en.ts'

type Texts<T> = T extends string ? string : { readonly [K in keyof T]: Texts<T[K]> }

/** Every word of every page, shaped like the English ones: a language that lacks one does not compile. */
export type Messages = Texts<typeof en>
