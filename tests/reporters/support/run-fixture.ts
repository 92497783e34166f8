import { spawn } from 'node:child_process'
import path from 'node:path'
import { readFileSync } from 'node:fs'
import { listJournals } from '../../../reporters/journal/folder.ts'
import { builtModule, builtPackage, VITEST_HOMES } from '../../support/built-package.ts'
import { parseReport } from '../../../reporters/report/parse.ts'
import type { ChildProcess } from 'node:child_process'
import type { RunReport } from '../../../reporters/report/model.ts'

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures')

/** What a finished run left behind. */
export interface FixtureRun {
  readonly exitCode: number | null
  /** Standard output and error, in the order they came. */
  readonly output: string
  readonly stdout: string
  report(): RunReport
  journal(): string
}

export interface FixtureOptions {
  /** Where the reporter writes. */
  readonly reportDir: string
  /** Further options for the reporter. */
  readonly options?: Record<string, unknown>
  /** Further arguments for Vitest. */
  readonly args?: readonly string[]
  /** Called with the child once it runs, to stop it. */
  readonly onSpawn?: (child: ChildProcess) => void
}

/** Runs a fixture project with a real Vitest, in a process of its own. */
export async function runFixture(project: string, options: FixtureOptions): Promise<FixtureRun> {
  const vitest4 = project.startsWith('vitest-4/')
  const config = path.join(FIXTURES, vitest4 ? 'vitest-4/reporters' : 'reporters', 'vitest.config.ts')
  return runVitest(vitest4 ? '4.1' : '5', { root: path.join(FIXTURES, project), config }, options)
}

/** The lines of Vitest that are supported, each with where it is installed. */
export const LINES = {
  '5': path.join(VITEST_HOMES[5], 'node_modules/vitest'),
  '4.1': path.join(VITEST_HOMES[4], 'node_modules/vitest'),
} as const

export type Line = keyof typeof LINES

/** Runs the Vitest of a line over a project. */
export async function runVitest(
  line: Line,
  { root, config }: { readonly root: string; readonly config: string },
  options: FixtureOptions,
): Promise<FixtureRun> {
  const { reportDir } = options
  const args = [
    path.join(LINES[line], 'vitest.mjs'),
    'run',
    `--root=${root}`,
    `--config=${config}`,
    ...(options.args ?? []),
  ]
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    REPORTER: builtModule(builtPackage(line === '5' ? 5 : 4), 'reporters/collect/vitest-reporter'),
    REPORTER_OPTIONS: JSON.stringify({
      root,
      reportDir,
      redact: [],
      files: true,
      print: true,
      budgets: {},
      ...options.options,
    }),
  }
  // The child is a run of its own: what tells Vitest that it runs inside a test must not reach it.
  for (const name of [
    'VITEST',
    'VITEST_MODE',
    'VITEST_POOL_ID',
    'VITEST_WORKER_ID',
    'NODE_OPTIONS',
    'FORCE_COLOR',
  ])
    delete env[name]
  const child = spawn(process.execPath, args, {
    env: { ...env, NO_COLOR: '1', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  options.onSpawn?.(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  let stdout = ''
  child.stdout.on('data', (text: string) => (stdout += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const file = path.join(reportDir, 'report.json')
  return {
    exitCode,
    output,
    stdout,
    report: () => parseReport(readFileSync(file, 'utf8'), file),
    journal: () => listJournals(reportDir)[0] ?? 'no journal',
  }
}
