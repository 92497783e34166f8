import { execFileSync } from 'node:child_process'
import * as ci from 'ci-info'
import path from 'node:path'
import type { Vitest } from 'vitest/node'
import { JOURNAL_VERSION } from '../journal/events.ts'
import { newRunId } from '../journal/run-id.ts'
import type { Budgets } from '../analyse/gates.ts'
import type { RunStarted } from '../journal/events.ts'
import type { CiInfo } from '../report/model.ts'

/** Git answers in milliseconds or is waiting for a person to type a password. */
const GIT_TIMEOUT_MS = 2_000

/** The commit that is checked out; `null` where there is no git or no commit. The branch is `null` when detached. */
function gitHead(root: string): { commit: string | null; branch: string | null } {
  try {
    const answer = execFileSync('git', ['rev-parse', 'HEAD', '--abbrev-ref', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: GIT_TIMEOUT_MS,
    })
    const [commit, branch] = answer.trim().split('\n')
    return { commit: commit ?? null, branch: branch === undefined || branch === 'HEAD' ? null : branch }
  } catch {
    return { commit: null, branch: null }
  }
}

/** The CI service this process runs on; `null` outside of one. */
function ciService(): CiInfo | null {
  return ci.isCI ? { name: ci.name, pullRequest: ci.isPR === true } : null
}

/** What is not to be seen of a Vitest itself. */
export interface StartOptions {
  /** Absolute. */
  readonly root: string
  readonly budgets: Budgets
  /** In watch mode, how many files have run since Vitest started; `undefined` for a run that is whole. */
  readonly rerunOf: number | undefined
}

/** What the first event says of any run, also of one that no Vitest began. */
type Facts = Pick<
  RunStarted,
  'type' | 'atMs' | 'journalVersion' | 'runId' | 'vitest' | 'node' | 'commit' | 'branch' | 'ci'
>

/** @param vitest its version */
export function factsOf(root: string, vitest: string): Facts {
  const atMs = Date.now()
  return {
    type: 'run-started',
    atMs,
    journalVersion: JOURNAL_VERSION,
    runId: newRunId(atMs),
    vitest,
    node: process.versions.node,
    ...gitHead(root),
    ci: ciService(),
  }
}

/** The first event of a run. */
export function startOf(vitest: Vitest, { root, budgets, rerunOf }: StartOptions): RunStarted {
  return {
    ...factsOf(root, vitest.version),
    shard: vitest.config.shard ?? null,
    passWithNoTests: vitest.config.passWithNoTests ?? false,
    ...(rerunOf === undefined ? {} : { rerun: { of: rerunOf } }),
    root: path.relative(process.cwd(), root).replaceAll('\\', '/') || '.',
    budgets,
  }
}
