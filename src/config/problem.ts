/** Where in the config file: `['apps', 'jellyfin', 'host']`. Empty: the file as a whole. */
export type Path = readonly (string | number)[]

/** One thing that is wrong, and what to do about it. Never holds a secret. */
export type Problem = {
  /** `apps.jellyfin.host`, `listen[1]`; empty for the file as a whole. */
  path: string
  /** From 1. */
  line?: number
  /** From 1, in characters. */
  column?: number
  /** A sentence that goes on after the path: "is not a host name." */
  message: string
  hint?: string
}

/** `['apps', 'a', 'cors', 0]` as `apps.a.cors[0]`. */
export function pathText(path: Path): string {
  let written = ''
  for (const step of path) {
    if (typeof step === 'number') written += `[${step}]`
    else written += written === '' ? step : `.${step}`
  }
  return printable(written)
}

/** Problems for people, one to three lines each; editors and terminals can follow `file:line:column`. */
export function formatProblems(file: string, problems: readonly Problem[]): string {
  return problems.map((problem) => formatProblem(file, problem)).join('\n')
}

function formatProblem(file: string, { path, line, column, message, hint }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const subject = path === '' ? 'The file' : path
  return `${place}: ${subject} ${message}${hint === undefined ? '' : `\n    ${hint}`}`
}

/** Text without control characters, so that a hostile file cannot write to the terminal, and of bounded length. */
export function printable(text: string, maxLength = 120): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '\ufffd')
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean
}
