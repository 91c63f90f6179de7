/** One line of `check --online`. `text` is a sentence, `remedy` what to do; neither holds a secret. */
export type Finding = { level: 'fine' | 'warning' | 'problem'; text: string; remedy?: string }
