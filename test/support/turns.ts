/** Waiting in turns of the event loop, for what happens inside this process: no time passes unused. */

/** Gives everything that is ready `count` turns to happen. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits until `test` says so; the test's own time limit ends it. */
export async function until(test: () => boolean): Promise<void> {
  while (!test()) await turns(1)
}

/** Waits until a number has stopped growing for a while. */
export async function untilQuiet(read: () => number): Promise<void> {
  for (let still = 0, last = -1; still < 2000; still = read() === last ? still + 1 : 0) {
    last = read()
    await turns(1)
  }
}
