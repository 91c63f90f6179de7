import { afterAll, beforeAll } from 'vitest'
import { signInOnDesktop } from './desktop.ts'
import { createFaultTraffic, type FaultTraffic } from './fault-traffic.ts'
import { type House, useHouse } from './house.ts'
import type { Person } from './person.ts'
import { type Recorder, startRecorder } from './recorder.ts'

/** A house that something is about to break in, and somebody who is signed in there. */
export type FaultHouse = { house: House; recorder: Recorder; browser: Person; traffic: FaultTraffic }

/** A gateway in a process of its own, with a recorder as its app `library`, for all tests of a file. */
export async function useFaultHouse(): Promise<FaultHouse> {
  const recorder = await startRecorder()
  const house = useHouse({ process: true, libraryPort: Number(recorder.url.port) })
  const stage = { house, recorder } as FaultHouse
  beforeAll(async () => {
    stage.browser = (await signInOnDesktop(house, house.library)).browser
    stage.traffic = createFaultTraffic(house, recorder, [stage.browser])
  })
  afterAll(async () => {
    await stage.traffic.close()
    await recorder.close()
  })
  return stage
}
