/** The television: a dark room with one warm light. Contrast with `night` and `panel` is kept by a test. */
export const dark = {
  night: '#0d1220',
  panel: '#151c30',
  text: '#f4f1ea',
  soft: '#b4bcd0',
  line: '#2c3654',
  /** Borders of things to press: 3:1 against `night`. */
  edge: '#7784a8',
  /** The light over the door. */
  lamp: '#ffc266',
  chip: '#26304d',
  good: '#7bd6a6',
  bad: '#ff9aa0',
} as const

/** Phones by day. The same names mean the same things. */
export const light = {
  night: '#f6f4ef',
  panel: '#ffffff',
  text: '#14182a',
  soft: '#565e75',
  line: '#e2ded4',
  edge: '#7d7a70',
  lamp: '#8a5200',
  chip: '#efece4',
  good: '#1c6b45',
  bad: '#a3272f',
} as const
