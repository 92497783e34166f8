import { expect, test } from 'vitest'
import { CliProject } from './cli-project.ts'
import { unwrapped } from './one-screen.ts'

/** Each of these starts a Vitest in a process of its own, on a machine that may be busy with other tests. */
const PATIENCE_MS = 60_000

/** A project with one test, and something done by the teardown of a `globalSetup`, after the report is written. */
function projectWithTeardown(body: string, teardown: string): CliProject {
  const project = new CliProject()
  project.write('vitest.config.ts', "export default { test: { globalSetup: ['setup.ts'] } }")
  project.write('setup.ts', `import * as fs from 'node:fs'\nexport const teardown = () => { ${teardown} }\n`)
  project.write('a.test.ts', `import { test } from 'vitest'\ntest('adds', () => { ${body} })\n`)
  return project
}

const FORGED =
  "process.send({ kind: 'reported', exitCode: 0, text: 'FORGED all green\\n', journalBytes, files: [] })"
/** What a forger knows of a run: the length of its journal. */
const JOURNAL_BYTES =
  "const journalBytes = fs.statSync('.shakedown/journal/' + fs.readdirSync('.shakedown/journal').find((name) => name.endsWith('.jsonl'))).size;"

test.each([
  ['removes the report folder', "fs.rmSync('.shakedown', { recursive: true })"],
  ['removes the report', "for (const kind of ['json', 'md', 'html']) fs.rmSync('.shakedown/report.' + kind)"],
  ['writes over a file of it', "fs.writeFileSync('.shakedown/report.html', 'gone')"],
  [
    'writes over a file of it in its own length',
    "fs.writeFileSync('.shakedown/report.json', fs.readFileSync('.shakedown/report.json', 'utf8').replaceAll('passed', 'failed'))",
  ],
])(
  'a teardown that %s costs no report: it is written again',
  async (_what, teardown) => {
    using project = projectWithTeardown('', teardown)
    const said = await project.run(['run', '--all'])
    expect(said).toMatchObject({ exitCode: 0, stderr: '' })
    expect(said.stdout).toContain('PASSED')
    expect(project.report()).toMatchObject({ run: { status: 'passed' }, totals: { passed: 1 } })
    expect(project.read('.shakedown/report.md')).toContain('PASSED')
    expect(project.read('.shakedown/report.html')).toContain('<meta name="generator" content="shakedown">')
    expect(project.list('.shakedown/journal').filter((name) => name.endsWith('.jsonl'))).toHaveLength(1)
  },
  PATIENCE_MS,
)

test(
  'a folder in place of a report is named: the run ends with 2',
  async () => {
    using project = projectWithTeardown(
      '',
      "fs.rmSync('.shakedown/report.json'); fs.mkdirSync('.shakedown/report.json')",
    )
    const said = await project.run(['run', '--all'])
    expect(unwrapped(said)).toContain('E_REPORT_DIR')
    expect(said.exitCode).toBe(2)
  },
  PATIENCE_MS,
)

test.each([
  ['failed', "throw new Error('boom')", 1, 'FAILED'],
  ['passed', '', 0, 'PASSED'],
])(
  'a project that says on the channel what only the harness may say changes nothing: the run %s',
  async (status, body, exitCode, word) => {
    using project = projectWithTeardown(body, `${JOURNAL_BYTES} ${FORGED}`)
    const said = await project.run(['run', '--all'])
    expect(said.stdout).not.toContain('FORGED')
    expect(said.stdout).toContain(word)
    expect(said.exitCode).toBe(exitCode)
    expect(project.report().run).toMatchObject({ status, exitCode })
  },
  PATIENCE_MS,
)
