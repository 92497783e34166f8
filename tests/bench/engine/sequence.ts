import { handleAll, retry } from 'cockatiel'
import { createEngine } from 'shakedown'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'
import { STEPS, tenSteps } from './ten-steps.ts'

export async function sequence(): Promise<void> {
  const functions = Array.from({ length: STEPS }, () => async (n: number) => n + 1)
  const policy = retry(handleAll, { maxAttempts: 1 })
  const engine = createEngine()
  const node = tenSteps()
  const rows = await measure(
    [
      {
        name: 'bare loop',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            let value = 0
            for (const each of functions) value = await each(value)
          }
        },
      },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, 0)
        },
      },
      {
        name: 'cockatiel retry per step',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            let value = 0
            for (const each of functions) value = await policy.execute(() => each(value))
          }
        },
      },
    ],
    { rounds: 40, times: 2_000 },
  )
  printRows('10-step sequence, in memory, no audit; ours keeps results and history', rows, { [OURS]: 6 })
}
