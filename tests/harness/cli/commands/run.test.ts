import path from 'node:path'
import { expect, test } from 'vitest'
import { runReportSchema } from '../../../../reporters/index.ts'
import { CliProject, repository } from '../cli-project.ts'

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** The parts of a summary that differ from run to run. */
function steady(summary: string): string {
  return summary
    .replaceAll(/ +(?:main|HEAD)?\S*(?:@\w+ · )?Vitest .*/g, ' (provenance)')
    .replaceAll(/\d[\d.]* m?s\b/g, 'N ms')
}

test(
  'a good suite passes with a short summary and three reports',
  async () => {
    using project = new CliProject('broken-suite')
    const { exitCode, stdout, stderr } = await project.run(['run', 'good.scenario.yaml'])
    expect(steady(stdout)).toBe(`
 ✓ PASSED
 (provenance)

 Files      1 passed
 Tests      1 passed
 Scenarios  1: 1 passed, 2 faults fired
            N ms of virtual time in N ms

 Report     .shakedown/report.html
            also report.json, report.md

`)
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(project.report().run).toMatchObject({ status: 'passed', exitCode: 0 })
    expect(project.read('.shakedown/report.md')).toContain('PASSED')
    expect(project.read('.shakedown/report.html')).toContain('<!doctype html>')
  },
  PATIENCE_MS,
)

test(
  'a broken suite fails with a summary that names each failure, its place and what to do, in 80 columns',
  async () => {
    using project = new CliProject('broken-suite')
    const { exitCode, stdout } = await project.run(['run'])
    expect(exitCode).toBe(1)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(stdout).not.toContain('\u001B')
    const failures = steady(stdout).split('── FAILURE SUMMARY ')[1]
    expect(failures).toBe(`─────────────────────────────────────────────────────────────

 ✗ failed-expectation.scenario.yaml > an order rides out three resets
   Status  : FAIL
   Duration: N ms
   Error   : read ECONNRESET
   Also    : 2 checks failed
   Expected: status to be "completed"
   Received: "failed"
   At      : failed-expectation.scenario.yaml:7:3
   Expected: calls.fn:send to be 4
   Received: 3
   At      : failed-expectation.scenario.yaml:8:12

 ✗ mocked-executor.scenario.yaml > an order is sent by a mock
   Status  : FAIL
   Duration: N ms
   Error   : Expected the real executor to run, but the subject function is a
             vi.fn / jest.fn spy. A mocked executor proves nothing about
             recovery. Give the scenario the real subject and script the failure
             at its boundary instead, e.g. faults: { "step:draft":
             "reject(ECONNRESET)" }. (E_EXECUTOR_MOCKED)
   At      : mocked-executor.scenario.yaml:2:1

 ✗ stalled.scenario.yaml > an order whose courier never answers is given up
   Status  : FAIL
   Duration: N ms
   Error   : The subject never settled: at 0 virtual ms no timer is left that
             could wake it. Open: fn:send (call 1, since N ms, fault hang). Give
             what waits a timeout, or use a fault that settles. (E_STALL)
   At      : stalled.scenario.yaml:1:1

 ✗ vacuous.scenario.yaml > an order rides out a slow acknowledgement
   Status  : FAIL
   Duration: N ms
   Error   : Fault \`reject(ETIMEDOUT)\` at \`fn:acknowledge\` never fired: no call
             came to it. Reached: fn:send (1×). (E_VACUOUS)
   At      : vacuous.scenario.yaml:5:3

 Total failures: 4 · exit code 1

`)
    const report = project.report()
    expect(report.scenarios).toMatchObject({ total: 5, passed: 1, failed: 3, vacuous: 1 })
    expect(report.run).toMatchObject({ status: 'failed', exitCode: 1 })
  },
  PATIENCE_MS,
)

test(
  'with --json the report is all there is on stdout',
  async () => {
    using project = new CliProject('broken-suite')
    const { exitCode, stdout } = await project.run(['run', '--json', '--report-dir', 'out'])
    expect(exitCode).toBe(1)
    const report = runReportSchema.parse(JSON.parse(stdout))
    expect(report).toEqual(project.report('out'))
    expect(project.has('.shakedown')).toBe(false)
  },
  PATIENCE_MS,
)

test(
  'a name that matches nothing is a mistake, not a success, also in colour',
  async () => {
    using project = new CliProject('broken-suite')
    const { exitCode, stdout, stderr } = await project.run(['run', '-t', 'rides uot'], {
      env: { FORCE_COLOR: '1' },
    })
    expect(stdout).toContain('\u001B[')
    expect(stderr).toMatch(
      /^shakedown: E_NO_MATCH\n\nExpected a test whose full name matches \/rides uot\/, got none among 5 tests\.\n/,
    )
    expect(exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test(
  'scenarios run without the ordinary tests of the project, with --all beside them; a name chooses among them',
  async () => {
    using project = new CliProject('broken-suite')
    project.write('ordinary.test.ts', "import { test } from 'vitest'\ntest('an ordinary test', () => {})\n")
    const all = await project.run(['run', '--all', '-t', 'two resets|ordinary'])
    expect(all.stdout).toContain('Tests      6: 2 passed, 4 deselected')
    const some = await project.run(['run', '-t', 'two resets|ordinary'])
    expect(some.stdout).toContain('Tests      5: 1 passed, 4 deselected')
    expect([some.exitCode, all.exitCode]).toEqual([0, 0])
  },
  PATIENCE_MS,
)

test(
  'reporters of the project that write files keep writing them; what they say is shown on demand',
  async () => {
    using project = new CliProject('broken-suite')
    project.write(
      'vitest.config.ts',
      "export default { test: { reporters: ['default', ['junit', { outputFile: 'junit.xml' }]] } }",
    )
    const quiet = await project.run(['run', 'good.scenario.yaml'])
    expect(quiet.stdout).not.toContain('good.scenario.yaml')
    expect(project.read('junit.xml')).toContain('an order rides out two resets')
    const machine = await project.run(['run', 'good.scenario.yaml', '--verbose', '--json'])
    expect(machine.stderr).toContain('good.scenario.yaml')
    expect(runReportSchema.safeParse(JSON.parse(machine.stdout)).success).toBe(true)
  },
  PATIENCE_MS,
)

test(
  'the oldest supported Vitest runs the same suite',
  async () => {
    using project = new CliProject('broken-suite', path.join(repository, 'tests/fixtures/vitest-4'))
    const { exitCode, stdout } = await project.run(['run'], { env: { NO_COLOR: '1' } })
    expect(stdout).toContain('Vitest 4.1.')
    expect(stdout).toContain('Scenarios  5: 1 passed, 3 failed, 1 vacuous')
    expect(exitCode).toBe(1)
  },
  PATIENCE_MS,
)
