import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { RunReport } from '../../../reporters/report/model.ts'
import { versions, VitestProject } from './vitest-project.ts'

const MEND =
  "so the test may check the replacement only. Let the real thing run in a scenario and script the failure at its boundary, such as `.on('fn:save', 'reject(ECONNRESET)')`."

/** The first seed document's test: green for months, while the code it was about never ran. */
function projectOf(version: (typeof versions)[number], options: string): VitestProject {
  return new VitestProject(
    'mocked-executor',
    version,
    `shakedown({ subjects: ['exec*.ts'], ${options} })`,
  ).withAlias()
}

function reportOf(project: VitestProject): RunReport {
  return JSON.parse(readFileSync(project.path('.shakedown/report.json'), 'utf8')) as RunReport
}

test.for(versions)(
  'Vitest %s: an ordinary test that mocks the engine or a listed subject is remarked, also when its modules come from a cache',
  { timeout: 60_000 },
  async (version) => {
    using project = projectOf(version, 'print: true')
    for (const run of ['first', 'second']) {
      const { code, output } = await project.vitest('run')
      expect([run, code]).toEqual([run, 0])
      expect(output).toContain('E_EXECUTOR_MOCKED')
      const remarks = reportOf(project).remarks.toSorted((a, b) => a.message.localeCompare(b.message))
      expect(remarks).toEqual(
        [
          // Through a module that exports it again; of what else that exports, a mock is none of the subject.
          [
            'patched.test.ts',
            'Object.assign(executorCore, { execute })',
            'a module that `subjects` lists',
            'Object.assign',
          ],
          ['mocked.test.ts', "vi.mock('@/executor')", 'a module that `subjects` lists', "vi.mock('@/"],
          ['mocked.test.ts', "vi.mock('shakedown')", 'the executor', "vi.mock('shakedown"],
          [
            'spied.test.ts',
            "vi.spyOn(executorCore, 'execute')",
            'a module that `subjects` lists',
            'vi.spyOn',
          ],
        ].map(([file = '', written, what, piece = '']) => {
          const [line, column] = project.placeOf(file, piece).split(':').map(Number)
          return {
            code: 'E_EXECUTOR_MOCKED',
            message: `\`${written}\` replaces or watches ${what}, ${MEND}`,
            file,
            test: null,
            location: { file, line, column },
          }
        }),
      )
    }
  },
)

test('a budget for mocks makes it red', { timeout: 60_000 }, async () => {
  using project = projectOf(5, 'budgets: { mocks: 2 }')
  expect((await project.vitest('run')).code).toBe(3)
  expect(reportOf(project).gates).toEqual([{ name: 'mocks', limit: 2, actual: 4, ok: false }])
})

test('a mock in a setup file is remarked as well', { timeout: 60_000 }, async () => {
  using project = projectOf(5, 'budgets: { mocks: 0 }')
  const config = project.read('vitest.config.ts')
  project.write(
    'vitest.config.ts',
    config.replace('resolve:', "test: { setupFiles: ['./setup.ts'] }, resolve:"),
  )
  expect((await project.vitest('run', 'honest')).code).toBe(3)
  const { remarks, files } = reportOf(project)
  expect(remarks).toMatchObject([{ code: 'E_EXECUTOR_MOCKED', file: 'setup.ts', location: { line: 3 } }])
  expect(files.map(({ path }) => path)).toEqual(['honest.test.ts'])
})

test.for(versions)(
  'Vitest %s: a pattern of `subjects` that no file matches is refused, and leaves no older report',
  { timeout: 60_000 },
  async (version) => {
    using project = projectOf(version, '')
    expect((await project.vitest('run', 'honest')).code).toBe(0)
    const config = project.read('vitest.config.ts')
    project.write('vitest.config.ts', config.replace("['exec*.ts']", "['exec*.ts', 'srcc/typo.ts']"))
    const { code, output } = await project.vitest('run', 'honest')
    expect(code).toBe(1)
    expect(output).toContain('to match a file, got "srcc/typo.ts", which matches none')
    expect(existsSync(project.path('.shakedown/report.json'))).toBe(false)
    project.write('vitest.config.ts', config.replace("['exec*.ts']", "['exec*.ts', '!srcc/typo.ts']"))
    expect((await project.vitest('run', 'honest')).code).toBe(0)
  },
)
