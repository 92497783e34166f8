import { AbortSignalled } from '../../base/control.ts'
import type { StepResult } from '../../base/result.ts'
import { serializeError } from '../../base/serialize-error.ts'
import type { OnBranchFailure, ParallelNode } from '../../nodes/parallel.ts'
import { branchFailure } from './branch-failure.ts'
import { endAmong, pauseAmong } from './branch-ends.ts'
import { type Forked, type HowToRun, type Ran, runBranches } from './branches.ts'
import { ByKey } from '../by-key.ts'
import { changedBy, commitBranches, NO_CHANGES } from './commit-branches.ts'
import { forkScope } from '../fork.ts'
import { hasArrived, joinTokens } from './join-tokens.ts'
import { runJoined } from './joined-branches.ts'
import type { Plan, PlannedChild } from '../plan.ts'
import {
  completedResult,
  failedResult,
  NOTHING_SPENT,
  sameEnd,
  type Spent,
  stoppedResult,
  sumSpent,
} from '../results.ts'
import type { Scope } from '../scope.ts'
import type { Lost } from '../leaves/settle.ts'
import type { ForkPart } from '../run.ts'
import { recordStep } from '../trail.ts'

/** What the join of the branches waits for. */
const JOIN_POLICY: Readonly<Record<OnBranchFailure, string>> = {
  cancel: 'all',
  collect: 'all',
  ignore: 'best-effort',
}

/** A parallel node at its place: forks, runs the branches, merges what they wrote and joins their tokens. */
export class ParallelRunner implements Plan {
  static readonly events = ['abandoned'] as const
  readonly node: ParallelNode<never, unknown>
  readonly path: string
  readonly sideBySide = true
  readonly #branches: readonly PlannedChild[]
  readonly #forks: readonly ForkPart[]
  readonly #byKey: ByKey

  constructor(node: ParallelNode<never, unknown>, path: string, branches: readonly PlannedChild[]) {
    if (branches.length === 0) throw new TypeError(`parallel '${node.name}' has no branches`)
    this.node = node
    this.path = path
    this.#branches = branches
    this.#forks = branches.map(({ key }) => ({ branch: key }))
    this.#byKey = new ByKey(branches)
  }

  children(): readonly PlannedChild[] {
    return this.#branches
  }

  history(result: StepResult): readonly StepResult[] {
    return [result]
  }

  async execute(input: unknown, scope: Scope, hasFallback: boolean): Promise<StepResult> {
    const { path } = this
    const { name, policy } = this.node
    if (scope.aborted !== undefined)
      return recordStep(scope, 'parallel', stoppedResult(name, path, scope.aborted, NOTHING_SPENT))
    const startedMs = scope.continuesMs
    const parts = forkScope(scope, this.#forks, policy.include)
    const forked: Forked = { scope, path, branches: this.#branches, parts }
    const how: HowToRun = {
      cancelOnFailure: policy.onBranchFailure === 'cancel',
      concurrency: policy.concurrency,
      settleMs: policy.settleMs,
      hasFallback,
    }
    if (policy.join !== undefined)
      return runJoined(
        forked,
        input,
        {
          name,
          policy,
          join: policy.join,
          childrenOf: (results) => this.#byKey.of(results),
        },
        how,
      )
    const ran = await runBranches(forked, input, how)
    const stop = endAmong(ran, scope) ?? pauseAmong(ran)
    // Most branches write nothing.
    const changed = stop === undefined && this.#isMerged(ran) ? changedBy(forked, ran.results) : NO_CHANGES
    const unmerged = changed.length === 0 ? undefined : await commitBranches(forked, changed, policy)
    const latencyMs = scope.run.world.clock.monotonicMs() - startedMs
    const { attempts, usage } = sumSpent(ran.results)
    const spent = { attempts, usage, latencyMs }
    const children = this.#byKey.of(ran.results)
    const whole =
      stop === undefined
        ? this.#ended(ran, unmerged, spent, children)
        : stop instanceof AbortSignalled
          ? stoppedResult(name, path, stop, spent, children)
          : sameEnd(name, path, stop, spent, children)
    const { results, atMs } = ran
    joinTokens(forked, { results, atMs, policy: JOIN_POLICY[policy.onBranchFailure], whole })
    return recordStep(scope, 'parallel', whole)
  }

  /** True when what completed branches wrote is merged. */
  #isMerged({ results }: Ran): boolean {
    const { onBranchFailure } = this.node.policy
    return onBranchFailure === 'cancel' ? results.every(hasArrived) : results.some(hasArrived)
  }

  /** The result of a node that came to its own end. */
  #ended({ results }: Ran, unmerged: Lost | undefined, spent: Spent, children: Children): StepResult {
    const { path } = this
    const { name, policy } = this.node
    if (unmerged?.kind === 'control') return stoppedResult(name, path, unmerged.signal, spent, children)
    const allArrived = results.every(hasArrived)
    const isFailed = !allArrived && (policy.onBranchFailure !== 'ignore' || !results.some(hasArrived))
    const mergeError = unmerged === undefined ? undefined : serializeError(unmerged.thrown)
    if (isFailed) {
      const error = branchFailure(this.#branches, results, mergeError)
      return failedResult(name, path, error, spent, NO_METADATA, children)
    }
    if (mergeError !== undefined) return failedResult(name, path, mergeError, spent, NO_METADATA, children)
    if (allArrived)
      return completedResult(name, path, this.#byKey.of(results.map(outputOf)), spent, NO_METADATA, children)
    const given = this.#branches.filter((_, at) => isArrived(results[at]))
    const outputs = new ByKey(given).of(results.filter(hasArrived).map(outputOf))
    const ignoredBranches = this.#branches.filter((_, at) => !isArrived(results[at])).map(({ key }) => key)
    return completedResult(name, path, outputs, spent, { ignoredBranches }, children)
  }
}

type Children = Readonly<Record<string, StepResult>>

const NO_METADATA = Object.freeze({})

const outputOf = (result: StepResult): unknown => result.output

const isArrived = (result: StepResult | undefined): boolean => result !== undefined && hasArrived(result)
