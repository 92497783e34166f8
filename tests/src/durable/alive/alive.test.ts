import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { createEngine, openSqliteAudit, systemWorld } from 'shakedown'
import { expect, onTestFinished, test } from 'vitest'
import { needs } from '../../../support/systems.ts'
import { temporaryFile } from '../../audit/temporary-file.ts'
import { slow } from './slow.ts'

const { clock } = systemWorld()
const CHILDREN = join(import.meta.dirname, 'children')

test('another thread of a process does not take the runs that the process is at work on', async () => {
  const audit = temporaryFile()
  const inside = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const node = slow(inside.resolve, () => goOn.promise)
  await using engine = createEngine({ audit })
  const run = engine.run(node, undefined, { durable: true })
  await inside.promise
  const worker = new Worker(join(CHILDREN, 'recover-in-thread.ts'), { workerData: audit, stdout: true })
  const [said] = await once(worker.stdout, 'data')
  expect(JSON.parse(String(said))).toEqual({ kinds: ['alive'], calls: 0 })
  goOn.resolve()
  await expect(run).resolves.toMatchObject({ status: 'completed' })
})

test('a process that computes for longer than its lease keeps its runs; killed, it has lost them at once', async (context) => {
  needs(context, 'linux', 'whether a process is the one of a lease is read in /proc')
  const file = temporaryFile()
  const child = spawn(process.execPath, ['--no-warnings', join(CHILDREN, 'blocked.ts'), file])
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const later = { ...clock, wallMs: () => clock.wallMs() + 3_600_000 }
  const audit = openSqliteAudit(file, { clock: later })
  const engine = createEngine({
    audit,
    pipelines: [
      slow(
        () => {},
        () => {},
      ),
    ],
  })
  await expect(engine.recover()).resolves.toMatchObject([
    { kind: 'alive', by: expect.stringContaining(`${child.pid}`) },
  ])
  child.kill('SIGKILL')
  await once(child, 'close')
  await expect(engine.recover()).resolves.toMatchObject([
    { kind: 'carried-on', result: { output: 'charged' } },
  ])
  await audit.close()
})

test('a process of another container is not taken for dead because its pid means nothing here', async () => {
  const file = temporaryFile()
  const inside = Promise.withResolvers<void>()
  const first = createEngine({ audit: file })
  const goOn = Promise.withResolvers<void>()
  const run = first.run(
    slow(inside.resolve, () => goOn.promise),
    undefined,
    { durable: true },
  )
  await inside.promise
  const db = new Database(file)
  const { owner } = db.prepare<[], { owner: string }>('SELECT owner FROM leases').get()!
  await using second = createEngine({
    audit: file,
    pipelines: [
      slow(
        () => {},
        () => {},
      ),
    ],
  })
  // The same host name, and a pid that is nobody's here, or this process's own.
  for (const pid of [4_000_000, process.pid]) {
    db.prepare(`UPDATE leases SET owner = 'theirs', pid = ?, place = 'another container'`).run(pid)
    expect(await second.recover()).toMatchObject([{ kind: 'alive' }])
  }
  db.prepare('UPDATE leases SET owner = ?').run(owner)
  db.close()
  goOn.resolve()
  await run
  await first.close()
})

test('a run that waits for what never comes does not keep its process alive, and is carried on elsewhere', async () => {
  const file = temporaryFile()
  const child = spawn(process.execPath, ['--no-warnings', join(CHILDREN, 'never.ts'), file])
  onTestFinished(() => void child.kill('SIGKILL'))
  // What Node ends with when a program waits, and nothing can happen any more.
  expect(await once(child, 'close')).toEqual([13, null])
  await using engine = createEngine({
    audit: file,
    pipelines: [
      slow(
        () => {},
        () => {},
      ),
    ],
  })
  await expect(engine.recover()).resolves.toMatchObject([{ kind: 'carried-on' }])
})
