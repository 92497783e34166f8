import type { AttemptRecord } from '../../src/index.ts'
import type { ParallelPolicy } from '../../src/nodes/parallel.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { Observation } from '../scenario/observation.ts'
import { Forks } from './forks.ts'
import { oncePerPlan, plansOf } from './plan-walk.ts'

/** Sums of fractions of a millisecond come out a little off. */
const OFF_MS = 1e-6

/** A parallel node around a step, and how many of its branches may run at once. */
interface Around {
  readonly path: string
  /** `Infinity` where nobody says. */
  readonly most: number
}

/** By the path of each step and adapter in a branch, the parallel nodes around it, the innermost first. */
const aroundIn = oncePerPlan((plan): ReadonlyMap<string, readonly Around[]> => {
  const found = new Map<string, readonly Around[]>()
  const visit = (at: Plan, around: readonly Around[]): void => {
    const children = at.children()
    if (children.length === 0) found.set(at.path, around)
    const inside = at.node.kind === 'parallel' ? [{ path: at.path, most: mostAtOnce(at) }, ...around] : around
    for (const child of children) visit(child.plan, inside)
  }
  if (plan !== undefined && plansOf(plan, 'parallel').some((each) => mostAtOnce(each) < Infinity))
    visit(plan, [])
  return found
})

function mostAtOnce(parallel: Plan): number {
  const { concurrency } = (parallel.node as unknown as { readonly policy: ParallelPolicy }).policy
  // A branch that waits for an approval leaves its turn to another one.
  const isLimited = concurrency < parallel.children().length && plansOf(parallel, 'approval').length === 0
  return isLimited ? concurrency : Infinity
}

/** When a branch was at work. */
interface Span {
  fromMs: number
  toMs: number
}

/** Forks of which more branches were at work at one moment than may be, in sentences. */
export function branchesTooMany({ plan, records }: Observation): readonly string[] {
  const aroundAt = aroundIn(plan)
  if (aroundAt.size === 0) return []
  const forks = new Forks()
  const spans = new Map<string, { readonly around: Around; readonly byPart: Map<string, Span> }>()
  for (const record of records) {
    forks.add(record)
    if (record.kind !== 'attempt') continue
    const inside = forks.of(record.tokenId)
    for (const [at, around] of (aroundAt.get(record.path) ?? []).entries()) {
      const branch = inside[at]
      if (branch === undefined || around.most === Infinity) continue
      const fork = `${branch.forkedFrom} ${around.path}`
      let known = spans.get(fork)
      if (known === undefined) spans.set(fork, (known = { around, byPart: new Map() }))
      stretch(known.byPart, branch.part, record)
    }
  }
  return [...spans.values()].flatMap(({ around, byPart }) => {
    const atOnce = mostOf([...byPart.values()])
    return atOnce <= around.most
      ? []
      : [`Expected at most ${around.most} branches of ${around.path} at once, got ${atOnce}.`]
  })
}

function stretch(spans: Map<string, Span>, part: string, { startedAtMs, latencyMs }: AttemptRecord): void {
  const toMs = startedAtMs + latencyMs
  const known = spans.get(part)
  if (known === undefined) spans.set(part, { fromMs: startedAtMs, toMs })
  else {
    if (startedAtMs < known.fromMs) known.fromMs = startedAtMs
    known.toMs = Math.max(known.toMs, toMs)
  }
}

/** How many were at work at once. Of those that took no time nobody can tell. */
function mostOf(spans: readonly Span[]): number {
  const long = spans.filter(({ fromMs, toMs }) => toMs - fromMs > OFF_MS)
  const beside = ({ fromMs }: Span): number =>
    long.filter((other) => other.fromMs <= fromMs && other.toMs > fromMs + OFF_MS).length
  return Math.max(0, ...long.map(beside))
}
