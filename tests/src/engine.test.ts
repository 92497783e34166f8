import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditStore, createEngine, memoryAudit, openSqliteAuditReader, pipeline, step } from 'shakedown'
import { expect, test } from 'vitest'
import { errorHash } from '../../src/base/error-hash.ts'
import { runInSim } from '../support/in-sim.ts'

/** A path for an audit file, in a folder that goes when the scope ends. */
function auditFile(): { readonly path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-engine-'))
  return { path: join(folder, 'runs.db'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

test('when a result is handed out, another connection can read the whole run', async () => {
  using file = auditFile()
  await using engine = createEngine({ audit: file.path })
  const result = await engine.run(
    pipeline(
      'p',
      step('a', (n: number) => n + 1),
    ),
    1,
  )
  const reader = openSqliteAuditReader(file.path)
  expect(reader.trail(result.runId)).toMatchObject({
    status: 'completed',
    attempts: 1,
    output: { json: '2' },
  })
  expect(reader.conservation()).toMatchObject({ ok: true, tokens: 1, outcomes: 1 })
  reader.close()
})

test('an engine closes the audit file it opened, and refuses runs from then on', async () => {
  using file = auditFile()
  const engine = createEngine({ audit: file.path })
  await engine.close()
  await expect(
    engine.run(
      step('a', () => 1),
      undefined,
    ),
  ).rejects.toThrow(/closed/)
})

test('an engine does not close a store that is somebody else’s', async () => {
  let closed = 0
  const store: AuditStore = Object.assign(Object.create(memoryAudit()) as AuditStore, {
    close: () => Promise.resolve(void closed++),
  })
  await createEngine({ audit: store }).close()
  expect(closed).toBe(0)
})

test('a result waits for the commit of its run’s end', async () => {
  const memory = memoryAudit()
  const gate = Promise.withResolvers<void>()
  let ended = false
  const store: AuditStore = {
    append: (record) => {
      ended ||= record.kind === 'run-finished'
      memory.append(record)
    },
    committed: () => (ended ? gate.promise : undefined),
    close: () => memory.close(),
    runs: (filter) => memory.runs(filter),
    trail: (runId) => memory.trail(runId),
    conservation: () => memory.conservation(),
  }
  let handedOut = false
  const run = createEngine({ audit: store })
    .run(
      step('a', () => 1),
      undefined,
    )
    .then(() => (handedOut = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect({ ended, handedOut }).toEqual({ ended: true, handedOut: false })
  gate.resolve()
  await run
  expect(handedOut).toBe(true)
})

test('a failed run’s outcome carries its reason and the hash it is grouped by', async () => {
  const { audit } = await runInSim(
    step('a', () => Promise.reject(new Error('out of ink'))),
    undefined,
  )
  const outcome = audit.records.find((record) => record.kind === 'outcome')
  expect(outcome).toMatchObject({
    outcome: 'failed',
    reason: 'out of ink',
    errorHash: errorHash('out of ink'),
  })
  // The contract: the first 16 hex digits of SHA-256.
  expect(errorHash('abc')).toBe('ba7816bf8f01cfea')
})
