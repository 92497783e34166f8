import type { NodeKind } from '../../src/index.ts'
import type { AdapterRunner } from '../../src/run/routes/adapter-runner.ts'
import type { FallbackRunner } from '../../src/run/composites/fallback-runner.ts'
import type { ParallelRunner } from '../../src/run/branches/parallel-runner.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { StepRunner } from '../../src/run/leaves/step-runner.ts'

/** Every plan of a tree, parents before children. */
function* plansIn(plan: Plan): Generator<Plan> {
  yield plan
  for (const child of plan.children()) yield* plansIn(child.plan)
}

// By name, not by class: an oracle's own test runs a mutated copy of the engine, whose classes are others.
const isStep = (plan: Plan): plan is StepRunner => plan.node.kind === 'step'
const isAdapter = (plan: Plan): plan is AdapterRunner => plan.node.kind === 'adapter'
/** What calls something, in attempts by a policy. */
const isCalled = (plan: Plan): plan is CalledPlan => isStep(plan) || isAdapter(plan)
const isFallback = (plan: Plan): plan is FallbackRunner => plan.node.kind === 'fallback'
const isParallel = (plan: Plan): plan is ParallelRunner => plan.node.kind === 'parallel'

/** A node that calls something in attempts: a step its function, an adapter's place in a route the adapter. */
export type CalledPlan = StepRunner | AdapterRunner

/** What a path is to a fallback node. One path can be several of these. */
export type FallbackPart = 'whole' | 'primary' | 'first-of-primary' | 'fallback' | 'first-of-fallback'

/** What a path is to one fallback node. */
export interface PartOf {
  readonly fallback: FallbackRunner
  readonly part: FallbackPart
}

/** A branch of a parallel node. */
export interface Branch {
  /** The node's path. */
  readonly of: string
  /** Its failure cancels the others. */
  readonly cancelsOthers: boolean
  /** The step that is given the node's input as it is; `undefined` where something before it may change it. */
  readonly first: string | undefined
}

interface Walked {
  readonly byKind: ReadonlyMap<string, readonly Plan[]>
  readonly planAt: ReadonlyMap<string, Plan>
  readonly steps: readonly CalledPlan[]
  readonly stepAt: ReadonlyMap<string, CalledPlan>
  readonly names: ReadonlySet<string>
  readonly fallbackParts: ReadonlyMap<string, readonly PartOf[]>
  readonly branches: ReadonlyMap<string, Branch>
}

const NO_PLAN: Walked = {
  byKind: new Map(),
  planAt: new Map(),
  steps: [],
  stepAt: new Map(),
  names: new Set(),
  fallbackParts: new Map(),
  branches: new Map(),
}

/** Plans do not change, and oracles ask for the same one thousands of times. */
const walked = new WeakMap<Plan, Walked>()

function walk(plan: Plan | undefined): Walked {
  if (plan === undefined) return NO_PLAN
  let found = walked.get(plan)
  if (found === undefined) {
    const plans = [...plansIn(plan)]
    const steps = plans.filter(isCalled)
    const byPath = new Map(steps.map((step) => [step.path, step]))
    const names = new Set(steps.map(({ node }) => node.name))
    const planAtPath = new Map(plans.map((each) => [each.path, each]))
    found = {
      byKind: Map.groupBy(plans, (each) => each.node.kind),
      planAt: planAtPath,
      steps,
      stepAt: byPath,
      names,
      fallbackParts: partsOf(plans.filter(isFallback)),
      branches: branchesOf(plans.filter(isParallel)),
    }
    walked.set(plan, found)
  }
  return found
}

/** The plans of a tree that are of one kind of node, parents before children; most trees have none of most kinds. */
export function plansOf(plan: Plan | undefined, kind: NodeKind): readonly Plan[] {
  return walk(plan).byKind.get(kind) ?? NO_PLANS
}

const NO_PLANS: readonly Plan[] = []

/** What is found in a tree once, however often it is asked for. */
export function oncePerPlan<T>(find: (plan: Plan | undefined) => T): (plan: Plan | undefined) => T {
  const found = new WeakMap<Plan, T>()
  const ofNone = find(undefined)
  return (plan) => {
    if (plan === undefined) return ofNone
    let known = found.get(plan)
    if (known === undefined) found.set(plan, (known = find(plan)))
    return known
  }
}

/** What is at a path of a tree. */
export function planAt(plan: Plan | undefined, path: string): Plan | undefined {
  return walk(plan).planAt.get(path)
}

/** The step, or the adapter, at a path of a tree. */
export function stepAt(plan: Plan | undefined, path: string): CalledPlan | undefined {
  return walk(plan).stepAt.get(path)
}

/** The names of the steps of a tree, and of the adapters of its routes. */
export function stepNamesIn(plan: Plan | undefined): ReadonlySet<string> {
  return walk(plan).names
}

/** By path, what is there to the fallback nodes of a tree; nothing where there is no tree. */
export function fallbackPartsIn(plan: Plan | undefined): Walked['fallbackParts'] {
  return walk(plan).fallbackParts
}

/** By path, the branches of the parallel nodes of a tree. */
export function branchesIn(plan: Plan | undefined): Walked['branches'] {
  return walk(plan).branches
}

function branchesOf(parallels: readonly ParallelRunner[]): Walked['branches'] {
  const branches = new Map<string, Branch>()
  for (const parallel of parallels) {
    const { onBranchFailure, join } = parallel.node.policy
    const cancelsOthers = onBranchFailure === 'cancel' && join === undefined
    for (const { plan } of parallel.children())
      branches.set(plan.path, { of: parallel.path, cancelsOthers, first: unchangedInput(plan) })
  }
  return branches
}

/** The step that a plan's input comes to as it is. */
function unchangedInput(plan: Plan): string | undefined {
  if (isStep(plan)) return plan.path
  const [first] = plan.children()
  const hands = plan.node.kind === 'pipeline' || plan.node.kind === 'fallback'
  return hands && first !== undefined ? unchangedInput(first.plan) : undefined
}

function partsOf(fallbacks: readonly FallbackRunner[]): Walked['fallbackParts'] {
  const parts = new Map<string, PartOf[]>()
  const add = (path: string, fallback: FallbackRunner, part: FallbackPart): void => {
    const known = parts.get(path)
    if (known === undefined) parts.set(path, [{ fallback, part }])
    else known.push({ fallback, part })
  }
  for (const fallback of fallbacks) {
    const { path, primary, fallbackTo } = fallback
    add(path, fallback, 'whole')
    add(primary.path, fallback, 'primary')
    for (const first of firstPaths(primary)) add(first, fallback, 'first-of-primary')
    for (const step of walk(fallbackTo).steps) add(step.path, fallback, 'fallback')
    for (const first of firstPaths(fallbackTo)) add(first, fallback, 'first-of-fallback')
  }
  return parts
}

/**
 * Where the plan's input arrives as it is: at steps, for of all leaves only they are called. Any branch may be the first
 * one; a loop that makes its first input itself gives its own to nobody.
 */
function firstPaths(plan: Plan): readonly string[] {
  const children = plan.children()
  if (children.length === 0) return [plan.path]
  if (hasInitialInput(plan)) return []
  const firsts = BRANCHED.has(plan.node.kind) ? children : children.slice(0, 1)
  return firsts.flatMap((child) => firstPaths(child.plan))
}

const BRANCHED: ReadonlySet<string> = new Set(['choose', 'parallel'])

function hasInitialInput({ node }: Plan): boolean {
  const { policy } = node as { readonly policy?: { readonly initialInput?: unknown } }
  return policy?.initialInput !== undefined
}
