import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { buildReport } from '../../../reporters/analyse/build-report.ts'
import { textWidth, wrap } from '../../../reporters/text/wrap.ts'
import { renderConsole } from '../../../reporters/render/console.ts'
import { anError, testFinished, wholeFile, wholeRun } from '../support/events.ts'
import { sampleReport } from '../support/sample-report.ts'
import type { RunReport } from '../../../reporters/report/model.ts'

const plain = (report: RunReport, columns = 80): string => renderConsole(report, { color: false, columns })

const passing = (): RunReport =>
  buildReport(wholeRun(wholeFile('a.test.ts', [testFinished('a.test.ts', 'adds', 'passed')])))

test('the failure summary comes after the overview, and names what, how, how long, why and where', () => {
  const text = plain(sampleReport())
  expect(text).toContain(`
 ✗ tests/checkout/cart.test.ts > cart > sums its lines
   Status  : FAIL after 2 attempts
   Duration: 12 ms
   Error   : AssertionError: expected { lines: 2, total: 30 } to deeply equal {
             lines: 2, total: 31 }
   Diff    : - Expected
             + Received

               {
                 "lines": 2,
             -   "total": 31,
             +   "total": 30,
               }
   At      : src/cart.ts:31:5
   Cause   : Error: connection reset
   At      : src/http.ts:8:5
   Also    : and again
`)
  expect(text.indexOf('── FAILURE SUMMARY')).toBeGreaterThan(text.indexOf(' Tests '))
})

test('a failed scenario says check by check what was expected, what there was and where that is written', () => {
  expect(plain(sampleReport())).toContain(`
 ✗ scenarios/fallback/both-fail.scenario.yaml > proves nothing
   Status  : FAIL
   Duration: 5 ms
   Error   : 2 checks failed
   Check   : a fault never fired (E_VACUOUS)
   Expected: calls.fn:send to be 3
   Received: 2
             Reached: fn:save
   At      : scenarios/fallback/both-fail.scenario.yaml:7:5
`)
})

test('two values that differ are one below the other, the longest of them within the width', () => {
  const compare = (expected: string, received: string): string => {
    const diff = `- Expected\n+ Received\n\n- ${expected}\n+ ${received}`
    const errors = [anError('they differ', { diff })]
    return plain(
      buildReport(
        wholeRun(wholeFile('a.test.ts', [testFinished('a.test.ts', 'adds', 'failed', { errors })]), 'failed'),
      ),
    )
  }
  expect(compare('"two"', '"one"')).toContain(`
   Error   : they differ
   Expected: "two"
   Received: "one"
`)
  const long = compare('y'.repeat(5_000), '::error::x'.repeat(30))
  expect(long.split('\n').filter((line) => textWidth(line) > 80)).toEqual([])
  expect(long).not.toMatch(/^\s*::/m)
})

test('the next step of a scenario that left runs is named, with the folder they are in', () => {
  const next = (reportDir: string): string | undefined =>
    /Next +: (.*)/.exec(renderConsole(sampleReport(), { color: false, columns: 80, reportDir }))?.[1]
  expect(next('.shakedown')).toBe('npx shakedown explain run-1')
  expect(next('out')).toBe('npx shakedown explain run-1 --db out/runs.db')
  expect(next('my $out')).toBe('npx shakedown explain run-1 --db "my \\$out/runs.db"')
})

test('a test that passed on retry is called flaky in the headline, the totals and the list', () => {
  const flaky = testFinished('a.test.ts', 'adds', 'passed', { retries: 1, errors: [anError('cold')] })
  const text = plain(buildReport(wholeRun(wholeFile('a.test.ts', [flaky]))))
  expect(text).toContain(' ✓ PASSED: 1 flaky test\n')
  expect(text).toMatch(/ Tests +1 flaky\n/)
  expect(text).toContain('\n Flaky tests\n • a.test.ts > adds\n   Status  : flaky: passed at attempt 2\n')
})

test('the sections come in the order of urgency and the verdict last', () => {
  const text = plain(sampleReport())
  const order = [
    '── FAILURE SUMMARY',
    '\n Timeouts\n',
    '\n Async errors\n',
    '\n Flaky tests\n',
    '\n Gates exceeded\n',
    '\n Skipped and deselected\n',
    '\n Warnings by file\n',
    '\n Total failures: ',
  ].map((title) => text.indexOf(title))
  expect(order.toSorted((a, b) => a - b)).toEqual(order)
  expect(order[0]).toBeGreaterThan(0)
  expect(text.trimEnd().split('\n').at(-1)).toBe(' Total failures: 9 · 1 async error · 1 flaky · exit code 1')
})

