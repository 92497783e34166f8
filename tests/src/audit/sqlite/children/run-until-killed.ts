import { writeSync } from 'node:fs'
import { createEngine } from '../../../../../src/engine.ts'
import { pipeline } from '../../../../../src/nodes/pipeline.ts'
import { step } from '../../../../../src/nodes/step.ts'

// Runs pipelines on the engine, several at once, until somebody kills it: `run-until-killed.ts FILE`. Each step prints the
// run's id and how many of its records have to be on disk by then, because nothing starts before what led to it is.

const RUNS_AT_ONCE = 4
const STEPS = 5
const STDOUT = 1
/** The run's start and its token; then two for each step, its attempt and its end. */
const recordsBefore = (done: number): number => 2 + 2 * done

const [file = ''] = process.argv.slice(2)
writeSync(STDOUT, 'opening\n')
const engine = createEngine({ audit: file })
const steps = Array.from({ length: STEPS }, (_, index) =>
  step(`s${index}`, (n: number, ctx) => {
    // Not through a stream: what is printed must not wait in a buffer that dies with the process.
    writeSync(STDOUT, `${ctx.runId} ${recordsBefore(index)}\n`)
    return n + 1
  }),
)
const count = pipeline('count', steps)

async function runForEver(): Promise<never> {
  for (;;) {
    const { runId } = await engine.run(count, 0)
    // The pipeline's own end, the token's outcome and the end of the run.
    writeSync(STDOUT, `${runId} ${recordsBefore(STEPS) + 3}\n`)
  }
}

await Promise.all(Array.from({ length: RUNS_AT_ONCE }, runForEver))
