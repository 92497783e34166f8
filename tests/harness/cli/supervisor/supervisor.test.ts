import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChildProcess } from 'node:child_process'
import { beforeEach, expect, test } from 'vitest'
import { CliProject, ended, type Said } from '../cli-project.ts'
import { needs } from '../../../support/systems.ts'

beforeEach((context) => needs(context, 'posix', 'Windows ends a process where others send it a signal'))

/** Two starts of Node and one of Vitest, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000
/** How often something is looked at that tells nobody when it happens. */
const LOOK_MS = 20

interface Pids {
  readonly vitest: number
  readonly worker: number
}

/** A run whose last test never ends by itself. */
class EndlessRun implements Disposable {
  readonly project: CliProject = new CliProject('cli/long-run')
  readonly shakedown: ChildProcess
  readonly said: Promise<Said>
  #pids: Pids | undefined

  constructor(file: string, prepare: (project: CliProject) => void = () => {}) {
    prepare(this.project)
    this.shakedown = this.project.start(['run', '--all', file])
    this.said = ended(this.shakedown)
  }

  /** Resolves once the endless test runs. */
  async isOn(): Promise<Pids> {
    await until(() => this.project.has('pids.json') && this.project.read('pids.json') !== '')
    this.#pids = JSON.parse(this.project.read('pids.json')) as Pids
    return this.#pids
  }

