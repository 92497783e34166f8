import type { FallbackPlan, Plan, StepPlan } from '../../src/run/plan.ts'

/** Every plan of a tree, parents before children. */
function* plansIn(plan: Plan): Generator<Plan> {
  yield plan
  switch (plan.kind) {
    case 'step':
      return
    case 'fallback':
      yield* plansIn(plan.primary)
      yield* plansIn(plan.fallbackTo)
      return
    case 'pipeline':
      for (const part of plan.parts) yield* plansIn(part.plan)
  }
}

/** Plans do not change, and oracles ask for the same one thousands of times. */
const walked = new WeakMap<
  Plan,
  { readonly steps: readonly StepPlan[]; readonly fallbacks: readonly FallbackPlan[] }
>()

function walk(plan: Plan) {
  let found = walked.get(plan)
  if (found === undefined) {
    const plans = [...plansIn(plan)]
    found = {
      steps: plans.filter((each) => each.kind === 'step'),
      fallbacks: plans.filter((each) => each.kind === 'fallback'),
    }
    walked.set(plan, found)
  }
  return found
}

/** The steps of a tree; none where there is no tree. */
export function stepsIn(plan: Plan | undefined): readonly StepPlan[] {
  return plan === undefined ? [] : walk(plan).steps
}

/** The fallbacks of a tree; none where there is no tree. */
export function fallbacksIn(plan: Plan | undefined): readonly FallbackPlan[] {
  return plan === undefined ? [] : walk(plan).fallbacks
}

/** The step that gets the plan's input first. */
export function firstStep(plan: Plan): StepPlan | undefined {
  switch (plan.kind) {
    case 'step':
      return plan
    case 'fallback':
      return firstStep(plan.primary)
    case 'pipeline': {
      const [first] = plan.parts
      return first === undefined ? undefined : firstStep(first.plan)
    }
  }
}
