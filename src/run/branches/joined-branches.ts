import { AbortSignalled } from '../../base/control.ts'
import type { SerializedError, StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import { policyName } from '../../join/join-policy.ts'
import type { JoinSpec } from '../../join/join-spec.ts'
import type { Resolution } from '../../join/resolution.ts'
import type { ParallelPolicy } from '../../nodes/parallel.ts'
import { branchFailure } from './branch-failure.ts'
import { endAmong, pauseAmong } from './branch-ends.ts'
import { type Forked, type HowToRun, type Ran, runBranches } from './branches.ts'
import { changedBy, commitBranches } from './commit-branches.ts'
import { joinTokens } from './join-tokens.ts'
import { JoinWatch } from './join-watch.ts'
import { completedResult, failedResult, sameEnd, type Spent, stoppedResult, sumSpent } from '../results.ts'
import type { Lost } from '../leaves/settle.ts'
import { recordStep } from '../trail.ts'

/** What a node has whose branches come to a join with a policy of its own. */
export interface JoinedNode {
  readonly name: string
  readonly policy: ParallelPolicy
  readonly join: NonNullable<ParallelPolicy['join']>
  /** Results by branch. */
  readonly childrenOf: (results: readonly StepResult[]) => Readonly<Record<string, StepResult>>
}

/** Runs forked branches until their join is resolved, and then what is left of them to its end. */
export async function runJoined(
  forked: Forked,
  input: unknown,
  node: JoinedNode,
  how: HowToRun,
): Promise<StepResult> {
  const { scope, path, branches } = forked
  const { name, policy, join } = node
  const spec: JoinSpec = {
    name: path,
    branches: branches.map(({ key }) => key),
    policy: join.policy,
    merge: join.merge,
  }
  const startedMs = scope.continuesMs
  const watch = new JoinWatch(forked, spec)
  const ran = await runBranches(forked, input, { ...how, cancelOnFailure: false, watch })
  // A join that is resolved needs no branch that is paused.
  const stop = endAmong(ran, scope) ?? (watch.resolution === undefined ? pauseAmong(ran) : undefined)
  const latencyMs = scope.run.world.clock.monotonicMs() - startedMs
  const spent = { ...sumSpent(ran.results), latencyMs }
  const children = node.childrenOf(ran.results)
  let whole: StepResult
  if (stop instanceof AbortSignalled) whole = stoppedResult(name, path, stop, spent, children)
  else if (stop !== undefined) whole = sameEnd(name, path, stop, spent, children)
  else {
    const resolution = watch.resolution
    if (resolution === undefined) throw new TypeError(`the join of parallel '${name}' was not resolved`)
    const unmerged =
      resolution.status === 'merged'
        ? await commitBranches(forked, changedBy(forked, cameOf(forked, ran, resolution)), policy)
        : undefined
    whole = wholeOf(forked, node, ran, resolution, unmerged, { spent, children })
  }
  if (whole.status === 'paused') watch.stop()
  else watch.abandon(whole.feedback ?? whole.status)
  const { resolution } = watch
  const resolved = resolution === undefined ? undefined : { resolution, missing: join.missing }
  joinTokens(forked, { ...ran, policy: policyName(join.policy), whole, resolved })
  return recordStep(scope, 'parallel', whole)
}

/** The results of the branches that the join has; nothing in place of the others. */
function cameOf(
  { branches }: Forked,
  { results }: Ran,
  { arrived }: Resolution,
): readonly (StepResult | undefined)[] {
  const came = new Set(arrived.map(({ branch }) => branch))
  return results.map((result, at) => (came.has(branches[at]?.key ?? '') ? result : undefined))
}

interface Whole {
  readonly spent: Spent
  readonly children: Readonly<Record<string, StepResult>>
}

/** The node's result: what its join came to. */
function wholeOf(
  { path, branches }: Forked,
  { name }: JoinedNode,
  { results }: Ran,
  resolution: Resolution,
  unmerged: Lost | undefined,
  { spent, children }: Whole,
): StepResult {
  const metadata = metadataOf(resolution)
  if (unmerged?.kind === 'control') return stoppedResult(name, path, unmerged.signal, spent, children)
  if (unmerged !== undefined)
    return failedResult(name, path, serializeError(unmerged.thrown), spent, metadata, children)
  if (resolution.reason === null)
    return completedResult(name, path, resolution.output, spent, metadata, children)
  const failed = results.some(({ status }) => status === 'failed')
  const lost = failed ? branchFailure(branches, results, undefined) : undefined
  return failedResult(name, path, joinError(resolution.reason, lost), spent, metadata, children)
}

/** Why a join failed, with what was lost on the way as the cause. */
export function joinError(reason: string, cause: SerializedError | undefined): SerializedError {
  const message = cause === undefined ? reason : `${reason}; ${cause.message}`
  return { name: 'JoinError', code: 'E_JOIN', message, ...(cause === undefined ? {} : { cause }) }
}

/** What a person wants to know of a join beside its output. */
export function metadataOf({
  join,
  arrived,
  missing,
  lost,
  collisions,
}: Resolution): Readonly<Record<string, unknown>> {
  return {
    join: policyName(join.policy),
    arrived: arrived.map(branchOf),
    missing,
    lost: lost.map(branchOf),
    ...(Object.keys(collisions).length === 0 ? {} : { collisions }),
  }
}

const branchOf = ({ branch }: { readonly branch: string }): string => branch
