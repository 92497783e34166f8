import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { needs } from '../../../support/systems.ts'
import { writeReports } from '../../../../reporters/write-reports.ts'
import { sampleReport } from '../../../reporters/support/sample-report.ts'
import { CliProject, ended } from '../cli-project.ts'

/** Starts several Vitests, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000
/** How often something is looked at that tells no one when it happens. */
const LOOK_MS = 20

test(
  'a run that is killed at once leaves a report that says so, no older one, and its journal makes a whole one',
  async (context) => {
    needs(context, 'posix', 'Windows ends a process where others send it a signal')
    using project = new CliProject('cli/long-run')
    const outputs = ['json', 'md', 'html'].map((extension) => `.shakedown/report.${extension}`)
    await writeReports(sampleReport(), project.path('.shakedown'))
    const shakedown = project.start(['run', '--all', 'waiting.test.ts'])
    const said = ended(shakedown)
    while (!project.has('pids.json')) await sleep(LOOK_MS)
    // The supervisor is gone before it could do anything; its child dies with it.
    shakedown.kill('SIGKILL')
    await said
    for (const file of outputs)
      expect(project.read(file)).not.toContain(sampleReport().run.commit?.slice(0, 7))
    expect(project.report().run).toMatchObject({ status: 'incomplete', end: 'killed', exitCode: 4 })
    expect(project.read('.shakedown/report.md')).toContain('INCOMPLETE: the run was killed')
    expect(project.report().totals).toMatchObject({ files: 1, tests: 0 })

    const report = await project.run(['report'])
    expect(report.stdout).toContain('INCOMPLETE: the run was killed')
    expect(report.stdout).toContain('.shakedown/report.html')
    expect(report.exitCode).toBe(4)
    expect(project.report().totals).toMatchObject({ files: 1, tests: 3, passed: 1 })

    cpSync(project.path('.shakedown/journal'), project.path('elsewhere'), { recursive: true })
    const other = await project.run(['report', '--journal', 'elsewhere', '--report-dir', 'out', '--json'])
    expect(JSON.parse(other.stdout)).toEqual(project.report('out'))
  },
  PATIENCE_MS,
)

test('without a journal there is nothing to make a report from', async () => {
  using project = new CliProject()
  const { exitCode, stderr } = await project.run(['report'])
  expect(stderr).toContain(
    'shakedown: E_NO_JOURNAL\n\nExpected journals (*.jsonl) in .shakedown/journal, got none.',
  )
  expect(exitCode).toBe(2)
})

test(
  'a run that is refused leaves no older report to be taken for its own',
  async () => {
    using project = new CliProject('bad-input')
    project.write('.shakedown/report.json', '{ "schemaVersion": 1, "old": true }')
    const { exitCode } = await project.run(['run', 'unknown-verb'])
    expect(exitCode).toBe(2)
    // What is there says that this run failed.
    expect(project.report().run).toMatchObject({ status: 'failed', exitCode: 2 })
  },
  PATIENCE_MS,
)

test(
  'a test that deletes the report folder costs neither exit code nor summary',
  async () => {
    using project = new CliProject()
    project.write(
      'deletes.test.ts',
      `import { rmSync } from 'node:fs'
import { test } from 'vitest'
test('tidies up', () => rmSync('.shakedown', { recursive: true }))`,
    )
    const { exitCode, stdout, stderr } = await project.run(['run', '--all'])
    expect(stdout).toContain('✓ PASSED')
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(project.report().totals).toMatchObject({ passed: 1 })
  },
  PATIENCE_MS,
)

const SMALL_DISK_BYTES = 262_144

/** Runs a command in a namespace of its own in which `.shakedown` is a disk of that size; it ends with the command. */
const onSmallDisk = [
  'unshare',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=${SMALL_DISK_BYTES} tmpfs .shakedown && exec "$@"`,
  'sh',
]

test.for([
  ['passes', '', 2, '✓ PASSED'],
  ['fails', "throw new Error('boom')", 1, '✗ FAILED'],
] as const)(
  'a full disk is named as what it is, after a suite that %s',
  { timeout: PATIENCE_MS },
  async ([, statement, code, headline], context) => {
    using project = new CliProject()
    mkdirSync(project.path('.shakedown'))
    const [command = '', ...rest] = onSmallDisk
    const possible = spawnSync(command, [...rest, 'true'], { cwd: project.folder }).status === 0
    if (!possible) return context.skip('this user may not mount a small disk')
    project.write(
      'fills.test.ts',
      `import { appendFileSync, existsSync, rmSync } from 'node:fs'
import { test } from 'vitest'
const reports = ['html', 'json', 'md'].map((kind) => '.shakedown/report.' + kind)
const pause = new Int32Array(new SharedArrayBuffer(4))
test('fills the disk', () => {
  // The last report may take the room of the first one, so that must be gone and not still on its way.
  while (!reports.every((file) => existsSync(file))) Atomics.wait(pause, 0, 0, 10)
  for (const file of reports) rmSync(file)
  try { for (;;) appendFileSync('.shakedown/junk', 'x'.repeat(512)) } catch {}
  ${statement}
})`,
    )
    const { exitCode, stdout, stderr } = await project.run(['run', '--all'], { through: onSmallDisk })
    expect(stdout).toContain(headline)
    expect(stderr).toContain('shakedown: E_REPORT_DIR')
    expect(stderr).toContain('The disk is full')
    expect(stderr).not.toContain('fault of shakedown')
    expect(exitCode).toBe(code)
  },
)
