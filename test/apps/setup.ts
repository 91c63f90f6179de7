import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import { listen } from '../../src/demo/listen.ts'
import { startHomeAssistant } from '../support/home-assistant.ts'
import { moveIn } from '../support/home-assistant-people.ts'
import { parts } from '../support/parts.ts'
import { freePort } from '../support/ports.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where Home Assistant will be, and who answers `FurnishedHome` as JSON when it is ready. */
    homeAssistant: { port: number; reception: number } | undefined
  }
}

/** One Home Assistant for all tests of this folder. It starts beside the tests: whoever needs it waits at the reception. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const python = parts['home-assistant'].find()
  if (python === undefined) return
  const port = await freePort()
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  const home = startHomeAssistant(python, port)
  const furnished = home.ready.then(async () => {
    const started = seconds()
    const all = await moveIn(home.origin)
    console.log(`Home Assistant: started after ${started}, furnished after ${seconds()}`)
    return all
  })
  furnished.catch(() => undefined)
  const server = createServer((_request, response) => {
    furnished.then(
      (all) => response.end(JSON.stringify(all)),
      (error: Error) => response.writeHead(500).end(error.stack),
    )
  })
  const reception = await listen(server, 0, '127.0.0.1')
  project.provide('homeAssistant', { port, reception: reception.port })
  return async () => {
    await reception.close()
    await home.close()
  }
}
