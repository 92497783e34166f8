import { isNode, looksLikeNode, type AnyNode } from '../../src/index.ts'
import { got } from '../../src/base/got.ts'
import { pointNamed } from '../faults/points/point.ts'
import { stepPoint } from '../faults/points/step.ts'
import { printPointPattern } from '../faults/text/print.ts'
import type { CallSite } from './call-site.ts'
import { describeIssues, type Mismatch } from './describe-issue.ts'
import { faultsOf } from './faults-of.ts'
import { placeOf, ScenarioFileError } from './file-problem.ts'
import { pointerOf, positionOf } from './positions.ts'
import { canonicalFaults, type ReadPoints } from './read-points.ts'
import type { Position, Restart, ScenarioSource, Selection, Subject } from './scenario.ts'
import { scenarioDocumentSchema } from './schema.ts'
import type { ScenarioSpec } from './spec.ts'
import { subjectOf } from './subject.ts'

/** What a scenario in code is made of so far. */
export interface BuilderState {
  readonly spec: ScenarioSpec
  readonly subject: Subject
  /** JSON Pointer → where the key was given. */
  readonly written: Readonly<Record<string, () => CallSite | undefined>>
  readonly selection: Selection | undefined
}

/** The state with something changed, once that has been checked. */
export function changed(
  state: BuilderState,
  change: Partial<ScenarioSpec>,
  path: readonly string[],
  site: () => CallSite | undefined,
  mistakes: readonly Mismatch[] = [],
): BuilderState {
  const written = { ...state.written, [pointerOf(path)]: site }
  checkSpec({ ...state.spec, ...change }, written, mistakes)
  // A copy: an input that is changed later does not change the scenario.
  return { ...state, spec: { ...state.spec, ...structuredClone(change) }, written }
}

/** Adds faults, each in the place of one that has the same pattern. */
export function withFaults(spec: ScenarioSpec, added: ReadPoints['faults']): ScenarioSpec {
  const byPoint = new Map(
    [...faultsOf(spec), ...added].map((each) => [printPointPattern(each.pattern), each]),
  )
  return { ...spec, faults: canonicalFaults([...byPoint.values()]) }
}

export function checkSpec(
  spec: ScenarioSpec,
  written: BuilderState['written'],
  mistakes: readonly Mismatch[],
): void {
  const parsed = scenarioDocumentSchema.safeParse(spec)
  const issues = parsed.success ? [] : describeIssues(parsed.error.issues, spec)
  const found = [...mistakes, ...issues]
  if (found.length === 0) return
  const source = sourceOf(written)
  const file = source?.file ?? ''
  const problems = found.map(({ path, message }) => {
    const { line, column }: Position = positionOf(source?.positions ?? {}, path) ?? { line: 1, column: 1 }
    return { line, column, message: message(placeOf(file, { line, column }, process.cwd())) }
  })
  throw new ScenarioFileError(file, problems, undefined)
}

export function checkSubject(subject: unknown, site: () => CallSite | undefined): Subject {
  const found = subjectOf(subject)
  if (found !== undefined) return found
  throw refusal(
    site,
    (place) =>
      `Expected the subject in ${place} to be a step, a pipeline or a function, got ${got(subject)}.`,
  )
}

/** A function that can be had afresh; of a pipeline nothing is made, and running it says why. */
export function restarting(subject: Subject, restart: Restart): Subject {
  return subject.kind === 'function' ? { ...subject, restart } : subject
}

export function pointOf(node: AnyNode, site: () => CallSite | undefined): string {
  if (isNode(node) && node.kind === 'step') return pointNamed(stepPoint, node.name)
  const found = looksLikeNode(node) ? `a ${node.kind}` : got(node)
  throw refusal(
    site,
    (place) => `Expected the point in ${place} to be text such as \`step:draft\`, or a step, got ${found}.`,
  )
}

function refusal(site: () => CallSite | undefined, sentence: (place: string) => string): ScenarioFileError {
  const { file, line, column } = site() ?? { file: '', line: 1, column: 1 }
  return new ScenarioFileError(
    file,
    [{ line, column, message: sentence(placeOf(file, { line, column }, process.cwd())) }],
    undefined,
  )
}

/** Everything must be in one file to be pointed at; what was added elsewhere is pointed at through its parent. */
export function sourceOf(written: BuilderState['written']): ScenarioSource | undefined {
  const file = written['']?.()?.file
  if (file === undefined) return undefined
  const positions: Record<string, Position> = {}
  for (const [pointer, site] of Object.entries(written)) {
    const place = site()
    if (place?.file === file) positions[pointer] = { line: place.line, column: place.column }
  }
  return { file, positions }
}
