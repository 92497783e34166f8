import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly name: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

const file = new URL('../../.github/actions/shakedown/action.yml', import.meta.url)
const { runs } = parse(readFileSync(file, 'utf8')) as { runs: { steps: readonly Step[] } }
const posix = process.platform !== 'win32'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'shakedown-action-'))
  mkdirSync(path.join(folder, '.shakedown'))
  writeFileSync(path.join(folder, '.shakedown/report.md'), 'OLD REPORT')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the steps of the action that are scripts, as a runner does, and gives what the job's page would show. */
function summaryOf(command: string): { exitCodes: (number | null)[]; summary: string } {
  const summary = path.join(folder, 'summary.md')
  writeFileSync(summary, '')
  const inputs: Readonly<Record<string, string>> = { command, 'report-directory': '.shakedown' }
  const exitCodes = runs.steps.flatMap(({ run, env = {} }) => {
    if (run === undefined) return []
    const given = Object.entries(env).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => inputs[input] ?? ''),
    ])
    const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: folder,
      env: { PATH: process.env['PATH'], GITHUB_STEP_SUMMARY: summary, ...Object.fromEntries(given) },
      encoding: 'utf8',
    })
    return [status]
  })
  return { exitCodes, summary: readFileSync(summary, 'utf8') }
}

test.runIf(posix)('a command that ends before it has a report is not shown with an old one', () => {
  const { exitCodes, summary } = summaryOf('exit 3')
  expect(summary).toBe('')
  expect(exitCodes).toEqual([0, 3, 0])
  expect(existsSync(path.join(folder, '.shakedown/report.md'))).toBe(false)
})

test.runIf(posix)('the report of the command is shown, also when it failed', () => {
  const { exitCodes, summary } = summaryOf('echo NEW REPORT > .shakedown/report.md; exit 1')
  expect(summary).toBe('NEW REPORT\n')
  expect(exitCodes).toEqual([0, 1, 0])
})
