import { keyPath, positionOf, rowNote } from '../../scenario/positions.ts'
import { SCENARIO_FAILURE, UNUSABLE_SCENARIO } from '../../../reporters/report/scenarios.ts'
import { checksFailed, withCode } from '../../../reporters/text/words.ts'
import type { Position, ScenarioSource } from '../../scenario/scenario.ts'
import type { Problem, Verdict } from '../../scenario/verdict.ts'

/** Frames of one failure: one per problem, as many as fit a screen beside the diff. */
const FRAMES_MAX = 10

/**
 * What a failed scenario throws into its test. Its stack leads to the keys of the scenario that were not met, so that
 * Vitest shows the line of the file, and `expected` and `actual` are those of the first mismatch, for Vitest's diff.
 */
export class ScenarioFailure extends Error {
  override readonly name: string = SCENARIO_FAILURE
  declare readonly expected?: unknown
  declare readonly actual?: unknown
  /** Asks for a diff also where one side is `undefined`. */
  declare readonly showDiff?: boolean

  constructor(message: string, frames: readonly Frame[], mismatch?: Problem, options?: ErrorOptions) {
    super(message, options)
    this.stack = `${new.target.name}: ${message}\n${frames.slice(0, FRAMES_MAX).map(stackLine).join('\n')}`
    if (mismatch === undefined) return
    this.expected = mismatch.expected
    this.actual = mismatch.actual
    this.showDiff = true
  }
}

/**
 * What a scenario that cannot be run throws into its test or file. A mistake in the file or in what it names, not a
 * verdict on the subject: by this class's name the report tells the two apart.
 */
export class UnusableScenario extends ScenarioFailure {
  override readonly name = UNUSABLE_SCENARIO
}

/** A place in a scenario file, as a line of a stack. */
export interface Frame extends Position {
  readonly file: string
  /** The key path. */
  readonly what: string
}

/** All problems of a verdict as one error. */
export function failureOf(
  { problems }: Pick<Verdict, 'problems'>,
  source: ScenarioSource | undefined,
): ScenarioFailure {
  const sentences = problems.map(withCode)
  const found = sentences.length === 1 ? (sentences[0] ?? '') : numbered(sentences)
  const row = source?.row
  // The name of the test says which values these are; this says where they are written.
  const message = row === undefined ? found : `${found} ${rowNote(row)}`
  const mismatch = problems.find((problem) => 'expected' in problem || 'actual' in problem)
  return new ScenarioFailure(
    message,
    problems.flatMap((problem) => frameAt(source, problem.at)),
    mismatch,
  )
}

/** Whether it ended in a way nobody expected: then why it did is what a reader wants first. */
export function statusIsUnmet({ problems }: Verdict): boolean {
  return problems.some(({ at }) => at[0] === 'expect' && (at.length === 1 || at[1] === 'status'))
}

/** The frame of a key; none for a scenario that does not say where it was written. */
export function frameAt(source: ScenarioSource | undefined, path: readonly string[]): Frame[] {
  const position = source === undefined ? undefined : positionOf(source.positions, path)
  if (source === undefined || position === undefined) return []
  return [{ file: source.file, what: keyPath(path), ...position }]
}

function numbered(sentences: readonly string[]): string {
  const lines = sentences.map((sentence, index) => `${index + 1}. ${sentence.replaceAll('\n', '\n   ')}`)
  return `${checksFailed(sentences.length)}.\n${lines.join('\n')}`
}

function stackLine({ file, line, column, what }: Frame): string {
  const place = `${file}:${line}:${column}`
  // Readers of stacks find the place by its parentheses.
  const name = what.replaceAll(/[()\s]+/g, ' ').trim()
  return name === '' ? `    at ${place}` : `    at ${name} (${place})`
}
