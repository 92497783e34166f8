import type { Param } from '../grammar/param.ts'
import type { FaultStep } from '../grammar/program.ts'

/** How an answer can get lost after the work is done. */
const WAYS = ['reset', 'hang'] as const

/**
 * What becomes of an answer that is lost: the connection is reset, or nothing ever comes.
 *
 * @example
 * const ways: readonly LostAnswer[] = ['reset', 'hang']
 */
export type LostAnswer = (typeof WAYS)[number]

/** The parameter of `lose`, the same at every kind of point. */
export const lostAnswerParam: Param = { name: 'how', type: { kind: 'word', words: WAYS }, required: true }

/** Reads it from a checked step. */
export function lostAnswer(step: FaultStep): LostAnswer {
  return WAYS.find((way) => way === step.args[0]) ?? 'reset'
}

/** Runs the real thing and, once it has done its work, gives what the caller meets instead. Its own failure is no answer to lose. */
export function workThen(
  real: () => unknown,
  instead: (answer: unknown) => Promise<unknown>,
): Promise<unknown> {
  return new Promise((resolve) => resolve(real())).then(instead)
}
