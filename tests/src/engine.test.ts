import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AuditError,
  type AuditStore,
  ConfigurationError,
  createEngine,
  memoryAudit,
  openSqliteAudit,
  openSqliteAuditReader,
  pipeline,
  step,
  systemWorld,
} from 'shakedown'
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

test('an engine does not close a store that it was given', async () => {
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
    isJoined: (...about) => memory.isJoined(...about),
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

/** A step that waits until the test lets it go on, and tells when it has started. */
function gated() {
  const started = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<string>()
  const node = pipeline(
    'p',
    step('wait', () => {
      started.resolve()
      return gate.promise
    }),
    step('say', (text) => `${text}!`),
  )
  return { node, started: started.promise, open: () => gate.resolve('done') }
}

test('a second run with the id of a running one is refused alone; the first goes on to its end', async () => {
  using file = auditFile()
  for (const audit of [undefined, memoryAudit(), file.path]) {
    await using engine = createEngine({ audit })
    const { node, started, open } = gated()
    const first = engine.run(node, undefined, { runId: 'r' })
    await started
    const second = engine.run(node, undefined, { runId: 'r' })
    await expect(second).rejects.toThrow(
      "Expected `runId` of engine.run to be a new id, got 'r', which is the id of a run that is still going on.",
    )
    open()
    expect(await first).toMatchObject({ runId: 'r', status: 'completed', output: 'done!' })
    if (audit === undefined) continue
    expect(engine.audit?.trail('r')).toMatchObject({ status: 'completed', attempts: 2 })
    expect(engine.audit?.conservation()).toMatchObject({ ok: true, tokens: 1, outcomes: 1 })
  }
})

test('runs of one engine with ids of their own go on at once', async () => {
  const engine = createEngine({ audit: memoryAudit() })
  const [one, two] = [gated(), gated()]
  const first = engine.run(one.node, undefined, { runId: 'r1' })
  await one.started
  const second = engine.run(two.node, undefined, { runId: 'r2' })
  await two.started
  two.open()
  expect(await second).toMatchObject({ runId: 'r2', status: 'completed' })
  one.open()
  expect(await first).toMatchObject({ runId: 'r1', status: 'completed' })
})

test('an id is free again once its run has ended, but for a trail that holds it', async () => {
  const node = step('a', () => 1)
  const forgetful = createEngine()
  await forgetful.run(node, undefined, { runId: 'r' })
  expect(await forgetful.run(node, undefined, { runId: 'r' })).toMatchObject({ status: 'completed' })
  const audit = memoryAudit()
  const engine = createEngine({ audit })
  await engine.run(node, undefined, { runId: 'r' })
  await expect(engine.run(node, undefined, { runId: 'r' })).rejects.toThrow(AuditError)
  expect(audit.trail('r')).toMatchObject({ status: 'completed', attempts: 1 })
})

test('a second engine on the same file is refused the id of a running one, and the first goes on', async () => {
  using file = auditFile()
  await using one = createEngine({ audit: file.path })
  await using two = createEngine({ audit: file.path })
  const { node, started, open } = gated()
  const first = one.run(node, undefined, { runId: 'r' })
  await started
  await expect(two.run(node, undefined, { runId: 'r' })).rejects.toThrow(AuditError)
  open()
  expect(await first).toMatchObject({ runId: 'r', status: 'completed', output: 'done!' })
  expect(one.audit?.trail('r')).toMatchObject({ status: 'completed', attempts: 2 })
  expect(one.audit?.conservation()).toMatchObject({ ok: true, tokens: 1, outcomes: 1 })
})

test('so is a second engine on the same store', async () => {
  using file = auditFile()
  for (const store of [memoryAudit(), openSqliteAudit(file.path, { clock: systemWorld().clock })]) {
    const { node, started, open } = gated()
    const first = createEngine({ audit: store }).run(node, undefined, { runId: 'r' })
    await started
    const second = createEngine({ audit: store }).run(node, undefined, { runId: 'r' })
    await expect(second).rejects.toThrow(AuditError)
    open()
    expect(await first).toMatchObject({ runId: 'r', status: 'completed', output: 'done!' })
    expect(store.trail('r')).toMatchObject({ status: 'completed', attempts: 2 })
    expect(store.conservation()).toMatchObject({ ok: true, tokens: 1, outcomes: 1 })
    await store.close()
  }
})

test.for<[string, object, string]>([
  [
    'audit',
    { audit: 42 },
    '`audit` of createEngine to be valid: expected the path of a SQLite file, or an audit store such as memoryAudit(); got 42.',
  ],
  ['audit', { audit: '' }, '`audit` of createEngine to be valid'],
  ['audit', { audit: { append() {} } }, '`audit` of createEngine to be valid'],
  ['world', { world: { clock: {} } }, '`world` of createEngine to be valid: expected a World'],
  ['a key', { audits: './runs.db' }, 'Unknown option `audits` of createEngine. Did you mean `audit`?'],
])('an engine with an impossible option is refused at once: %s', ([, options, message]) => {
  expect(() => createEngine(options)).toThrow(ConfigurationError)
  expect(() => createEngine(options)).toThrow(message)
})

test.for<[string, object]>([
  ['signal', { signal: {} }],
  ['signal', { signal: new AbortController() }],
  ['context', { context: [] }],
  ['context', { context: 'text' }],
  ['runId', { runId: '' }],
  ['runId', { runId: 7 }],
  ['runId', { runId: 'r'.repeat(201) }],
])('a run with an impossible option is refused before anything is called: %s %j', async ([key, options]) => {
  let calls = 0
  const running = createEngine().run(
    step('a', () => calls++),
    undefined,
    options,
  )
  await expect(running).rejects.toThrow(`Expected \`${key}\` of engine.run to be valid`)
  expect(calls).toBe(0)
})
