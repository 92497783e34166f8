import type { FallbackRunner } from '../../src/run/fallback-runner.ts'
import type { Plan } from '../../src/run/plan.ts'
import type { StepRunner } from '../../src/run/step-runner.ts'

/** Every plan of a tree, parents before children. */
function* plansIn(plan: Plan): Generator<Plan> {
  yield plan
  for (const child of plan.children()) yield* plansIn(child.plan)
}

// By name, not by class: an oracle's own test runs a mutated copy of the engine, whose classes are others.
const isStep = (plan: Plan): plan is StepRunner => plan.node.kind === 'step'
const isFallback = (plan: Plan): plan is FallbackRunner => plan.node.kind === 'fallback'

/** Plans do not change, and oracles ask for the same one thousands of times. */
const walked = new WeakMap<
  Plan,
  { readonly steps: readonly StepRunner[]; readonly fallbacks: readonly FallbackRunner[] }
>()

function walk(plan: Plan) {
  let found = walked.get(plan)
  if (found === undefined) {
    const plans = [...plansIn(plan)]
    found = { steps: plans.filter(isStep), fallbacks: plans.filter(isFallback) }
    walked.set(plan, found)
  }
  return found
}

/** The steps of a tree; none where there is no tree. */
export function stepsIn(plan: Plan | undefined): readonly StepRunner[] {
  return plan === undefined ? [] : walk(plan).steps
}

/** The fallbacks of a tree; none where there is no tree. */
export function fallbacksIn(plan: Plan | undefined): readonly FallbackRunner[] {
  return plan === undefined ? [] : walk(plan).fallbacks
}

/** The first step that gets the plan's input as it is. */
export function firstStep(plan: Plan): StepRunner | undefined {
  if (isStep(plan)) return plan
  const [first] = plan.children()
  return first === undefined ? undefined : firstStep(first.plan)
}
