/** Longer lines are cut, so that input without line ends cannot fill the memory. */
const MAX_LINE_CHARS = 1024 * 1024

/** The lines of a stream of UTF-8 bytes or text, as they arrive, without `\n` or `\r\n`. Empty lines are kept. */
export async function* linesOf(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const chunk of chunks) {
    pending += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = pending.split('\n')
    pending = (lines.pop() ?? '').slice(0, MAX_LINE_CHARS)
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  pending += decoder.decode()
  if (pending !== '') yield pending.endsWith('\r') ? pending.slice(0, -1) : pending
}
