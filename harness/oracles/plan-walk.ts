import type { FallbackPlan, Plan, StepPlan } from '../../src/run/plan.ts'

/** Every plan of a tree, parents before children. */
export function* plansIn(plan: Plan): Generator<Plan> {
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

export function* stepsIn(plan: Plan | undefined): Generator<StepPlan> {
  if (plan === undefined) return
  for (const each of plansIn(plan)) if (each.kind === 'step') yield each
}

export function* fallbacksIn(plan: Plan | undefined): Generator<FallbackPlan> {
  if (plan === undefined) return
  for (const each of plansIn(plan)) if (each.kind === 'fallback') yield each
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
