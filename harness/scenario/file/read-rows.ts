import { describeIssues } from '../describe-issue.ts'
import type { Refuse } from '../file-problem.ts'
import { pointerOf, positionOf, rowNote } from '../positions.ts'
import { canonicalSpec, readPoints } from '../read-points.ts'
import type { Position, ScenarioSource, Selection } from '../scenario.ts'
import { scenarioDocumentSchema, type ScenarioDocument } from '../schema.ts'
import type { ScenarioSpec } from '../spec.ts'
import type { FilledRow } from './table.ts'
import { nodeAt, plainOf, positionsOf, type YamlNode } from './yaml-node.ts'

/** A scenario as its file has it; the subject is still a reference. */
export interface LoadedScenario {
  /** Its `subject` is always there. */
  readonly spec: ScenarioSpec & { readonly subject: string }
  readonly source: ScenarioSource
  readonly selection: Selection | undefined
  /** Where the scenario's name is, or the row it was made from. */
  readonly at: Position
}

/** Checks the rows of one document against the schema and the fault grammar; rows with problems are left out. */
export function readRows(
  rows: readonly FilledRow[],
  file: string,
  refuse: Refuse,
): readonly LoadedScenario[] {
  const problems = new RowProblems(rows.length)
  const scenarios = rows.flatMap((row) => readRow(row, file, problems.of(row)) ?? [])
  problems.report(refuse)
  return scenarios
}

function readRow({ node, row }: FilledRow, file: string, refuse: Refuse): LoadedScenario | undefined {
  const positions = positionsOf(node)
  const at = (path: readonly (string | number)[]): Position => positionOf(positions, path) ?? node.at
  const value = plainOf(node)
  const points = readPoints(value)
  for (const { path, part, offset, message } of points.mistakes) {
    refuse(part === 'key' ? at(path) : (pointInto(node, path, offset) ?? at(path)), message)
  }
  const parsed = scenarioDocumentSchema.safeParse(value)
  if (!parsed.success) {
    for (const { path, message, ofWord = false } of describeIssues(parsed.error.issues, value)) {
      refuse((ofWord ? pointInto(node, path, 0) : undefined) ?? at(path), message)
    }
    return undefined
  }
  // What only a file has; everything else is the scenario.
  const { only, skip, subject, ...spec } = parsed.data
  if (subject === undefined) {
    refuse(node.at, (place) => `Expected a \`subject\` in ${place}, such as \`./file.ts#export\`, got none.`)
    return undefined
  }
  if (spec.expect.sometimes !== undefined && row === undefined) {
    refuse(
      at(['expect', 'sometimes']),
      (place) =>
        `Expected \`sometimes\` in ${place} to be in a scenario with a table (\`with\`), one row of which reaches the mark. Of a single scenario say \`marks: { probe: { min: 1 } }\`.`,
    )
    return undefined
  }
  const canonical = canonicalSpec({ ...spec, subject }, points)
  for (const { path, written, meant } of canonical.respelt) {
    const twin = positions[pointerOf([...path, meant])]
    if (twin !== undefined)
      refuse(
        at([...path, written]),
        (place) =>
          `Expected the point \`${meant}\` in ${place} to be named once, but line ${twin.line} names it already.`,
      )
    positions[pointerOf([...path, meant])] = at([...path, written])
  }
  return {
    spec: canonical.spec,
    source: row === undefined ? { file, positions } : { file, positions, row },
    selection: selectionOf({ only, skip }),
    at: row?.at ?? at(['name']),
  }
}

function pointInto(root: YamlNode, path: readonly (string | number)[], offset: number): Position | undefined {
  const node = nodeAt(root, path)
  return node?.kind === 'scalar' ? node.within(offset) : undefined
}

/** `skip` wins over `only`. */
function selectionOf({ only, skip }: Pick<ScenarioDocument, 'only' | 'skip'>): Selection | undefined {
  if (skip === true) return { kind: 'skip', reason: undefined }
  if (typeof skip === 'string') return { kind: 'skip', reason: skip }
  return only === true ? { kind: 'only' } : undefined
}

interface RowProblem {
  readonly at: Position
  readonly sentence: (place: string) => string
  readonly first: FilledRow
  rows: number
}

/** Every row repeats what is wrong with the scenario itself: that is said once, and without a row's number. */
class RowProblems {
  readonly #rowCount: number
  readonly #problems = new Map<string, RowProblem>()

  constructor(rowCount: number) {
    this.#rowCount = rowCount
  }

  of(row: FilledRow): Refuse {
    return (at, sentence) => {
      const key = `${at.line}:${at.column}:${sentence('')}`
      const known = this.#problems.get(key)
      if (known === undefined) this.#problems.set(key, { at, sentence, first: row, rows: 1 })
      else known.rows += 1
    }
  }

  report(refuse: Refuse): void {
    for (const { at, sentence, first, rows } of this.#problems.values()) {
      const { row } = first
      const note = row === undefined || rows === this.#rowCount ? '' : ` ${rowNote(row)}`
      refuse(at, (place) => sentence(place) + note)
    }
  }
}
