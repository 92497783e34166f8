import { expect, test } from 'vitest'
import { runFixture } from '../support/run-fixture.ts'
import { tempDir } from '../support/temp-dir.ts'

test('the oldest supported Vitest gives the same report', { timeout: 60_000 }, async () => {
  using dir = tempDir()
  const run = await runFixture('vitest-4/reporters', { reportDir: dir.path })
  const report = run.report()
  expect(report.run).toMatchObject({
    vitest: expect.stringMatching(/^4\.1\./),
    status: 'incomplete',
    exitCode: 1,
  })
  expect(report.failures.map(({ file, test: name, status, phase }) => [file, name, status, phase])).toEqual([
    ['a-mixed.test.ts', 'broken beforeAll', 'failed', 'beforeAll'],
    ['a-mixed.test.ts', 'compares', 'failed', 'test'],
    ['a-mixed.test.ts', 'never settles', 'timeout', 'test'],
    ['a-mixed.test.ts', 'slow setup > waits for it', 'timeout', 'beforeEach'],
    ['b-dies.test.ts', 'kills its worker', 'crashed', 'test'],
    ['d-refused.test.ts', 'an address refuses', 'failed', 'test'],
  ])
  expect(report.failures[5]?.error.causes).toMatchObject([
    { name: 'AggregateError', message: 'ECONNREFUSED' },
    { name: 'Error', message: 'connect ECONNREFUSED ::1:5' },
    { name: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:5' },
  ])
  expect(report.failures[1]?.error).toMatchObject({
    diff: expect.stringContaining('-   "total": 31,\n+   "total": 30,'),
    location: { file: 'a-mixed.test.ts', line: 8 },
  })
  expect(report.totals).toMatchObject({
    tests: 12,
    passed: 4,
    failed: 2,
    timedOut: 2,
    skipped: 2,
    todo: 1,
    unfinished: 1,
    flaky: 1,
  })
  expect(report.skipped).toContainEqual({
    file: 'a-mixed.test.ts',
    test: 'needs docker',
    kind: 'skipped',
    reason: 'docker is not running',
  })
  expect(report.warnings).toMatchObject({ total: 500, top: [{ fingerprint: 'retry #', count: 500 }] })
  expect(report.asyncErrors).toEqual([
    expect.objectContaining({ file: 'a-mixed.test.ts', during: 'forgets a promise' }),
  ])
  expect(report.scenarios).toMatchObject({ total: 1, passed: 1, faultsFired: 2 })
  expect(run.output).toContain('── FAILURE SUMMARY ──')
})

test('a name filter deselects tests there too', { timeout: 60_000 }, async () => {
  using dir = tempDir()
  const run = await runFixture('vitest-4/reporters', {
    reportDir: dir.path,
    args: ['-t', 'slow setup waits', 'a-mixed'],
  })
  expect(run.report().totals).toMatchObject({ timedOut: 1, deselected: 8, skipped: 0 })
})
