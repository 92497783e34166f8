import { execFileSync } from 'node:child_process'
import * as ci from 'ci-info'
import type { CiInfo } from '../report/model.ts'

/** Git answers in milliseconds or is waiting for a person to type a password. */
const GIT_TIMEOUT_MS = 2_000

/** The commit that is checked out; `null` where there is no git or no commit. The branch is `null` when detached. */
export function gitHead(root: string): { commit: string | null; branch: string | null } {
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
export function ciService(): CiInfo | null {
  return ci.isCI ? { name: ci.name, pullRequest: ci.isPR === true } : null
}
