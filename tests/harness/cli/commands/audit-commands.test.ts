import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RecordedCommandLine } from '../recorded-output.ts'
import { recordRuns } from '../recorded-runs.ts'

let folder: string
let shakedown: RecordedCommandLine

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'shakedown-audit-'))
  shakedown = new RecordedCommandLine(folder)
  await recordRuns(path.join(folder, '.shakedown/runs.db'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('runs are listed newest first', async () => {
  await expect(shakedown.run('runs')).resolves.toBe(0)
  expect(shakedown.stdout.replaceAll('2026-01-01 00:00:00', '(started)          ')).toBe(
    `
RUN    PIPELINE  STATUS     STARTED              TOOK    TRIES
run-5  killed    running    (started)            –       –
run-4  waits     cancelled  (started)            0 ms    0
run-3  slow      failed     (started)            20 ms   1
run-2  article   failed     (started)            100 ms  3
run-1  article   completed  (started)            100 ms  3
`.trimStart(),
  )
})

test.each([
  [
    ['--status', 'failed'],
    ['run-3', 'run-2'],
  ],
  [['--status', 'running'], ['run-5']],
  [
    ['--pipeline', 'article'],
    ['run-2', 'run-1'],
  ],
  [['--limit', '1'], ['run-5']],
  [
    ['--since', '2025-12-31'],
    ['run-5', 'run-4', 'run-3', 'run-2', 'run-1'],
  ],
  [['--since', '2026-02-01'], []],
])('runs %j lists %j', async (filter, expected) => {
  await shakedown.run('runs', ...filter, '--json')
  const rows = JSON.parse(shakedown.stdout) as { runId: string }[]
  expect(rows.map(({ runId }) => runId)).toEqual(expected)
})

test('a sound trail passes the check, a running run notwithstanding', async () => {
  await expect(shakedown.run('runs', '--check')).resolves.toBe(0)
  expect(shakedown.stdout).toBe(
    `
Every token of every finished run has exactly one outcome.
5 tokens, 4 outcomes.
1 run still going, paused or killed: not counted as a fault.
`.trimStart(),
  )
})

test('a trail that lost an outcome fails the check by the name of the run', async () => {
  const file = path.join(folder, 'lost.db')
  await recordRuns(file)
  const database = new Database(file)
  database.prepare('DELETE FROM outcomes WHERE run = (SELECT run FROM runs WHERE run_id = ?)').run('run-2')
  database.close()
  await expect(shakedown.run('runs', '--check', '--db', file)).resolves.toBe(1)
  expect(shakedown.stdout).toContain('  run-2  1 token  0 outcomes\n')
  await expect(shakedown.run('runs', '--check', '--json', '--db', file)).resolves.toBe(1)
  expect(JSON.parse(shakedown.stdout)).toMatchObject({ tokens: 5, outcomes: 3, ok: false })
})

test('a failed run is explained from its first attempt to its last word', async () => {
  await expect(shakedown.run('explain', 'run-2')).resolves.toBe(0)
  expect(shakedown.stdout.replace('2026-01-01 00:00:00', '(started)')).toBe(` FAILED in 100 ms
 Run       run-2
 Pipeline  article
 Started   (started)
 Spent     3 attempts, $0.2, 20 model tokens
 Input     "tides"
 Feedback  Original error: Original error; Fallback error: Fallback failed
 Error     AggregateError: Original error: Original error; Fallback error:
           Fallback failed
             Error: Original error (ECONNRESET)
               caused by TypeError: fetch failed
             Error: Fallback failed

── WHAT HAPPENED ───────────────────────────────────────────────────────────────
      0 ms  article/draft/draft, attempt 1: failed after 0 ms
            input   "tides"
            error   Error: Original error (ECONNRESET)
                      caused by TypeError: fetch failed
            spent   $0.1, 10 model tokens
    100 ms  article/draft/draft, attempt 2, after a wait of 100 ms: failed after
            0 ms
            input   "tides"
            error   Error: Original error (ECONNRESET)
                      caused by TypeError: fetch failed
            spent   $0.1, 10 model tokens
    100 ms  article/draft/draft (step): failed after 2 attempts
            says    Original error
    100 ms  article/draft: the fallback starts
            detail  from: article/draft/draft, to: article/draft/backup,
                    feedback: Original error
    100 ms  article/draft/backup, attempt 1: failed after 0 ms
            input   "tides"
            error   Error: Fallback failed
    100 ms  article/draft (fallback): failed after 3 attempts
            says    Original error: Original error; Fallback error: Fallback
                    failed
            notes   fallbackTriggered: true, originalError: Original error
    100 ms  article (pipeline): failed after 3 attempts
            says    Original error: Original error; Fallback error: Fallback
                    failed

── TOKENS ──────────────────────────────────────────────────────────────────────
 t1        failed at 100 ms: Original error: Original error; Fallback error:
           Fallback failed (reason c39711e390d47502)

── WHY IT DID NOT REACH THE END ────────────────────────────────────────────────
 • article/draft/draft failed after 2 attempts: Original error
 • article/draft/backup failed after 1 attempt: Fallback failed
`)
})

test('a completed run needs no excuse, and a long value is cut but counted', async () => {
  await shakedown.run('explain', 'run-1')
  expect(shakedown.stdout).toMatch(/^ COMPLETED in 100 ms\n/)
  expect(shakedown.stdout).not.toContain('WHY IT DID NOT')
  expect(shakedown.stdout).toContain('man… (568 characters, whole in --json)')
})

test('a late settlement is told where it happened', async () => {
  await shakedown.run('explain', 'run-3')
  expect(shakedown.stdout).toContain('slow: attempt 1 threw after it had ended, which changed nothing')
})

test('an aborted run names the reason of its signal', async () => {
  await shakedown.run('explain', 'run-4')
  expect(shakedown.stdout).toMatch(/^ CANCELLED/)
  expect(shakedown.stdout).toContain('caused by Error: the user left')
  expect(shakedown.stdout).toContain(' • It was aborted by its signal.')
})

test('a run without an end says what is missing', async () => {
  await shakedown.run('explain', 'run-5')
  expect(shakedown.stdout).toContain('Nothing was recorded after its start.')
  expect(shakedown.stdout).toContain('No end was recorded: it is still going, or its process died.')
  expect(shakedown.stdout).toContain(' • Token t1 has no outcome.')
})

test('every explanation fits 80 columns', async () => {
  for (const run of ['run-1', 'run-2', 'run-3', 'run-4', 'run-5']) {
    await shakedown.run('explain', run)
    for (const line of shakedown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  }
})

test('explain --json has the whole trail', async () => {
  await shakedown.run('explain', 'run-1', '--json')
  expect(JSON.parse(shakedown.stdout)).toMatchObject({
    runId: 'run-1',
    status: 'completed',
    attemptRows: [{ attempt: 1 }, { attempt: 2 }, { attempt: 1 }],
    outcomeRows: [{ outcome: 'completed' }],
  })
})

test('the beginning of several ids is refused with all of them', async () => {
  await expect(shakedown.run('explain', 'run')).rejects.toMatchObject({
    code: 'E_RUN_AMBIGUOUS',
    message: expect.stringMatching(/5 run ids begin with it:\n\n {2}run-5 {2}killed +running/) as string,
  })
})

test('an unknown id is refused with the nearest one and the latest', async () => {
  await expect(shakedown.run('explain', 'rnu-2')).rejects.toMatchObject({
    code: 'E_RUN_UNKNOWN',
    message: expect.stringMatching(
      /which no run has\. Did you mean `run-2`\?\n\nThe latest are:\n\n {2}run-5/,
    ) as string,
  })
})