  [Symbol.dispose](): void {
    for (const pid of [this.shakedown.pid, this.#pids?.vitest, this.#pids?.worker])
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL')
    this.project[Symbol.dispose]()
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(LOOK_MS)
}

/** Whether a process still does something: one that waits to be buried is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // `pid (name) state …`, where the name may hold anything.
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z'
  } catch {
    // Elsewhere than on Linux the dead are buried by the system.
    return process.platform !== 'linux'
  }
}

async function expectDead({ vitest, worker }: Pids): Promise<void> {
  await until(() => !isAlive(vitest) && !isAlive(worker))
}

test(
  'Ctrl-C ends a run that waits and leaves its report, incomplete',
  async () => {
    using run = new EndlessRun('waiting.test.ts')
    const pids = await run.isOn()
    run.shakedown.kill('SIGINT')
    const { exitCode, stdout, stderr } = await run.said
    expect(stderr).toContain('Ctrl-C again kills them')
    expect(stdout).toContain('INCOMPLETE: the run was interrupted')
    expect(exitCode).toBe(4)
    const report = run.project.report()
    expect(report.run).toMatchObject({ status: 'incomplete', end: 'interrupted', exitCode: 4 })
    expect(report.totals).toMatchObject({ tests: 3, passed: 1, skipped: 1, unfinished: 1 })
    expect(report.files).toMatchObject([{ path: 'waiting.test.ts', status: 'lost' }])
    expect(report.failures).toMatchObject([{ test: 'waits until somebody has had enough', status: 'lost' }])
    expect(report.skipped).toMatchObject([
      { test: 'has its turn after that', reason: 'not run (interrupted)' },
    ])
    await expectDead(pids)
  },
  PATIENCE_MS,
)

test(
  'Ctrl-C while Vitest still starts ends it at once, and the report says so',
  async () => {
    using run = new EndlessRun('waiting.test.ts', (project) =>
      project.write(
        'vitest.config.ts',
        `import { writeFileSync } from 'node:fs'
writeFileSync('pids.json', JSON.stringify({ vitest: process.pid, worker: process.pid }))
setInterval(() => {}, 1000)
await new Promise(() => {})`,
      ),
    )
    const pids = await run.isOn()
    run.shakedown.kill('SIGINT')
    const { exitCode, stdout, stderr } = await run.said
    expect(stderr).toContain('shakedown: E_INTERRUPTED\n\nInterrupted by SIGINT before any test had started.')
    expect(stdout).toBe('')
    expect(exitCode).toBe(4)
    expect(run.project.report().run).toMatchObject({ status: 'incomplete', exitCode: 4 })
    await expectDead(pids)
  },
  PATIENCE_MS,
)

test(
  'a second Ctrl-C ends a run that listens to nobody, worker and all, and still leaves its report',
  async () => {
    using run = new EndlessRun('spinning.test.ts')
    const pids = await run.isOn()
    run.shakedown.kill('SIGINT')
    run.shakedown.stderr?.once('data', () => run.shakedown.kill('SIGINT'))
    const { exitCode, stdout, stderr } = await run.said
    expect(stderr).toContain('SIGINT, killing what still runs')
    expect(stdout).toContain('INCOMPLETE: the run was interrupted')
    expect(exitCode).toBe(4)
    expect(run.project.report().files).toMatchObject([{ path: 'spinning.test.ts', status: 'lost' }])
    await expectDead(pids)
  },
  PATIENCE_MS,
)

test(
  'SIGTERM leaves no time for manners, but a report',
  async () => {
    using run = new EndlessRun('spinning.test.ts')
    const pids = await run.isOn()
    run.shakedown.kill('SIGTERM')
    const { exitCode } = await run.said
    expect(exitCode).toBe(4)
    expect(run.project.report().run).toMatchObject({ status: 'incomplete', end: 'interrupted' })
    await expectDead(pids)
  },
  PATIENCE_MS,
)

test(
  'a Vitest that is killed leaves a report that says so, and no worker behind',
  async () => {
    using run = new EndlessRun('spinning.test.ts')
    const pids = await run.isOn()
    process.kill(pids.vitest, 'SIGKILL')
    const { exitCode, stdout, stderr } = await run.said
    expect(stderr).toContain('the process that ran Vitest was killed by SIGKILL')
    expect(stdout).toContain('INCOMPLETE: the run was killed')
    expect(exitCode).toBe(4)
    const report = run.project.report()
    expect(report.run).toMatchObject({ status: 'incomplete', end: 'killed', exitCode: 4 })
    expect(report.failures).toMatchObject([
      {
        file: 'spinning.test.ts',
        status: 'crashed',
        error: { name: 'ProcessDied', message: 'The process that ran Vitest was killed by SIGKILL.' },
      },
    ])
    expect(run.project.read('.shakedown/report.html')).toContain('INCOMPLETE')
    await expectDead(pids)
  },
  PATIENCE_MS,
)

test(
  'a supervisor that is killed takes Vitest and its workers along',
  async () => {
    using run = new EndlessRun('spinning.test.ts')
    const pids = await run.isOn()
    run.shakedown.kill('SIGKILL')
    const { signal } = await run.said
    expect(signal).toBe('SIGKILL')
    await expectDead(pids)
  },
  PATIENCE_MS,
)

test(
  'a process that ends itself in the middle of the run is quoted',
  async () => {
    using project = new CliProject('cli/long-run')
    project.write(
      'vitest.config.ts',
      `export default { plugins: [{ name: 'suicidal', configureVitest: ({ vitest }) => vitest.config.reporters.push({
        onTestModuleEnd() { console.error('out of \\u001B[31mpaper'); process.exit(7) } }) }] }`,
    )
    project.write('ordinary.test.ts', "import { test } from 'vitest'\ntest('an ordinary test', () => {})\n")
    const { exitCode, stdout, stderr } = await project.run(['run', '--all', 'ordinary.test.ts'])
    expect(stderr).toContain('the process that ran Vitest ended with exit code 7')
    expect(stderr).toContain('  out of paper\n')
    expect(stdout).toContain('INCOMPLETE')
    expect(exitCode).toBe(4)
    expect(project.report().totals).toMatchObject({ passed: 1 })
  },
  PATIENCE_MS,
)

test(
  'a process that ends itself before any test is quoted too, and in the report',
  async () => {
    using project = new CliProject('cli/long-run')
    project.write('vitest.config.ts', "console.error('no licence'); process.exit(3)")
    const { exitCode, stdout, stderr } = await project.run(['run', '--all'])
    expect(stderr).toMatch(/^shakedown: E_VITEST_DIED\n/)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('ended with exit code 3 before any test had started.')
    expect(stderr).toContain('  no licence\n')
    expect(stdout).toBe('')
    expect(exitCode).toBe(4)
    expect(project.report().run).toMatchObject({ status: 'incomplete', exitCode: 4 })
    expect(project.read('.shakedown/report.md')).toContain('no licence')
  },
  PATIENCE_MS,
)

test(
  'a Vitest that will not close after its last test is killed, and its run is not called passed',
  async () => {
    using project = new CliProject('cli/long-run')
    project.write(
      'vitest.config.ts',
      "export default { test: { teardownTimeout: 300, globalSetup: './setup.ts' } }",
    )
    project.write('setup.ts', 'export default () => () => new Promise(() => setInterval(() => {}, 1000))\n')
    project.write('ordinary.test.ts', "import { test } from 'vitest'\ntest('an ordinary test', () => {})\n")
    const { exitCode } = await project.run(['run', '--all', 'ordinary.test.ts'])
    expect(exitCode).toBe(4)
    const report = project.report()
    expect(report.totals).toMatchObject({ tests: 1, passed: 1 })
    expect(report.timeouts).toMatchObject([{ kind: 'run', phase: 'close', limitMs: 300 }])
  },
  PATIENCE_MS,
)
