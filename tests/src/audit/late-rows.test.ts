import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import {
  createEngine,
  memoryAudit,
  openSqliteAudit,
  pipeline,
  step,
  systemWorld,
} from '../../../src/index.ts'
import type { AuditStore, RunTrail } from '../../../src/index.ts'

/** Gives up its first attempt, which ends a turn later; the second one succeeds at once. */
function impatient(): ReturnType<typeof pipeline> {
  let calls = 0
  return pipeline(
    'impatient',
    step(
      'ask',
      (_input: unknown, { signal }): Promise<number> | number =>
        ++calls > 1
          ? calls
          : new Promise<number>((_resolve, reject) => {
              signal.addEventListener('abort', () => setImmediate(() => reject(new Error('late'))))
            }),
      { timeoutMs: 1, retries: 1, backoff: { baseMs: 0 } },
    ),
  )
}

/** The memory store, that says like one on disk that a commit takes a turn. */
function waitingMemory(): AuditStore {
  const store = memoryAudit()
  let due: Promise<void> | undefined
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(() => {
        due = undefined
        resolve()
      })
    })
  return {
    append: (record) => {
      store.append(record)
      due ??= turn()
    },
    committed: () => due,
    close: () => store.close(),
    runs: (filter) => store.runs(filter),
    trail: (runId) => store.trail(runId),
    isJoined: (...about) => store.isJoined(...about),
    conservation: () => store.conservation(),
  }
}

async function orderIn(audit: AuditStore): Promise<string[]> {
  const engine = createEngine({ audit })
  const { runId } = await engine.run(impatient(), null)
  await expect.poll(() => late(audit.trail(runId))).toHaveLength(1)
  const trail = audit.trail(runId)
  await engine.close()
  const attempts = (trail?.attemptRows ?? []).map(({ seq, attempt }) => ({ seq, what: `attempt ${attempt}` }))
  return [...attempts, ...late(trail).map(({ seq }) => ({ seq, what: 'late' }))]
    .toSorted((a, b) => a.seq - b.seq)
    .map(({ what }) => what)
}

function late(trail: RunTrail | undefined): RunTrail['eventRows'] {
  return (trail?.eventRows ?? []).filter(({ event }) => event === 'late')
}

test('rows are in the order in which things happened: where nothing waits for a disk, a retry overtakes what ends late', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shakedown-late-'))
  using _cleanup = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  const disk = openSqliteAudit(path.join(folder, 'runs.db'), { clock: systemWorld().clock })
  // The second attempt starts when the first one is on disk. By then the first one has ended, which it has not in memory.
  expect(await orderIn(memoryAudit())).toEqual(['attempt 1', 'attempt 2', 'late'])
  const onDisk = await orderIn(disk)
  expect(onDisk).toEqual(['attempt 1', 'late', 'attempt 2'])
  // It is the wait, and not the store: memory that waits has the order of the disk.
  expect(await orderIn(waitingMemory())).toEqual(onDisk)
})
