import { join } from 'node:path'
import { createEngine } from 'shakedown'
import { checkpointFloor } from './checkpoint-floor.ts'
import { durableFloor, groupCommitFloor } from './recorded-floor.ts'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'
import { STEPS, tenSteps } from './ten-steps.ts'

const RUNS_AT_ONCE = 20

export async function recordedAlone(folder: string): Promise<void> {
  const engine = createEngine({ audit: join(folder, 'one.db') })
  const floor = durableFloor(join(folder, 'one-floor.db'), STEPS)
  const node = tenSteps()
  const rows = await measure(
    [
      { name: 'hand-written, one transaction each', run: floor.run },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, 0)
        },
      },
    ],
    { rounds: 30, times: 200 },
  )
  floor.close()
  await engine.close()
  printRows('10-step run, each attempt committed before the next step, one run alone', rows, { [OURS]: 1.3 })
}

export async function recordedAtOnce(folder: string): Promise<void> {
  const engine = createEngine({ audit: join(folder, 'many.db') })
  const floor = groupCommitFloor(join(folder, 'many-floor.db'), STEPS, RUNS_AT_ONCE)
  const node = tenSteps()
  const rows = await measure(
    [
      { name: 'hand-written group commit', run: floor.run },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i += RUNS_AT_ONCE) {
            await Promise.all(Array.from({ length: RUNS_AT_ONCE }, () => engine.run(node, 0)))
          }
        },
      },
    ],
    { rounds: 30, times: 400 },
  )
  floor.close()
  await engine.close()
  printRows(`the same, ${RUNS_AT_ONCE} runs at once (group commit), per run`, rows, { [OURS]: 1.65 })
}

export async function durableAlone(folder: string): Promise<void> {
  const engine = createEngine({ audit: join(folder, 'durable.db') })
  const floor = checkpointFloor(join(folder, 'durable-floor.db'), STEPS)
  const node = tenSteps()
  const rows = await measure(
    [
      { name: 'hand-written, one transaction each', run: floor.run },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, 0, DURABLE)
        },
      },
    ],
    { rounds: 30, times: 200 },
  )
  floor.close()
  await engine.close()
  printRows('the same, durable: each step with its start and its checkpoint', rows, { [OURS]: 2.2 })
}

const DURABLE = { durable: true }