test('a hang tells its limit, how long it ran, what was open and where it was stuck', () => {
  expect(plain(sampleReport())).toContain(` • tests/hang.test.ts > spins
   Limit   : file, 2 min (ran 2 min)
   Open    : Timeout, TCPSocketWrap
   At      : tests/hang.test.ts:5:5
`)
})

test('an async error does not blame the test that happened to run', () => {
  expect(plain(sampleReport())).toContain(`   While   : 'takes an order' ran, which may not be its cause\n`)
})

test('skipped and deselected tests carry their reasons, warnings their files', () => {
  const text = plain(sampleReport())
  expect(text).toContain(' • tests/orders.test.ts > needs docker: skipped, docker is not running\n')
  expect(text).toContain(' • tests/orders.test.ts > cancels: deselected, -t /order/\n')
  expect(text).toContain('     3,042  tests/orders.test.ts\n')
  expect(text).toContain('            41 more that were not told apart\n')
})

test('a thousand tests left out by one filter are one line', () => {
  const tests = Array.from({ length: 1_000 }, (_, index) =>
    testFinished('a.test.ts', `t${index}`, 'deselected', { reason: '-t /x/' }),
  )
  expect(plain(buildReport(wholeRun(wholeFile('a.test.ts', tests))))).toContain(
    ' • a.test.ts 1,000 deselected, -t /x/\n',
  )
})

test('a run that passed is told in a few lines, without a failure summary', () => {
  const text = renderConsole(passing(), { color: false, columns: 80, reportDir: '.shakedown' })
  expect(text).toBe(`
 ✓ PASSED
            main@13b1692 · Vitest 5.1.0 · Node 24.21.0 · 1 s

 Files      1 passed
 Tests      1 passed

 Report     .shakedown/report.html
            also report.json, report.md

`)
})

test('a run without a single test file says so', () => {
  expect(plain(buildReport(wholeRun([], 'failed')))).toContain(' ✗ FAILED: no test files were found\n')
})

test('nothing but paths and names is wider than the terminal', () => {
  for (const columns of [60, 80, 120]) {
    const lines = plain(sampleReport(), columns).split('\n')
    expect(lines.filter((line) => textWidth(line) > columns)).toEqual([])
  }
})

test('a path longer than the terminal stays whole', () => {
  const file = `tests/${'deep/'.repeat(30)}a.test.ts`
  const report = buildReport(
    wholeRun(
      wholeFile(file, [testFinished(file, 'adds', 'failed', { errors: [anError('boom')] })]),
      'failed',
    ),
  )
  expect(plain(report)).toContain(file)
})

test('without colour there is no escape code, and with it the same text', () => {
  const coloured = renderConsole(sampleReport(), { color: true, columns: 80 })
  expect(coloured).toContain('\u001B[')
  expect(stripVTControlCharacters(coloured)).toBe(plain(sampleReport()))
})

test('of very many failures the first fifty are printed', () => {
  const tests = Array.from({ length: 80 }, (_, index) =>
    testFinished('a.test.ts', `t${index}`, 'failed', { errors: [anError('boom')] }),
  )
  const text = plain(buildReport(wholeRun(wholeFile('a.test.ts', tests), 'failed')))
  expect(text.match(/ ✗ a\.test\.ts/g)).toHaveLength(50)
  expect(text).toContain('   … and 30 more failures, all in the report\n')
})

test('wide characters count double and combining marks nothing', () => {
  expect([textWidth('abc'), textWidth('日本'), textWidth('e\u0301'), textWidth('✓')]).toEqual([3, 4, 1, 1])
  expect(wrap('日本 日本 日本', 10)).toEqual(['日本 日本', '日本'])
})

test('in 40 columns no line but a path is wider, the last one neither', () => {
  const report = sampleReport()
  const narrow = { ...report, run: { ...report.run, processExitCode: 0 } }
  const lines = renderConsole(narrow, { color: false, columns: 40 }).split('\n')
  const wide = lines.filter((line) => line.length > 40 && !/[\w-]+\/[\w-]+/.test(line))
  expect(wide).toEqual([])
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('exit code 0 (with `shakedown run`: 1)')
})
