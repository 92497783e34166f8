import { Effect } from 'effect'
import { createEngine, parallel, step } from 'shakedown'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'

const BRANCHES = 10

/** Branches at once, in which nobody writes the context. */
export async function branches(): Promise<void> {
  const functions = Array.from({ length: BRANCHES }, (_, index) => async (n: number) => n + index)
  const engine = createEngine()
  const steps = functions.map((each, index) => [`b${index}`, step(`b${index}`, each)] as const)
  const node = parallel('ten', Object.fromEntries(steps))
  const rows = await measure(
    [
      {
        name: 'Promise.all',
        run: async (times) => {
          for (let i = 0; i < times; i++) await Promise.all(functions.map((each) => each(i)))
        },
      },
      {
        name: OURS,
        run: async (times) => {
          for (let i = 0; i < times; i++) await engine.run(node, i)
        },
      },
      {
        name: 'Effect.all, unbounded',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            const effects = functions.map((each) => Effect.promise(() => each(i)))
            await Effect.runPromise(Effect.all(effects, { concurrency: 'unbounded' }))
          }
        },
      },
    ],
    { rounds: 40, times: 2_000 },
  )
  printRows('parallel of 10, nobody writes context', rows, { [OURS]: 10 })
}
