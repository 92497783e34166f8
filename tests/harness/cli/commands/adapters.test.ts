import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createEngine, createRegistry, functionAdapter, openSqliteAudit, route, step } from 'shakedown'
import { drive, SimWorld } from 'shakedown/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecordedCommandLine } from '../recorded-output.ts'

let folder: string
let shakedown: RecordedCommandLine
const LONG = 'a-system-with-a-very-long-name-that-no-table-has-room-for'

/** Three tasks: the first adapter fails at two of them, the second one takes over. */
async function recordTasks(file: string): Promise<void> {
  const world = new SimWorld()
  const store = openSqliteAudit(file, { clock: world.clock })
  const engine = createEngine({ world, audit: store })
  const agno = functionAdapter('agno', async ({ n }: { n: number }, { clock }) => {
    if (n < 3) throw new Error('\u001B[31mno\u001B[0m')
    await new Promise<void>((resolve) => void clock.after(1_234, 'agno', resolve))
  })
  const backup = functionAdapter(LONG, () => 'done')
  const node = route('ask', { adapters: createRegistry([agno, backup], { breaker: false }), maxAttempts: 2 })
  for (const n of [1, 2, 3]) await drive(world, engine.run(node, { n }))
  await drive(
    world,
    engine.run(
      step('other', () => 1),
      null,
    ),
  )
  await store.close()
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shakedown-adapters-'))
  shakedown = new RecordedCommandLine(folder)
  await recordTasks(path.join(folder, 'tasks.db'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('each adapter is a row of a table that fits a terminal', async () => {
  await expect(shakedown.run('adapters', '--db', 'tasks.db')).resolves.toBe(0)
  expect(shakedown.stdout).toBe(
    `
ADAPTER             TASKS  DONE  RATE     FALLBACKS  TRIES  P50     P99
a-system-with-a-v…  2      2     100.0 %  2          2      0 ms    0 ms
agno                3      1     33.3 %   0          5      1.23 s  1.23 s
`.trimStart(),
  )
  for (const line of shakedown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('the same as JSON has every figure', async () => {
  await shakedown.run('adapters', '--db', 'tasks.db', '--json')
  expect(JSON.parse(shakedown.stdout)).toMatchObject([
    { adapter: LONG, successes: 2, fallbacks: 2 },
    {
      adapter: 'agno',
      successes: 1,
      failures: 2,
      totalAttempts: 3,
      attempts: { total: 5, failures: 4 },
      latencyMs: { p50: 1_234 },
    },
  ])
})

test('a trail without routes says so, and one that is not there is refused', async () => {
  const file = path.join(folder, 'empty.db')
  await openSqliteAudit(file, { clock: new SimWorld().clock }).close()
  await shakedown.run('adapters', '--db', 'empty.db')
  expect(shakedown.stdout).toBe('No adapter has been given a task.\n')
  await expect(shakedown.run('adapters', '--db', 'none.db')).rejects.toMatchObject({
    code: 'E_AUDIT_MISSING',
  })
})
