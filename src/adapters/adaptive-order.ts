import type { UseWindow } from './statistics.ts'

/** How much success counts against speed: `success` of 0.7 is 70 % success and 30 % speed. */
export const PROFILES = {
  default: { success: 0.7 },
  interactive: { success: 0.5 },
  batch: { success: 0.9 },
  critical: { success: 0.8 },
} as const

/**
 * What tasks need of an adapter: an answer soon, or an answer at all.
 *
 * @example
 * const patient = route('report', { adapters: [local], strategy: 'adaptive', profile: 'batch' satisfies AdaptiveProfile })
 */
export type AdaptiveProfile = keyof typeof PROFILES

/** An adapter with fewer tasks behind it keeps its declared place: the figures of a handful say nothing. */
const SAMPLES_MIN = 20

/** Share of tasks that begin with another adapter than the best one, so that its figures do not go stale. */
export const EXPLORATION_SHARE = 0.05

/** The 97.5th percentile of the normal distribution: a lower bound that holds 39 times of 40. */
const Z = 1.959963984540054

/** At and below this an adapter is as quick as it need be; a hundred times that is as slow as it can be. Milliseconds. */
const FAST_MS = 100

/**
 * The lower bound of a success rate (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
 * 1927): what the rate is at least, by what was seen; 0 of none.
 */
export function wilsonLowerBound(successes: number, tasks: number): number {
  if (tasks === 0) return 0
  const rate = successes / tasks
  const z2 = Z * Z
  const centre = rate + z2 / (2 * tasks)
  const margin = Z * Math.sqrt((rate * (1 - rate) + z2 / (4 * tasks)) / tasks)
  return Math.max(0, (centre - margin) / (1 + z2 / tasks))
}

/** 1 up to 100 ms, 0.5 at a second, 0 from ten seconds on, by the logarithm; 0.5 when nothing is known. */
export function latencyScore(medianMs: number | undefined): number {
  if (medianMs === undefined) return 0.5
  return Math.max(0, 1 - (Math.log10(Math.max(medianMs, FAST_MS)) - 2) / 2)
}

type Figures = Pick<UseWindow, 'tasks' | 'successes' | 'medianMs'>

/** `w × success + (1 − w) × speed`, from 0 to 1. */
export function scoreOf({ tasks, successes, medianMs }: Figures, profile: AdaptiveProfile): number {
  const { success } = PROFILES[profile]
  return success * wilsonLowerBound(successes, tasks) + (1 - success) * latencyScore(medianMs)
}

/**
 * The best adapter first. Those with too few tasks behind them keep their places, and the others are sorted among theirs;
 * equal ones stay as they were declared. Now and then another one than the best comes first.
 */
export function adaptiveOrder<T>(
  declared: readonly T[],
  figuresOf: (adapter: T) => Figures,
  options: { readonly profile: AdaptiveProfile; readonly explorationShare: number },
  random: () => number,
): readonly T[] {
  if (declared.length < 2) return declared
  const scored = declared.map((adapter) => {
    const figures = figuresOf(adapter)
    return figures.tasks < SAMPLES_MIN ? undefined : { adapter, score: scoreOf(figures, options.profile) }
  })
  const best = scored.filter((each) => each !== undefined).toSorted((a, b) => b.score - a.score)
  const ordered = declared.map((adapter, index) =>
    scored[index] === undefined ? adapter : (best.shift()?.adapter ?? adapter),
  )
  if (random() >= options.explorationShare) return ordered
  const chosen = 1 + Math.floor(random() * (ordered.length - 1))
  return [...ordered.slice(chosen, chosen + 1), ...ordered.slice(0, chosen), ...ordered.slice(chosen + 1)]
}
