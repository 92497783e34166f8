import { type AnyNode, choose, explainRun, loop, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { renderExplanation } from '../../../reporters/trail/render-explanation.ts'
import { runInSim } from '../../support/in-sim.ts'

/** What `explain` says of a run between its header and its tokens, and why it did not reach the end. */
async function explained(node: AnyNode, input: unknown): Promise<{ happened: string; why: string }> {
  const { audit, result } = await runInSim(node, input as never)
  const trail = audit.trail(result.runId)
  if (trail === undefined) throw new Error('there is no trail')
  const text = renderExplanation(explainRun(trail), { color: false, columns: 80 })
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  const [, happened = '', , why = ''] = text.split(/^── [^\n]*\n/m)
  return { happened: happened.trim(), why: why.trim() }
}

const edit = step('edit', async (n: number, ctx) => (await ctx.sleep(10), n + 1))

test('a loop that never meets its condition is told iteration by iteration, and is its own reason', async () => {
  const never = loop('polish', edit, { until: () => false, maxIterations: 2 })
  const { happened, why } = await explained(never, 0)
  expect(happened).toBe(
    `
      0 ms  polish/edit, attempt 1: completed after 10 ms
            input   0
            output  1
     10 ms  polish: iteration 1 completed, its condition not met
     10 ms  polish/edit, visit 2, attempt 1: completed after 10 ms
            input   1
            output  2
     20 ms  polish: iteration 2 completed, its condition not met
     20 ms  polish (loop): failed after 2 iterations
            says    loop 'polish' reached its maximum of 2 iterations without
                    meeting its condition
            notes   exitReason: max_iterations, iterations: 2, stepAttempts: 2
`.trim(),
  )
  expect(why).toBe(
    `
• polish failed: loop 'polish' reached its maximum of 2 iterations without
   meeting its condition
`.trim(),
  )
})

test('a choice that fails in a later iteration is the reason, although its branches ran before', async () => {
  let asked = 0
  const way = choose('way', () => (++asked === 1 ? 'a' : ('b' as 'a')), { a: edit })
  const node = pipeline('p', loop('rounds', way, { until: () => false, maxIterations: 3 }))
  const { happened, why } = await explained(node, 0)
  expect(happened).toContain('p/rounds/way: chose a\n')
  expect(happened).toContain('p/rounds: iteration 2 failed\n')
  expect(why).toMatch(/^• p\/rounds\/way, visit 2, failed: Expected the selector of choose 'way'/)
  expect(why.split('•')).toHaveLength(2)
})

test('a step that fails in an iteration is the reason, and the loop around it is none', async () => {
  const bad = step('bad', (n: number) => {
    if (n === 1) throw new Error('out of ink')
    return n
  })
  const node = loop('rounds', pipeline('body', bad, edit), { until: () => false, maxIterations: 3 })
  const { why } = await explained(node, 0)
  expect(why).toBe('• rounds/body/bad, visit 2, failed after 1 attempt: out of ink')
})
