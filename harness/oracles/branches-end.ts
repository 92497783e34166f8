import type { AttemptRecord, StepRecord } from '../../src/index.ts'
import type { Problem } from '../scenario/verdict.ts'
import { Forks } from './forks.ts'
import { leftRunning } from './left-running.ts'
import type { Oracle } from './oracle.ts'
import { violation } from './oracle.ts'
import { type Branch, branchesIn } from './plan-walk.ts'

/** A branch that has failed, and was to cancel the others. */
interface Failure {
  readonly part: string
  readonly path: string
  readonly atMs: number
}

/**
 * 23: no branch outlives its parallel node: when one fails that cancels the others, nothing goes on or begins in them, and
 * none is open, and no function of a cancelled one runs on, when the node ends.
 */
export const branchesEnd: Oracle = {
  number: 23,
  name: 'branches-end',
  judges: 'engine',
  check(observation) {
    const { plan, records } = observation
    const branches = branchesIn(plan)
    if (branches.size === 0) return []
    const problems: Problem[] = leftRunning(observation).map((message) => violation(branchesEnd, message))
    const forks = new Forks()
    const failures = new Map<string, Failure>()
    const ended = new Set<string>()
    for (const record of records) {
      forks.add(record)
      if (record.kind === 'attempt') problems.push(...wentOn(record, forks, failures))
      else if (record.kind === 'step') {
        problems.push(...leftOpen(record, branches, forks, ended))
        endOfBranch(record, branches.get(record.path), { forks, failures, ended })
      }
    }
    return problems
  },
}

interface Seen {
  readonly forks: Forks
  readonly failures: Map<string, Failure>
  readonly ended: Set<string>
}

function endOfBranch(
  { path, tokenId, status, atMs }: StepRecord,
  branch: Branch | undefined,
  { forks, failures, ended }: Seen,
): void {
  const inside = branch === undefined ? undefined : forks.of(tokenId)[0]
  if (branch === undefined || inside === undefined) return
  ended.add(inside.part)
  if (status !== 'failed' || !branch.cancelsOthers || failures.has(inside.forkedFrom)) return
  failures.set(inside.forkedFrom, { part: inside.part, path, atMs })
}

/** An attempt in a branch that was cancelled before the attempt was over. */
function wentOn(
  { path, tokenId, attempt, status, startedAtMs, latencyMs }: AttemptRecord,
  forks: Forks,
  failures: ReadonlyMap<string, Failure>,
): readonly Problem[] {
  if (failures.size === 0) return []
  for (const { part, forkedFrom } of forks.of(tokenId)) {
    const failure = failures.get(forkedFrom)
    if (failure === undefined || failure.part === part) continue
    // At the same moment it may have been over before the other had failed.
    if (startedAtMs + latencyMs <= failure.atMs || (startedAtMs <= failure.atMs && status === 'cancelled'))
      continue
    const message = `Expected attempt ${attempt} of ${path} to be cancelled at ${failure.atMs} ms, when ${failure.path} failed, got one that ${status === 'completed' ? 'completed' : `was ${status}`} at ${startedAtMs + latencyMs} ms.`
    return [violation(branchesEnd, message)]
  }
  return []
}

/** The branches of a node that are open when it ends. */
function leftOpen(
  { path, tokenId }: StepRecord,
  branches: ReadonlyMap<string, Branch>,
  forks: Forks,
  ended: ReadonlySet<string>,
): readonly Problem[] {
  const parts = forks.joinedTo(tokenId).flatMap((joined) => forks.of(joined)[0] ?? [])
  return parts
    .filter(({ part, branch }) => branches.has(`${path}/${branch}`) && !ended.has(part))
    .map(({ branch }) =>
      violation(
        branchesEnd,
        `Expected every branch of ${path} to have ended before it, got branch '${branch}' still open.`,
      ),
    )
}
