import { handleAll, retry } from 'cockatiel'
import { Effect } from 'effect'
import CircuitBreaker from 'opossum'
import { createEngine } from 'shakedown'
import { measure, printRows } from '../rounds.ts'
import { OURS } from './ours.ts'
import { STEPS, tenSteps } from './ten-steps.ts'

export async function sequence(): Promise<void> {
  const functions = Array.from({ length: STEPS }, () => async (n: number) => n + 1)
  const policy = retry(handleAll, { maxAttempts: 1 })
  const breakers = functions.map((each) => new CircuitBreaker(each, { timeout: false }))
  const effects = functions.map((each) => (n: number) => Effect.promise(() => each(n)))
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
      {
        name: 'opossum breaker per step',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            let value = 0
            for (const breaker of breakers) value = await breaker.fire(value)
          }
        },
      },
      {
        name: 'Effect',
        run: async (times) => {
          for (let i = 0; i < times; i++) {
            let effect: Effect.Effect<number> = Effect.succeed(0)
            for (const each of effects) effect = Effect.flatMap(effect, each)
            await Effect.runPromise(effect)
          }
        },
      },
    ],
    { rounds: 40, times: 2_000 },
  )
  printRows('10-step sequence, in memory, no audit; ours keeps results and history', rows, { [OURS]: 6 })
}
