import { fsyncSync, openSync, writeSync } from 'node:fs'
import { createEngine, ResumeError } from '../../../../../src/index.ts'
import { everything } from '../everything.ts'

// Carries on what the processes before it left, then runs durable pipelines, several at once, until somebody kills it:
// `durable-until-killed.ts FILE EFFECTS`. Each effect is a line in a file of its own, on disk before the work goes on.

const RUNS_AT_ONCE = 3
const STDOUT = 1
const [file = '', effects = ''] = process.argv.slice(2)
const log = openSync(effects, 'a')
const node = everything((runId, name, input) => {
  writeSync(log, `${runId}\t${name}\t${input}\n`)
  fsyncSync(log)
  writeSync(STDOUT, '.')
})
writeSync(STDOUT, '.')
const engine = createEngine({ audit: file, pipelines: [node] })

/** Of two processes that answer at once, one is told that the other was faster. */
async function answer(runId: string): Promise<void> {
  try {
    await engine.resume(runId, 30)
  } catch (thrown) {
    if (!(thrown instanceof ResumeError)) throw thrown
  }
}

for (const { kind, ...recovery } of await engine.recover())
  if (kind === 'failed' && 'error' in recovery && !(recovery.error instanceof ResumeError))
    throw recovery.error
await Promise.all((engine.audit?.runs({ status: 'paused' }) ?? []).map(({ runId }) => answer(runId)))

async function runForEver(): Promise<never> {
  for (;;) {
    const { runId, status } = await engine.run(node, 1)
    // What is left is answered by a process to come.
    if (status === 'paused' && Math.random() < 0.7) await answer(runId)
  }
}

await Promise.all(Array.from({ length: RUNS_AT_ONCE }, runForEver))
