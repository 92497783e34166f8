import type { ChildProcess } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { parseReport } from '../../../reporters/report/parse.ts'
import type { RunReport } from '../../../reporters/report/model.ts'
import { versions, VitestProject } from './vitest-project.ts'

const projects = versions.map((version) => ({ version, project: new VitestProject('filters', version) }))
afterAll(() => projects.forEach(({ project }) => project[Symbol.dispose]()))

/** Reads what a Vitest in watch mode prints, run by run. */
class Watched {
  readonly #child: ChildProcess
  #unread = ''
  #wake: () => void = () => undefined
  #ended = false

  constructor(child: ChildProcess) {
    this.#child = child
    const take = (chunk: Buffer): void => {
      this.#unread += stripVTControlCharacters(String(chunk))
      this.#wake()
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  /** What was printed up to the end of the next run. */
  async nextRun(): Promise<string> {
    // Vitest waits after a good run and watches after a bad one.
    const end = /(?:Waiting|Watching) for file changes/
    while (!end.test(this.#unread) && !this.#ended) {
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
    const printed = this.#unread
    this.#unread = ''
    if (this.#ended) throw new Error(`Vitest ended instead of watching:\n${printed}`)
    return printed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((done) => this.#child.once('close', done))
    this.#child.kill()
    await closed
  }
}

test.for(projects)(
  'Vitest $version: watch mode reruns a scenario when its file, its subject or a mistake in it changes',
  { timeout: 120_000 },
  async ({ project }) => {
    await using watched = new Watched(project.start('--watch', '--reporter=verbose', 'one.scenario'))
    expect(await watched.nextRun()).toMatch(/✓ one\.scenario\.yaml > first/)

    const scenario = project.read('one.scenario.yaml')
    project.write('one.scenario.yaml', scenario.replace('output: hello you', 'output: good bye'))
    expect(await watched.nextRun()).toContain('❯ expect.output one.scenario.yaml')

    project.write('subject.ts', project.read('subject.ts').replace('`hello ${who}`', "'good bye'"))
    expect(await watched.nextRun()).toMatch(/✓ one\.scenario\.yaml > first/)

    project.write('one.scenario.yaml', 'nmae: first')
    expect(await watched.nextRun()).toContain(
      'Unknown key `nmae` in one.scenario.yaml:1:1. Did you mean `name`?',
    )

    project.write('one.scenario.yaml', scenario.replace('output: hello you', 'output: good bye'))
    expect(await watched.nextRun()).toMatch(/✓ one\.scenario\.yaml > first/)
  },
)

test.for(versions)(
  'Vitest %i: the report after a rerun says that it is not of the whole',
  { timeout: 120_000 },
  async (version) => {
    using project = new VitestProject('filters', version)
    await using watched = new Watched(project.start('--watch', '--reporter=verbose', '.scenario'))
    await watched.nextRun()
    const report = (): RunReport => parseReport(project.read('.shakedown/report.json'), 'report.json')
    const whole = report()
    expect(whole.run).toMatchObject({ rerun: null, processExitCode: null })
    expect(whole.totals.files).toBeGreaterThan(1)

    project.write('one.scenario.yaml', `${project.read('one.scenario.yaml')}\n`)
    await watched.nextRun()
    expect(report().totals.files).toBe(1)
    expect(report().run.rerun).toEqual({ files: 1, of: whole.totals.files })
    expect(project.read('.shakedown/report.md')).toContain(`rerun of 1 of ${whole.totals.files} files`)
  },
)
