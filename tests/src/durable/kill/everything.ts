import {
  approval,
  createRegistry,
  functionAdapter,
  loop,
  parallel,
  pipeline,
  route,
  step,
  type StepContext,
} from '../../../../src/index.ts'
import * as z from 'zod'

/** Notes that a function of a run was called, so that it is on disk when this returns. */
export type Effect = (runId: string, name: string, input: number) => void

/** What each run comes to, whatever was killed meanwhile: 1 dollar for each piece of work that completed. */
export const EXPECTED = { output: 1 + 30 + 200, costUsd: 9 } as const

/** A pipeline of every kind of node that can be carried on; each piece of work has an effect. */
export function everything(effect: Effect) {
  const work = (name: string, more: number) =>
    step(name, async (n: number, ctx: StepContext) => {
      effect(ctx.runId, name, n)
      // Some work takes a turn of the event loop, so that kills meet it.
      await new Promise((resolve) => void setImmediate(resolve))
      ctx.meter({ costUsd: 1 })
      return n + more
    })
  const registry = createRegistry([
    functionAdapter('down', (): number => {
      throw new Error('down')
    }),
    functionAdapter('up', ({ runId, n }: { runId: string; n: number }) => {
      effect(runId, 'up', n)
      return n + 100
    }),
  ])
  const asked = pipeline(
    'asked',
    step('task', (n: number, ctx) => ({ runId: ctx.runId, n })),
    route('ask', { adapters: registry, maxAttempts: 1 }),
    work('checked', 100),
  )
  const rounds = loop('rounds', work('round', 10), { until: (n) => n >= 30, maxIterations: 5 })
  return pipeline(
    'everything',
    work('first', 0),
    parallel('both', {
      loop: pipeline(
        'looped',
        step('zero', () => 0),
        rounds,
        approval('fine', { message: 'Fine?', schema: z.number() }),
      ),
      route: pipeline(
        'routed',
        step('none', () => 0),
        asked,
      ),
      failing: step('failing', (n: number, ctx): number => {
        effect(ctx.runId, 'failing', n)
        ctx.meter({ costUsd: 1 })
        throw new Error('never')
      }).fallback(work('backup', 0)),
    }),
    step(
      'sum',
      ({ loop: rounded, route: routed, failing }: { loop: number; route: number; failing: number }) =>
        rounded + routed + failing,
    ),
    work('last', 0),
    work('very last', 0),
  )
}
