import { drive, SimWorld } from '../../../harness/index.ts'
import { createEngine, openSqliteAudit, pipeline, step, type AnyNode } from '../../../src/index.ts'

const draft = step(
  'draft',
  (_topic: string, ctx): string => {
    ctx.meter({ costUsd: 0.1, tokens: 10 })
    throw Object.assign(new Error('Original error', { cause: new TypeError('fetch failed') }), {
      code: 'ECONNRESET',
    })
  },
  { retries: 1, backoff: { baseMs: 100, jitter: 'none' } },
)
const wordy = step('backup', (topic: string) => `${topic} ${'in many words '.repeat(40)}`)
const failing = step('backup', (): string => {
  throw new Error('Fallback failed')
})
const slow = step('slow', (_: string, ctx): Promise<string> => ctx.sleep(80).then(() => 'too late'), {
  timeoutMs: 20,
})

/**
 * Five runs in virtual time, one of each kind: `run-1` was saved by its fallback, `run-2` failed with it, `run-3` timed
 * out and settled late, `run-4` was aborted, `run-5` never ended.
 */
export async function recordRuns(file: string): Promise<void> {
  const world = new SimWorld()
  const store = openSqliteAudit(file, { clock: world.clock })
  const engine = createEngine({ world, audit: store })
  const runOne = async (node: AnyNode, signal?: AbortSignal): Promise<void> => {
    await drive(world, engine.run(node as typeof draft, 'tides', { signal }))
  }
  await runOne(pipeline('article', draft.fallback(wordy)))
  await runOne(pipeline('article', draft.fallback(failing)))
  await runOne(slow)
  await runOne(pipeline('waits', slow), AbortSignal.abort(new Error('the user left')))
  store.append({
    kind: 'run-started',
    runId: 'run-5',
    pipeline: 'killed',
    startedWallMs: world.clock.wallMs(),
    input: 1,
  })
  store.append({
    kind: 'token',
    runId: 'run-5',
    tokenId: 't1',
    parentIds: [],
    branch: null,
    item: null,
    atMs: 0,
  })
  await store.close()
}
