import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { needs } from '../support/systems.ts'

beforeEach((context) => needs(context, 'posix', 'the gate is a bash script'))

const repository = fileURLToPath(new URL('../..', import.meta.url))

const totals = { passed: 0, failed: 0, timedOut: 0, unfinished: 0, skipped: 0, todo: 0, deselected: 0 }
const oldReport = { totals: { ...totals, passed: 999 }, failures: [] }

/** What the stand-in for npm does for a command: it may write a report, and ends with a code. */
type Npm = Readonly<Record<string, { readonly report?: unknown; readonly exitCode?: number }>>

/** Runs the gate in an empty folder with a stand-in for npm that notes what it was asked. */
async function gate(npm: Npm): Promise<{ exitCode: number; lines: string[]; commands: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shakedown-gate-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(path.join(folder, 'bin'))
  await cp(path.join(repository, '.ci'), path.join(folder, '.ci'), { recursive: true })
  for (const [command, { report }] of Object.entries(npm))
    await writeFile(
      path.join(folder, `${command}.report`),
      report === undefined ? '' : JSON.stringify(report),
    )
  const cases = Object.entries(npm).map(([command, { exitCode = 0 }]) => `'${command}') code=${exitCode};;`)
  const script = `#!/bin/bash
echo "$*" >> commands
code=0
case "$*" in ${cases.join(' ')} esac
if [ -s "$*.report" ]; then mkdir -p .shakedown; cp "$*.report" .shakedown/report.json; fi
exit $code
`
  await writeFile(path.join(folder, 'bin/npm'), script, { mode: 0o755 })
  const env = { ...process.env, PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env['PATH']}` }
  const { exitCode, output } = await new Promise<{ exitCode: number; output: string }>((resolve) => {
    execFile(path.join(folder, '.ci/run'), { env }, (error, stdout) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout })
    })
  })
  const commands = await readFile(path.join(folder, 'commands'), 'utf8')
  return { exitCode, lines: output.trim().split('\n'), commands: commands.trim().split('\n') }
}

test('the gate installs, runs the two commands of the README and ends with the count of the tests', async () => {
  const report = { totals: { ...totals, passed: 120 }, failures: [] }
  const { exitCode, lines, commands } = await gate({
    'run shakedown': { report: oldReport },
    test: { report },
  })
  expect(commands).toEqual(['ci', 'run shakedown', 'test'])
  expect(lines.at(-1)).toBe('120 passed, 0 failed')
  expect(exitCode).toBe(0)
})

test('timeouts, files that failed as a whole and tests without a result count as failed', async () => {
  const report = {
    totals: {
      ...totals,
      passed: 5,
      failed: 1,
      timedOut: 2,
      unfinished: 3,
      skipped: 1,
      todo: 1,
      deselected: 1,
    },
    failures: [{ test: 'a' }, { test: null }],
  }
  const { exitCode, lines } = await gate({ test: { report, exitCode: 1 } })
  expect(lines.at(-1)).toBe('5 passed, 7 failed, 3 skipped')
  expect(exitCode).toBe(1)
})

test('a check that fails before the tests leaves no count, least of all an older one', async () => {
  const { exitCode, lines } = await gate({ 'run shakedown': { report: oldReport }, test: { exitCode: 2 } })
  expect(lines.join('\n')).not.toContain('passed')
  expect(exitCode).toBe(1)
})

test('a scenario that fails turns the gate red although every test passed', async () => {
  const report = { totals: { ...totals, passed: 7 }, failures: [] }
  const { exitCode, lines } = await gate({ 'run shakedown': { exitCode: 1 }, test: { report } })
  expect(lines.at(-1)).toBe('7 passed, 0 failed')
  expect(exitCode).toBe(1)
})

test('an install that fails ends the gate at once', async () => {
  const { exitCode, commands } = await gate({ ci: { exitCode: 4 } })
  expect(commands).toEqual(['ci'])
  expect(exitCode).toBe(4)
})
